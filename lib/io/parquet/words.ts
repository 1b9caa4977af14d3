import { BasaltError } from '../../core/error.js'
import type { Interner } from '../../core/interner.js'
import type { DecodedChunk } from './decoded.js'
import type { Leaf } from './leaf.js'
import { doublesOf } from './scale.js'

/** Text of the values of a chunk: distinct words, and the word of each row. */
export interface Texts {
  words: string[]
  codes: Int32Array // into words; 0 where null
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Returns a chunk's values as text: strings as they are, UUIDs with hyphens, booleans TRUE and FALSE, integers as
 * digits, doubles in shortest form. Undefined for kinds that have no text. Bytes that are not UTF-8 are thrown.
 */
export function textsOf(chunk: DecodedChunk, { kind, unsigned }: Leaf): Texts | undefined {
  switch (kind) {
    case 'text':
      return { words: chunk.entries.map(utf8), codes: chunk.values as Int32Array }
    case 'uuid':
      return { words: chunk.entries.map(uuid), codes: chunk.values as Int32Array }
    case 'flag':
      return { words: ['FALSE', 'TRUE'], codes: Int32Array.from(chunk.values as Uint8Array) }
    case 'int':
    case 'long':
    case 'double':
      return numbered(chunk, value => String(unsigned ? positive(value) : value))
    default:
      return undefined
  }
}

/** Moves texts into an interner; the codes of a row are then the interner's. */
export function internedCodes({ words, codes }: Texts, interner: Interner): Int32Array {
  const table = Int32Array.from(words, word => interner.code(word))
  if (table.every((code, i) => code === i)) return codes
  const interned = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) interned[i] = table[codes[i]]
  return interned
}

/** Returns the code that a table gives to each row's text; `onUnlisted` is told the first row whose text has none. */
export function tabledCodes(
  { words, codes }: Texts,
  valid: Uint8Array | null,
  table: Readonly<Record<string, number>>,
  onUnlisted: (word: string, row: number) => never,
): Int32Array {
  const known = words.map(word => (Object.hasOwn(table, word) ? table[word] : undefined))
  const coded = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    if (valid && !valid[i]) continue
    const code = known[codes[i]]
    coded[i] = code === undefined ? onUnlisted(words[codes[i]], i) : code
  }
  return coded
}

function utf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch (error) {
    const head = Buffer.from(bytes.subarray(0, 16)).toString('hex')
    throw new BasaltError(
      'data',
      `holds bytes that are no UTF-8 text: ${head}${bytes.length > 16 ? '…' : ''}`,
      {},
      error,
    )
  }
}

function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function positive(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0
}

function numbered({ values, valid }: DecodedChunk, text: (value: number | bigint) => string): Texts {
  // Looked up as doubles: a BigInt key is ten times slower, and only integers beyond 2^53 need one.
  const keys = values instanceof BigInt64Array ? doublesOf(values, false) : values
  const known = new Map<number | bigint, number>()
  const ints = values instanceof Int32Array ? values : null
  const small = new Int32Array(256).fill(-1) // codes of 0..255, such as sides and flags: a map costs 30 ns a row
  const words: string[] = []
  const codes = new Int32Array(values.length)
  let last: number | bigint | undefined
  let lastCode = 0
  for (let i = 0; i < values.length; i++) {
    if (valid && !valid[i]) continue
    const key = keys === values || Math.abs(keys[i] as number) <= Number.MAX_SAFE_INTEGER ? keys[i] : values[i]
    if (key !== last) {
      last = key
      const near = ints ? small[ints[i]] : undefined // -1 is unseen, undefined beyond
      let code = near !== undefined && near >= 0 ? near : known.get(key)
      if (code === undefined) {
        code = words.push(text(values[i])) - 1
        known.set(key, code)
        if (near !== undefined) small[Number(key)] = code
      }
      lastCode = code
    }
    codes[i] = lastCode
  }
  return { words, codes }
}
