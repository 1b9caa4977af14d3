import type { DecodedArray, ParquetType } from 'hyparquet'
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import type { Entries } from './entries.js'
import type { Page } from './page.js'
import { decodeRuns, unpack } from './runs.js'

/** Values of a chunk as they are held: floats widened, INT96 as ns, byte strings as codes into `entries`. */
export type Values = Int32Array | BigInt64Array | Float64Array | Uint8Array

/** Returns a new array for values of a physical type. */
export function valuesOf(type: ParquetType, length: number): Values {
  switch (type) {
    case 'BOOLEAN':
      return new Uint8Array(length)
    case 'INT64':
    case 'INT96':
      return new BigInt64Array(length)
    case 'FLOAT':
    case 'DOUBLE':
      return new Float64Array(length)
    default:
      return new Int32Array(length)
  }
}

/** Decodes the values that are present in a page, or a dictionary, into an array of just as many. */
export function decodeValues(page: Page, type: ParquetType, length: number | undefined, entries: Entries): Values {
  const { present: count, body, encoding } = page
  if (count === 0) return valuesOf(type, 0)
  if (type === 'BOOLEAN') return booleans(page)
  if (type === 'INT96') return stamps96(page)
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') return byteStrings(page, type, length, entries)

  const width = type === 'INT32' || type === 'FLOAT' ? 4 : 8
  if (encoding === 'PLAIN') need(body, count * width)
  if (encoding === 'BYTE_STREAM_SPLIT') needSplit(body, count * width)
  const reader = readerOf(body)
  if (encoding === 'PLAIN') return widened(readPlain(reader, type, count, undefined))
  if (encoding === 'BYTE_STREAM_SPLIT') return widened(byteStreamSplit(reader, count, type, undefined))
  if (encoding === 'DELTA_BINARY_PACKED' && (type === 'INT32' || type === 'INT64')) {
    checkDelta(body, count)
    const values = new BigInt64Array(count)
    deltaBinaryUnpack(reader, count, values)
    // Writers of unsigned 32-bit values may state a first value or a delta of 33 bits: only the sums fit 32.
    return type === 'INT32' ? Int32Array.from(values, value => Number(BigInt.asIntN(32, value))) : values
  }
  throw new Error(`encoding ${encoding} of ${type} is unknown`)
}

/** Decodes the dictionary codes of a page; every one is checked against the dictionary's size. */
export function decodeCodes({ body, present }: Page, size: number): Int32Array {
  const codes = new Int32Array(present)
  if (present === 0) return codes
  need(body, 1)
  decodeRuns(body, 1, body.length, body[0], present, codes)
  for (let i = 0; i < present; i++) {
    if (codes[i] < 0 || codes[i] >= size) throw new Error(`code ${codes[i]} is not in a dictionary of ${size}`)
  }
  return codes
}

const readerOf = (body: Uint8Array) => ({
  view: new DataView(body.buffer, body.byteOffset, body.byteLength),
  offset: 0,
})

function need(body: Uint8Array, bytes: number): void {
  if (body.length < bytes) throw new Error(`a page has ${body.length} bytes where ${bytes} are needed`)
}

/** Split streams lie one behind the other: with more bytes than values need, where one starts is a guess. */
function needSplit(body: Uint8Array, bytes: number): void {
  need(body, bytes)
  if (body.length > bytes) throw new Error(`a page has ${body.length} bytes of split values where ${bytes} are needed`)
}

function widened(values: DecodedArray): Values {
  return values instanceof Float32Array ? Float64Array.from(values) : (values as Values)
}

function booleans({ body, encoding, present }: Page): Uint8Array {
  const values = new Uint8Array(present)
  if (encoding === 'PLAIN') {
    need(body, Math.ceil(present / 8))
    unpack(body, 0, 1, present, values, 0)
  } else if (encoding === 'RLE') {
    need(body, 4)
    const size = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
    decodeRuns(body, 4, Math.min(body.length, 4 + size), 1, present, values)
  } else throw new Error(`encoding ${encoding} of BOOLEAN is unknown`)
  return values
}

const JULIAN_EPOCH = 2_440_588
const NS_PER_DAY = 86_400_000_000_000n

function stamps96({ body, encoding, present }: Page): BigInt64Array {
  if (encoding !== 'PLAIN') throw new Error(`encoding ${encoding} of INT96 is unknown`)
  need(body, present * 12)
  const { view } = readerOf(body)
  const values = new BigInt64Array(present)
  for (let i = 0; i < present; i++) {
    const ns = BigInt(view.getInt32(12 * i + 8, true) - JULIAN_EPOCH) * NS_PER_DAY + view.getBigInt64(12 * i, true)
    values[i] = ns
    if (values[i] !== ns) throw new Error('an INT96 stamp lies beyond the years 1677 to 2262')
  }
  return values
}

function byteStrings(
  { body, encoding, present }: Page,
  type: ParquetType,
  length: number | undefined,
  entries: Entries,
): Int32Array {
  const codes = new Int32Array(present)
  if (encoding === 'PLAIN' && type === 'BYTE_ARRAY') {
    const { view } = readerOf(body)
    for (let i = 0, at = 0; i < present; i++) {
      const end = at + 4 + view.getUint32(at, true)
      if (end > body.length) throw new Error('a string reaches beyond its page')
      codes[i] = entries.code(body, at + 4, end)
      at = end
    }
    return codes
  }
  if (encoding === 'PLAIN') {
    if (!length) throw new Error('a fixed length is missing')
    need(body, present * length)
    for (let i = 0; i < present; i++) codes[i] = entries.code(body, i * length, (i + 1) * length)
    return codes
  }
  const strings: Uint8Array[] = new Array(present)
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' && type === 'BYTE_ARRAY') {
    checkDelta(body, present)
    deltaLengthByteArray(readerOf(body), present, strings)
  } else if (encoding === 'DELTA_BYTE_ARRAY') {
    checkDelta(body, present)
    deltaByteArray(readerOf(body), present, strings)
  } else if (encoding === 'BYTE_STREAM_SPLIT' && length) {
    needSplit(body, present * length)
    const split = byteStreamSplit(readerOf(body), present, type, length) as Uint8Array[]
    for (let i = 0; i < present; i++) strings[i] = split[i]
  } else throw new Error(`encoding ${encoding} of ${type} is unknown`)
  for (let i = 0; i < present; i++) codes[i] = entries.code(strings[i], 0, strings[i].length)
  return codes
}

/**
 * Refuses block sizes that no writer uses, by which the decoder behind would ask for memory or loop, and numbers and
 * widths of more than 64 bits, of which it would make other numbers.
 */
function checkDelta(body: Uint8Array, count: number): void {
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      need(body, at + 1)
      if (shift === 63 && body[at] > 1) break
      value += (body[at] & 0x7f) * 2 ** shift
      if (body[at++] < 0x80) return value
    }
    throw new Error('a delta block has a number of more than 64 bits')
  }
  const block = varint()
  const parts = varint()
  if (!(block > 0 && block <= 65_536 && parts > 0 && block % parts === 0)) {
    throw new Error(`delta blocks of ${block} values in ${parts} parts do not exist`)
  }
  const stated = varint()
  varint() // the first value
  for (let left = Math.min(stated, count) - 1; left > 0; left -= block) {
    varint() // the least delta
    const widths = body.subarray(at, at + parts)
    if (widths.some(width => width > 64)) throw new Error('a delta block has values of more than 64 bits')
    at += parts
    for (let i = 0; i < parts && i * (block / parts) < left; i++) at += (widths[i] * (block / parts)) / 8
  }
}
