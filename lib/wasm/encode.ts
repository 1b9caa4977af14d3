import type { Memory } from './memory.js'

// All arrays lie in the memory, unless said otherwise. What is written must have room: 64 bytes more than is used.

/** Writes bytes, of which only zero or not counts, as RLE of one bit a value. Returns the bytes written: at most n / 8 + 32. */
export function runsOfBytes({ exports }: Memory, from: Uint8Array, into: Uint8Array): number {
  return exports.runsOfBytes(from.byteOffset, from.length, into.byteOffset)
}

/** Writes codes of `bits` bits as RLE. Returns the bytes written: at most n * bits / 8 + 32. */
export function runsOfCodes({ exports }: Memory, from: Int32Array, bits: number, into: Uint8Array): number {
  return exports.runsOfCodes(from.byteOffset, from.length, bits, into.byteOffset)
}

/** Writes integers as DELTA_BINARY_PACKED. Returns the bytes written: at most what they take and an eighth more. */
export function deltaOf({ exports }: Memory, from: Int32Array | BigInt64Array, into: Uint8Array): number {
  const encode = from instanceof Int32Array ? exports.deltaOf32 : exports.deltaOf64
  return encode(from.byteOffset, from.length, into.byteOffset)
}

/** Returns the bytes that `deltaOf` would write. */
export function deltaBytes({ exports }: Memory, from: Int32Array | BigInt64Array): number {
  const count = from instanceof Int32Array ? exports.deltaBytes32 : exports.deltaBytes64
  return count(from.byteOffset, from.length)
}

/** Returns the bytes that the hash table of `numberDistinct` takes. */
export const slotBytes = (limit: number): number => 16 * Math.max(1024, 2 ** Math.ceil(Math.log2(2 * limit)))

/**
 * Numbers the distinct values by their bits, in the order they first come, into `codes` (one a value) and `distinct`
 * (room for `limit`). Returns how many there are; -1 when more than `limit`, or nearly all of the first
 * 4096 or 16,384.
 */
export function numberDistinct<Values extends Float64Array | BigInt64Array | Int32Array>(
  { exports }: Memory,
  values: Values,
  limit: number,
  slots: Uint8Array,
  distinct: Values,
  codes: Int32Array,
): number {
  const number = values instanceof Int32Array ? exports.number32 : exports.number64
  return number(
    values.byteOffset,
    values.length,
    limit,
    slots.byteOffset,
    slots.length / 16,
    distinct.byteOffset,
    codes.byteOffset,
  )
}

/**
 * Renumbers codes in place, in the order they first come. `table` has a place for each old code; `order` takes the old
 * code of each new one. Returns how many codes are in use.
 */
export function renumber({ exports }: Memory, codes: Int32Array, table: Int32Array, order: Int32Array): number {
  table.fill(-1)
  return exports.renumber(codes.byteOffset, codes.length, table.byteOffset, order.byteOffset)
}

/**
 * Writes the least and the greatest value into the first two places of `into`, an array of the same type. There must be
 * a value; of doubles, NaN does not count, and without any other the least is infinity, the greatest -infinity.
 */
export function extremes<Values extends Float64Array | BigInt64Array | Int32Array>(
  { exports }: Memory,
  values: Values,
  into: Values,
): void {
  const kernel =
    values instanceof Float64Array
      ? exports.extremesF64
      : values instanceof Int32Array
        ? exports.extremesI32
        : exports.extremesI64
  kernel(values.byteOffset, values.length, into.byteOffset)
}

/** Counts the bytes that are not zero. */
export function countSet({ exports }: Memory, bytes: Uint8Array): number {
  return exports.countSet(bytes.byteOffset, bytes.length)
}

/** Moves the values that `valid` has (1 = present) to the front, in place. Returns how many there are. */
export function keepPresent(
  { exports }: Memory,
  values: Float64Array | BigInt64Array | Int32Array | Uint8Array,
  valid: Uint8Array,
): number {
  const width = values.BYTES_PER_ELEMENT
  const keep = width === 8 ? exports.keep64 : width === 4 ? exports.keep32 : exports.keep8
  return keep(values.byteOffset, valid.byteOffset, values.length)
}

/** Words as PLAIN stores them, 4 bytes of length before each, and where each one starts. */
export interface Entries {
  bytes: Uint8Array
  starts: Int32Array
}

/** Writes the entries of codes one behind the other. Returns the bytes written. */
export function copyEntries({ exports }: Memory, codes: Int32Array, entries: Entries, into: Uint8Array): number {
  const { bytes, starts } = entries
  return exports.copyEntries(codes.byteOffset, codes.length, bytes.byteOffset, starts.byteOffset, into.byteOffset)
}

/** Returns the bytes that `copyEntries` would write. */
export function entryBytes({ exports }: Memory, codes: Int32Array, { bytes, starts }: Entries): number {
  return exports.entryBytes(codes.byteOffset, codes.length, bytes.byteOffset, starts.byteOffset)
}

/**
 * Writes the codes of the words that are first and last in the order of their bytes into the first two places of `into`.
 * There must be a code. `seen` has a byte a word.
 */
export function extremesText(
  { exports }: Memory,
  codes: Int32Array,
  { bytes, starts }: Entries,
  seen: Uint8Array,
  into: Int32Array,
): void {
  seen.fill(0)
  exports.extremesText(
    codes.byteOffset,
    codes.length,
    bytes.byteOffset,
    starts.byteOffset,
    seen.byteOffset,
    into.byteOffset,
  )
}
