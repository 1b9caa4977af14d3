import { edgeBlock, type FoldRows } from './fold-kernels.js'
import type { Memory } from './memory.js'

/** Rows index[0..count) of a chunk, and the entity of each row of the chunk. */
export interface EntityRows {
  index: Int32Array
  count: number
  entities: Int32Array
}

/** The same, as stretches of rows that follow one another and are of one entity: r is index[starts[r]..starts[r + 1]). */
export interface EntityRuns extends EntityRows {
  runs: number
  starts: Int32Array
  /** By stretch: the least time of its rows but the first; infinity where there is no other. */
  rests: Float64Array
}

/** Finds the stretches of rows of one entity; `starts` has room for one more than the rows, `rests` for the rows. */
export function entityRuns(
  memory: Memory,
  rows: EntityRows,
  times: Float64Array,
  starts: Int32Array,
  rests: Float64Array,
): EntityRuns {
  const [index, entities] = [memory.address(rows.index, 0), memory.address(rows.entities, 1)]
  const found = [memory.address(times, 2), starts.byteOffset, rests.byteOffset]
  return { ...rows, starts, rests, runs: memory.exports.entityRuns(index, rows.count, entities, ...found) }
}

/**
 * Folds an attribute: of each entity the first value by total order into `known` and the state's keys, and whether it
 * had a second one; entities whose state changed are `touched`. Rows where the mask is 0 have no say.
 */
export function foldAttribute(
  memory: Memory,
  { index, entities, runs, starts, rests }: EntityRuns,
  values: Int32Array | BigInt64Array,
  mask: Uint8Array | null,
  order: FoldRows['order'],
  known: Int32Array | BigInt64Array,
  // biome-ignore lint/suspicious/noExplicitAny: a kernel's arrays by field.
  state: Record<string, any>,
  touched: Uint8Array,
): void {
  const block = edgeBlock(memory, values, mask, order, state, known)
  block[12] = state.conflict.byteOffset
  block[13] = touched.byteOffset
  const { attributeCodes, attributeLongs } = memory.exports
  const fold = values instanceof BigInt64Array ? attributeLongs : attributeCodes
  const owners = memory.address(entities, 1)
  fold(memory.address(index, 0), starts.byteOffset, runs, rests.byteOffset, owners, block.byteOffset)
}
