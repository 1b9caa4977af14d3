import { pick } from '../core/index.js'
import type { Going } from './bar-store.js'

/** Bars in output order: bar k is row `rows[k]` of store `sources[k]`. */
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
export function orderBars(going: readonly Going[], rank: Int32Array, byTime: boolean): BarOrder {
  const total = going.reduce((sum, { rows }) => sum + rows.length, 0)
  const all = {
    sources: new Int32Array(total),
    rows: new Int32Array(total),
    entities: new Int32Array(total),
    labels: new Float64Array(total),
  }
  const ranks = new Int32Array(total)
  let at = 0
  for (const [s, { bars, rows }] of going.entries()) {
    all.sources.fill(s, at, at + rows.length)
    all.rows.set(rows, at)
    pick(bars.entities, rows, rows.length, all.entities, at)
    pick(bars.labels, rows, rows.length, all.labels, at)
    at += rows.length
  }
  pick(rank, all.entities, total, ranks)
  const start = new Int32Array(total)
  for (let k = 0; k < total; k++) start[k] = k
  let order = sortedBy(ranks, rank.length, start)
  if (byTime) order = sortedBy(...ordinals(all.labels), order)
  else if (!risesWithin(order, ranks, all.labels)) {
    order = sortedBy(...ordinals(all.labels), start)
    order = sortedBy(ranks, rank.length, order)
  }
  const sorted = {
    sources: new Int32Array(total),
    rows: new Int32Array(total),
    entities: new Int32Array(total),
    labels: new Float64Array(total),
  }
  pick(all.sources, order, total, sorted.sources)
  pick(all.rows, order, total, sorted.rows)
  pick(all.entities, order, total, sorted.entities)
  pick(all.labels, order, total, sorted.labels)
  return sorted
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
  const out = new Int32Array(labels.length)
  let known = Number.NaN
  let place = 0
  for (let k = 0; k < out.length; k++) {
    if (labels[k] !== known) {
      known = labels[k]
      place = places.get(known) as number
    }
    out[k] = place
  }
  return [out, distinct.length]
}
