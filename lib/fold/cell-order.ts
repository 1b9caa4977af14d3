import { type Column, pick, rankRows } from '../core/index.js'

/**
 * Orders cells by (entity keys, label): a counting sort by entity, as long as the labels of each then rise, which they
 * do where files are in order of time. Sorting by comparison took 0.4 s for the 0.4 M cells of 2 M trades.
 * `owners` and `labels` are by cell; `entityKeys` are by entity.
 */
export function cellOrder(
  entityKeys: readonly Column[],
  entities: number,
  owners: Int32Array,
  labels: BigInt64Array,
): Int32Array {
  const byEntity = rankRows(entityKeys, entities)
  const rank = new Int32Array(byEntity.length)
  for (let r = 0; r < byEntity.length; r++) rank[byEntity[r]] = r
  const ranks = new Int32Array(owners.length)
  pick(rank, owners, owners.length, ranks)
  const next = new Int32Array(rank.length + 1)
  for (let cell = 0; cell < ranks.length; cell++) next[ranks[cell] + 1]++
  for (let r = 0; r < rank.length; r++) next[r + 1] += next[r]
  const order = new Int32Array(owners.length)
  for (let cell = 0; cell < ranks.length; cell++) order[next[ranks[cell]]++] = cell

  for (let k = 1; k < order.length; k++) {
    if (ranks[order[k - 1]] !== ranks[order[k]] || labels[order[k - 1]] < labels[order[k]]) continue
    const keys: Column[] = [
      { type: 'i32', values: ranks, valid: null },
      { type: 'ts', values: labels, valid: null },
    ]
    return rankRows(keys, owners.length)
  }
  return order
}
