import type { Memory } from './memory.js'

/** Rows index[0..count) of a chunk, and the entity of each row of the chunk. */
export interface EntityRows {
  index: Int32Array
  count: number
  entities: Int32Array
}

/**
 * Returns the place, from `from` on, of the first row whose code is another than the one `known` of its entity; the
 * number of rows where none is. Rows where the mask is 0 do not count.
 */
export function firstOtherCode(
  memory: Memory,
  { index, count, entities }: EntityRows,
  from: number,
  codes: Int32Array,
  mask: Uint8Array | null,
  known: Int32Array,
): number {
  const rows = memory.address(index, 0)
  const owners = memory.address(entities, 1)
  const masked = mask ? memory.address(mask, 3) : 0
  return memory.exports.firstOtherCode(rows, from, count, owners, memory.address(codes, 2), masked, known.byteOffset)
}

/** As `firstOtherCode`, for integers; `times` is NaN where none is known of an entity. */
export function firstOtherLong(
  memory: Memory,
  { index, count, entities }: EntityRows,
  from: number,
  values: BigInt64Array,
  mask: Uint8Array | null,
  known: BigInt64Array,
  times: Float64Array,
): number {
  const rows = memory.address(index, 0)
  const owners = memory.address(entities, 1)
  const own = memory.address(values, 2)
  const masked = mask ? memory.address(mask, 3) : 0
  const { firstOtherLong } = memory.exports
  return firstOtherLong(rows, from, count, owners, own, masked, known.byteOffset, times.byteOffset)
}

/** Returns the place, from `from` on, of the first row at or before the time that its entity has in `since`; NaN: none. */
export function firstEarly(
  memory: Memory,
  { index, count, entities }: EntityRows,
  from: number,
  times: Float64Array,
  since: Float64Array,
): number {
  const rows = memory.address(index, 0)
  const { firstEarly } = memory.exports
  return firstEarly(rows, from, count, memory.address(entities, 1), memory.address(times, 2), since.byteOffset)
}
