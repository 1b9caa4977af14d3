import type { Bars } from './bar-store.js'

/** Rows of several stores of bars in output order: row k is `rows[k]` of store `sources[k]`. */
export interface BarOrder {
  sources: Int32Array
  rows: Int32Array
  entities: Int32Array
  labels: Float64Array
}

/**
 * Orders bars by (entity, label), or by (label, entity) for a stream in order of time; `rank` is the place of each
 * entity among all. Counting sorts, linear in the number of bars: labels are few, and mostly in order already.
 */
export function orderBars(stores: readonly Bars[], rank: Int32Array, byTime: boolean): BarOrder {
  const total = stores.reduce((sum, { rows }) => sum + rows, 0)
  const all: BarOrder = {
    sources: new Int32Array(total),
    rows: new Int32Array(total),
    entities: new Int32Array(total),
    labels: new Float64Array(total),
  }
  let at = 0
  for (const [s, { rows, entities, labels }] of stores.entries()) {
    all.sources.fill(s, at, at + rows)
    all.entities.set(entities, at)
    all.labels.set(labels, at)
    for (let row = 0; row < rows; row++) all.rows[at + row] = row
    at += rows
  }
  const ranks = new Int32Array(total)
  for (let k = 0; k < total; k++) ranks[k] = rank[all.entities[k]]
  const start = new Int32Array(total)
  for (let k = 0; k < total; k++) start[k] = k
  let order = sortedBy(ranks, rank.length, start)
  if (byTime) order = sortedBy(...ordinals(all.labels), order)
  else if (!risesWithin(order, ranks, all.labels)) {
    order = sortedBy(...ordinals(all.labels), start)
    order = sortedBy(ranks, rank.length, order)
  }
  return {
    sources: all.sources.map((_, k) => all.sources[order[k]]),
    rows: all.rows.map((_, k) => all.rows[order[k]]),
    entities: all.entities.map((_, k) => all.entities[order[k]]),
    labels: all.labels.map((_, k) => all.labels[order[k]]),
  }
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

function risesWithin(order: Int32Array, ranks: Int32Array, labels: Float64Array): boolean {
  for (let k = 1; k < order.length; k++) {
    if (ranks[order[k - 1]] === ranks[order[k]] && labels[order[k - 1]] > labels[order[k]]) return false
  }
  return true
}

/** Returns the place of each label among the distinct ones, and how many those are. */
function ordinals(labels: Float64Array): [Int32Array, number] {
  const distinct = Float64Array.from(new Set(labels)).sort()
  const places = new Map<number, number>()
  for (const [place, label] of distinct.entries()) places.set(label, place)
  return [Int32Array.from(labels, label => places.get(label) as number), distinct.length]
}
