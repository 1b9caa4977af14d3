import { type Column, type Frame, frameColumn, KeyTable } from '../../lib/core/index.js'
import type { Key } from '../statistics/groups.js'
import { isOrdered, later, type Words, wordsOf } from './stamps.js'

/** Which row of a table is known at an instant. */
export interface KnownAt {
  /** ns after its label at which a row is known: 0 for labels that end their bucket, its width for those that start it. */
  delay: number
  /** Most ns that may have gone by since then; null: any. */
  tolerance: number | null
}

/**
 * Finds, for rows ordered by listing and time, the last row of the same listing that is known by then (semantics 2.8);
 * -1 where there is none. Of rows with one label the last in the order of the frame counts. A row without a listing
 * finds none.
 */
export function rowsAsOf(
  rows: { listings: Column; times: BigInt64Array },
  table: { frame: Frame; listing: Key; time: string },
  { delay, tolerance }: KnownAt,
): Int32Array {
  const found = new Int32Array(rows.times.length).fill(-1)
  if (table.frame.rows === 0) return found
  const { order, starts, numbers } = byListing(table, rows.listings)
  const labels = wordsOf(frameColumn(table.frame, table.time).values as BigInt64Array)
  const times = wordsOf(rows.times)
  const { valid } = rows.listings
  const most = tolerance ?? Infinity
  let listing = -1
  let next = 0
  for (let i = 0; i < found.length; i++) {
    if (valid && !valid[i]) continue
    if (numbers[i] !== listing) {
      listing = numbers[i]
      next = starts[listing]
    }
    // Times of a listing ascend, so what was known before still is.
    while (next < starts[listing + 1] && later(times, i, labels, order[next]) >= delay) next++
    if (next === starts[listing]) continue
    const row = order[next - 1]
    if (later(times, i, labels, row) - delay <= most) found[i] = row
  }
  return found
}

/** Orders rows of a table by listing and time. `numbers` are the listings of the rows that look them up. */
function byListing(
  { frame, listing, time }: { frame: Frame; listing: Key; time: string },
  listings: Column,
): { order: Int32Array; starts: Int32Array; numbers: Int32Array } {
  const table = new KeyTable([listing])
  const own = table.resolve([frameColumn(frame, listing.name)], frame.rows)
  const numbers = table.resolve([listings], listings.values.length)
  const starts = new Int32Array(table.count + 1)
  for (let row = 0; row < frame.rows; row++) starts[own[row] + 1]++
  for (let g = 0; g < table.count; g++) starts[g + 1] += starts[g]
  const next = starts.slice()
  const order = new Int32Array(frame.rows)
  for (let row = 0; row < frame.rows; row++) order[next[own[row]]++] = row
  const labels = wordsOf(frameColumn(frame, time).values as BigInt64Array)
  for (let g = 0; g < table.count; g++) inTime(order.subarray(starts[g], starts[g + 1]), labels)
  return { order, starts, numbers }
}

/** Sorts rows by label; those of one label keep their order. Results are in order of time within a listing already. */
function inTime(rows: Int32Array, labels: Words): void {
  if (!isOrdered(rows, labels)) rows.sort((a, b) => later(labels, a, labels, b) || a - b)
}
