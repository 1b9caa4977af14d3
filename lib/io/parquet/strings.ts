import type { Encoding, ParquetType } from 'hyparquet'
import { BasaltError } from '../../core/error.js'
import { joinStreams } from '../../wasm/plain.js'
import { MAX_PAGE_BYTES } from './codec.js'
import type { Entries } from './entries.js'
import { type Decode, once, type Tools, wholeValues } from './numbers.js'

/** What strings of a page become. */
type Take = (bytes: Uint8Array, start: number, end: number) => number

/** Adds the `count` byte strings of a dictionary page to entries, as they come. Throws when there are fewer. */
export function addStrings(body: Uint8Array, count: number, length: number | null, entries: Entries): void {
  const take = (bytes: Uint8Array, start: number, end: number) => {
    entries.add(bytes, start, end)
    return 0
  }
  const next = length === null ? prefixed(body, take) : fixed(body, length, take)
  for (let i = 0; i < count; i++) next()
}

/**
 * Returns the decoder of a page of byte strings to codes of entries, which grow by those that are new. `length` is that
 * of a fixed-length type. Throws for an encoding that the type does not have.
 */
export function stringsOf(
  tools: Tools,
  body: Uint8Array,
  encoding: Encoding,
  type: ParquetType,
  length: number | null,
  entries: Entries,
): Decode<Int32Array> {
  const take: Take = (bytes, start, end) => entries.code(bytes, start, end)
  if (encoding === 'PLAIN') return each(length === null ? prefixed(body, take) : fixed(body, length, take))
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' && length === null) return lengthsFirst(tools, body, take)
  if (encoding === 'DELTA_BYTE_ARRAY') return frontCoded(tools, body, length, take)
  if (encoding === 'BYTE_STREAM_SPLIT' && length !== null) return streams(tools, body, length, take)
  throw new Error(`encoding ${encoding} of ${type} is unknown`)
}

function each(next: () => number): Decode<Int32Array> {
  return (n, out) => {
    for (let i = 0; i < n; i++) out[i] = next()
  }
}

function prefixed(body: Uint8Array, take: Take): () => number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let at = 0
  return () => {
    if (at + 4 > body.length) throw new Error('a page ends before its strings')
    const start = at + 4
    at = start + view.getUint32(at, true)
    if (at > body.length) throw new Error('a string reaches beyond its page')
    return take(body, start, at)
  }
}

function fixed(body: Uint8Array, length: number, take: Take): () => number {
  let at = 0
  return () => {
    at += length
    if (at > body.length) throw new Error('a page ends before its strings')
    return take(body, at - length, at)
  }
}

function lengthsFirst({ delta, lengths }: Tools, body: Uint8Array, take: Take): Decode<Int32Array> {
  const open = once(() => delta.bytesBehind(body))
  let at = 0
  return (n, out) => {
    const texts = open()
    const sizes = lengths.of(n)
    delta.values(n, sizes)
    for (let i = 0; i < n; i++) {
      const start = at
      at += sizes[i]
      if (at < start || at > texts.length) throw new Error('a string reaches beyond its page')
      out[i] = take(texts, start, at)
    }
  }
}

/** Strings that begin as the one before did: lengths of what is shared, then lengths and bytes of what is not. */
function frontCoded(tools: Tools, body: Uint8Array, length: number | null, take: Take): Decode<Int32Array> {
  const { delta, suffixes: ownLengths, lengths } = tools
  const open = once(() => ownLengths.bytesBehind(delta.bytesBehind(body)))
  let before = new Uint8Array(64)
  let size = 0
  let at = 0
  let total = 0
  return (n, out) => {
    const texts = open()
    const sizes = lengths.of(2 * n)
    const prefixes = sizes.subarray(0, n)
    const suffixes = sizes.subarray(n)
    delta.values(n, prefixes)
    ownLengths.values(n, suffixes)
    for (let i = 0; i < n; i++) {
      const start = at
      at += suffixes[i]
      if (at < start || at > texts.length) throw new Error('a string reaches beyond its page')
      if (!(prefixes[i] >= 0 && prefixes[i] <= size)) throw new Error('a string shares more than the one before has')
      size = prefixes[i] + suffixes[i]
      if (length !== null && size !== length) throw new Error(`a value of ${size} bytes is not of ${length}`)
      total += size
      if (total > MAX_PAGE_BYTES)
        throw new BasaltError('limit', `strings of a page take more than ${MAX_PAGE_BYTES} bytes`)
      if (size > before.length) {
        const larger = new Uint8Array(size * 2)
        larger.set(before.subarray(0, prefixes[i]))
        before = larger
      }
      before.set(texts.subarray(start, at), prefixes[i])
      out[i] = take(before, 0, size)
    }
  }
}

function streams({ memory, scratch }: Tools, body: Uint8Array, length: number, take: Take): Decode<Int32Array> {
  const all = wholeValues(body, length)
  let first = 0
  return (n, out) => {
    if (first + n > all) throw new Error(`a page holds ${all} values where ${first + n} are needed`)
    const bytes = scratch.of(n * length)
    joinStreams(memory, body, all, first, n, length, bytes)
    first += n
    for (let i = 0; i < n; i++) out[i] = take(bytes, i * length, (i + 1) * length)
  }
}
