import { type Column, rankRows } from '../core/index.js'

/** Returns the place of each entity in output order; keys are columns by entity. */
export function ranksOf(keys: readonly Column[], count: number): Int32Array {
  const ranks = new Int32Array(count)
  const order = rankRows(keys, count)
  for (let place = 0; place < count; place++) ranks[order[place]] = place
  return ranks
}

/**
 * Returns cells in output order: by (entity, label), or by (label, entity) for a stream in order of time. `ranks` holds
 * the place of each entity. Counting sorts, linear in the number of cells: labels are few, and most come in order.
 */
export function inOutputOrder(
  cells: Int32Array,
  owners: Int32Array,
  labels: Float64Array,
  ranks: Int32Array,
  byTime: boolean,
): Int32Array {
  if (byTime ? risesByLabel(cells, owners, labels, ranks) : risesByEntity(cells, owners, labels, ranks)) return cells
  const entities = cells.map(cell => ranks[owners[cell]])
  const [places, distinct] = ordinals(cells, labels)
  const every = cells.map((_, k) => k)
  const order = byTime
    ? sortedBy(places, distinct, sortedBy(entities, ranks.length, every))
    : sortedBy(entities, ranks.length, sortedBy(places, distinct, every))
  return order.map(k => cells[k])
}

function risesByEntity(cells: Int32Array, owners: Int32Array, labels: Float64Array, ranks: Int32Array): boolean {
  for (let k = 1; k < cells.length; k++) {
    const [last, cell] = [cells[k - 1], cells[k]]
    const ahead = ranks[owners[last]] - ranks[owners[cell]]
    if (ahead > 0 || (ahead === 0 && labels[last] > labels[cell])) return false
  }
  return true
}

function risesByLabel(cells: Int32Array, owners: Int32Array, labels: Float64Array, ranks: Int32Array): boolean {
  for (let k = 1; k < cells.length; k++) {
    const [last, cell] = [cells[k - 1], cells[k]]
    if (labels[last] > labels[cell]) return false
    if (labels[last] === labels[cell] && ranks[owners[last]] > ranks[owners[cell]]) return false
  }
  return true
}

/** Sorts `order` by keys below `limit`, keeping the order of equal ones. */
function sortedBy(keys: Int32Array, limit: number, order: Int32Array): Int32Array {
  const next = new Int32Array(limit + 1)
  for (let k = 0; k < keys.length; k++) next[keys[k] + 1]++
  for (let key = 0; key < limit; key++) next[key + 1] += next[key]
  const sorted = new Int32Array(order.length)
  for (let k = 0; k < order.length; k++) sorted[next[keys[order[k]]]++] = order[k]
  return sorted
}

/** Returns the place of each cell's label among the distinct ones, and how many those are. */
function ordinals(cells: Int32Array, labels: Float64Array): [Int32Array, number] {
  const distinct = Float64Array.from(
    new Set(cells.length > 0 ? Float64Array.from(cells, cell => labels[cell]) : []),
  ).sort()
  const places = new Map<number, number>()
  for (const [place, label] of distinct.entries()) places.set(label, place)
  const out = new Int32Array(cells.length)
  let known = Number.NaN
  let place = 0
  for (let k = 0; k < out.length; k++) {
    const label = labels[cells[k]]
    if (label !== known) {
      known = label
      place = places.get(known) as number
    }
    out[k] = place
  }
  return [out, distinct.length]
}
