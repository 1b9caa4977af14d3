import type { Words } from './batch.js'

const encoder = new TextEncoder()
const MOST_WORDS = 65_536
const byWord = new Map<string, Uint8Array>() // dictionaries grow a few words at a time, and repeat the others
const byWords = new WeakMap<Words, Uint8Array[]>()

/** Returns the words of a dictionary as UTF-8; made once, since many batches share one. */
export function encodedWords(dictionary: Words): readonly Uint8Array[] {
  let encoded = byWords.get(dictionary)
  if (!encoded) byWords.set(dictionary, (encoded = dictionary.words.map(bytesOf)))
  return encoded
}

function bytesOf(word: string): Uint8Array {
  let bytes = byWord.get(word)
  if (!bytes) {
    if (byWord.size >= MOST_WORDS) byWord.clear()
    byWord.set(word, (bytes = encoder.encode(word)))
  }
  return bytes
}

/** Lays byte strings out one behind another, with the offsets at which they start and end. */
export function laidOut(strings: readonly Uint8Array[]): { offsets: Int32Array; data: Uint8Array } {
  const offsets = new Int32Array(strings.length + 1)
  for (let i = 0; i < strings.length; i++) offsets[i + 1] = offsets[i] + strings[i].length
  const data = new Uint8Array(offsets[strings.length])
  for (let i = 0; i < strings.length; i++) data.set(strings[i], offsets[i])
  return { offsets, data }
}
