import { copyEntries, type Entries, entryBytes, extremesText, renumber } from '../../../wasm/encode.js'
import type { Coding } from './coding.js'
import { codeRuns, type Forced } from './numbers.js'
import type { Room } from './room.js'

/**
 * Chooses the smaller encoding of text: a dictionary, or the words in every row. Words get new codes, in the order of
 * their first row: neither the order of `words` nor words that no row has are seen in the file.
 */
export function codeTexts(room: Room, codes: Int32Array, words: readonly string[], forced?: Forced): Coding {
  const { memory } = room
  const order = room.i32('order', words.length)
  const used = renumber(memory, codes, room.i32('table', words.length), order)
  const entries = entriesOf(room, words, order.subarray(0, used))
  const inline = entryBytes(memory, codes, entries)
  const extremes = extremesOf(room, codes, entries, used)
  if (used > 0 && forced !== 'plain') {
    const runs = codeRuns(room, codes, used, true)
    if (forced === 'dictionary' || entries.bytes.length + (runs.bits * codes.length) / 8 < inline) {
      return { ...runs, dictionary: { bytes: entries.bytes, entries: used }, extremes }
    }
  }
  return {
    encoding: 'PLAIN',
    bits: (inline * 8) / Math.max(1, codes.length),
    bound: (from, to) => entryBytes(memory, codes.subarray(from, to), entries),
    put: (from, to, into) => copyEntries(memory, codes.subarray(from, to), entries, into),
    extremes,
  }
}

function entriesOf(room: Room, words: readonly string[], used: Int32Array): Entries {
  let most = 0
  for (const code of used) most += 4 + words[code].length * 3 // UTF-8 takes 3 bytes a UTF-16 unit at most
  const text = Buffer.allocUnsafe(most) // Node writes no strings into shared memory
  const starts = room.i32('starts', used.length)
  let at = 0
  for (let i = 0; i < used.length; i++) {
    const size = text.write(words[used[i]], at + 4)
    text.writeUInt32LE(size, at)
    starts[i] = at
    at += 4 + size
  }
  const bytes = room.bytes('entries', at)
  bytes.set(text.subarray(0, at))
  return { bytes, starts }
}

function extremesOf(room: Room, codes: Int32Array, entries: Entries, used: number): Coding['extremes'] {
  const seen = room.bytes('seen', used)
  const ends = room.i32('ends', 2)
  const { bytes, starts } = entries
  const wordAt = (code: number) => {
    const at = starts[code] + 4
    return bytes.slice(at, code + 1 < used ? starts[code + 1] : bytes.length)
  }
  return (from, to) => {
    extremesText(room.memory, codes.subarray(from, to), entries, seen, ends)
    return [wordAt(ends[0]), wordAt(ends[1])]
  }
}
