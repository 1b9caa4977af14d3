import { edgeBlock, type FoldRows } from './fold-kernels.js'
import type { Memory } from './memory.js'

/** Rows index[0..count) of a chunk, and the entity of each row of the chunk. */
export interface EntityRows {
  index: Int32Array
  count: number
  entities: Int32Array
}

/** What all attributes of entities share, by entity. */
export interface EntityMarks {
  /** 1 where a state has changed. */
  touched: Uint8Array
  /** The latest time of its attributes' values, NaN while it has none. */
  since: Float64Array
}

/** Tells whether a row is at or before the time that its entity has in `since`. */
export function anyEarly(
  memory: Memory,
  { index, count, entities }: EntityRows,
  times: Float64Array,
  since: Float64Array,
): boolean {
  const [rows, owners] = [memory.address(index, 0), memory.address(entities, 1)]
  return memory.exports.anyEarly(rows, count, owners, memory.address(times, 2), since.byteOffset) !== 0
}

/**
 * Folds an attribute: of each entity the first value by total order into `known` and the state's keys, and whether it
 * had a second one. Rows where the mask is 0 have no say. `watch` says that rows may be as early as what is known.
 */
export function foldAttribute(
  memory: Memory,
  { index, count, entities }: EntityRows,
  values: Int32Array | BigInt64Array,
  mask: Uint8Array | null,
  order: FoldRows['order'],
  known: Int32Array | BigInt64Array,
  // biome-ignore lint/suspicious/noExplicitAny: a kernel's arrays by field.
  state: Record<string, any>,
  { touched, since }: EntityMarks,
  watch: boolean,
): void {
  const block = edgeBlock(memory, values, mask, order, state, known)
  block[12] = state.conflict.byteOffset
  block[13] = touched.byteOffset
  block[14] = since.byteOffset
  const { attributeCodes, attributeLongs } = memory.exports
  const fold = values instanceof BigInt64Array ? attributeLongs : attributeCodes
  fold(memory.address(index, 0), count, memory.address(entities, 1), block.byteOffset, watch)
}
