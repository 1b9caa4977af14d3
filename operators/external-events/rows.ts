import {
  BasaltError,
  type Column,
  type ColumnType,
  columnOfDoubles,
  type Frame,
  frameColumn,
  NS_PER_SECOND,
  rankRows,
  take,
  takeFound,
} from '../../lib/core/index.js'
import type { Key } from '../statistics/groups.js'
import { emptyFrame } from '../statistics/result-frame.js'
import { type KnownAt, rowsAsOf } from './as-of.js'
import { distinctEvents, refuseNullTimes } from './distinct.js'
import { type Offset, offsetsOf, type Spacing } from './offsets.js'
import { moved } from './stamps.js'

/** A column that goes from a source to the result. */
export interface Carried {
  name: string
  type: ColumnType
}

/** What a run of external_events needs to know. */
export interface RowsParameters {
  /** Name of the listing in the result and in the metric rows, and its type. */
  listing: Key
  /** Columns of the events. */
  events: { listing: string; time: string; keys: Carried[]; others: Carried[] }
  spacing: Spacing
  known: KnownAt
  metrics: Carried[]
}

/** Rows of a result: they are numbered in 31 bits. */
const MOST_ROWS = 2 ** 31 - 1

/** Makes the rows of events: the event and its offsets, each with the metrics that are known by then. */
export function eventRows(events: Frame, metrics: Frame, parameters: RowsParameters): Frame {
  const { listing, events: from, known } = parameters
  if (events.rows === 0) return emptyFrame(outputOf(parameters))
  refuseNullTimes(events, from.time)
  const own = distinctEvents(events, parameters)
  const anchors = frameColumn(own, from.time) as Column & { type: 'ts' }
  const laid = laidRows(own, anchors.values, parameters)
  const listings = take(frameColumn(own, from.listing), laid.events, laid.events.length)
  const table = { frame: metrics, listing, time: 'TimeBucket' }
  const found = rowsAsOf({ listings, times: laid.times }, table, known)
  const ofEvent = (name: string) => take(frameColumn(own, name), laid.events, laid.events.length)
  const columns: [string, Column][] = [
    [listing.name, listings],
    ['TimeBucket', { type: 'ts', values: laid.times, valid: null }],
    ...from.keys.map(({ name }): [string, Column] => [name, ofEvent(name)]),
    ['EventAnchorTime', ofEvent(from.time)],
    ['EventContextIndex', { type: 'i32', values: laid.indexes, valid: null }],
    ['EventDeltaSeconds', columnOfDoubles(laid.ns.map(ns => ns / NS_PER_SECOND))],
    ...from.others.map(({ name }): [string, Column] => [name, ofEvent(name)]),
    ...parameters.metrics.map((column): [string, Column] => [column.name, metricColumn(metrics, column, found)]),
  ]
  return { rows: laid.times.length, columns: new Map(columns) }
}

function metricColumn(metrics: Frame, column: Carried, found: Int32Array): Column {
  // A result without rows may come without columns.
  const source = metrics.rows === 0 ? emptyFrame([column]) : metrics
  return takeFound(frameColumn(source, column.name), found)
}

/** Lays the rows of all events out in the order of the result's keys. */
function laidRows(
  events: Frame,
  anchors: BigInt64Array,
  { events: from, spacing }: RowsParameters,
): { events: Int32Array; times: BigInt64Array; ns: Float64Array; indexes: Int32Array } {
  const offsets = offsetsOf(spacing)
  const count = events.rows * offsets.length
  if (count > MOST_ROWS) {
    const problem = `${events.rows} events with ${offsets.length} rows each make more than ${MOST_ROWS} rows`
    throw new BasaltError('limit', `${problem}; lower extra_observations, or read fewer events`)
  }
  const numbers = new Int32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = Math.floor(i / offsets.length)
  const ns = perRow(offsets, count, new Float64Array(count), ({ ns }) => ns)
  const indexes = perRow(offsets, count, new Int32Array(count), ({ index }) => index)
  const times: Column = { type: 'ts', values: moved(anchors, numbers, ns), valid: null }
  const ofEvent = (name: string) => take(frameColumn(events, name), numbers, count)
  const order = rankRows(
    [
      ofEvent(from.listing),
      times,
      ...from.keys.map(({ name }) => ofEvent(name)),
      ofEvent(from.time),
      { type: 'i32', values: indexes, valid: null },
    ],
    count,
  )
  const inOrder = <T extends Int32Array | Float64Array>(values: T): T => {
    const out = values.slice() as T
    for (let i = 0; i < count; i++) out[i] = values[order[i]]
    return out
  }
  return {
    events: inOrder(numbers),
    times: take(times, order, count).values as BigInt64Array,
    ns: inOrder(ns),
    indexes: inOrder(indexes),
  }
}

function perRow<T extends Int32Array | Float64Array>(
  offsets: readonly Offset[],
  count: number,
  out: T,
  value: (offset: Offset) => number,
): T {
  const values = offsets.map(value)
  for (let i = 0; i < count; i++) out[i] = values[i % values.length]
  return out
}

/** Lists the columns of the result. */
export function outputOf({ listing, events, metrics }: RowsParameters): Carried[] {
  return [
    { name: listing.name, type: listing.type },
    { name: 'TimeBucket', type: 'ts' },
    ...events.keys,
    { name: 'EventAnchorTime', type: 'ts' },
    { name: 'EventContextIndex', type: 'i32' },
    { name: 'EventDeltaSeconds', type: 'f64' },
    ...events.others,
    ...metrics,
  ]
}
