import {
  BasaltError,
  type Column,
  type Frame,
  frameColumn,
  KeyTable,
  rowNumbers,
  stampText,
  takeRows,
  valueText,
} from '../../lib/core/index.js'
import type { RowsParameters } from './rows.js'

/** Leaves one of events that are the same in all that is read of them. Such that differ beside their keys are a fault. */
export function distinctEvents(events: Frame, { events: { listing, time, keys, others } }: RowsParameters): Frame {
  const type = (name: string) => ({ name, type: frameColumn(events, name).type })
  const key = [...new Set([listing, time, ...keys.map(({ name }) => name)])]
  const table = new KeyTable(key.map(type))
  const columns = (names: readonly string[]) => names.map(name => frameColumn(events, name))
  const numbers = table.resolve(columns(key), events.rows)
  if (table.count === events.rows) return events
  const all = [...new Set([...key, ...others.map(({ name }) => name)])]
  const wide = new KeyTable(all.map(type))
  const wideNumbers = wide.resolve(columns(all), events.rows)
  const first = new Int32Array(table.count).fill(-1)
  for (const row of rowNumbers(events.rows)) {
    const seen = first[numbers[row]]
    if (seen < 0) first[numbers[row]] = row
    else if (wideNumbers[row] !== wideNumbers[seen]) throw twins(events, listing, time, key.slice(2), row)
  }
  return takeRows(events, first)
}

function twins(events: Frame, listing: string, time: string, keys: readonly string[], row: number): BasaltError {
  const stamp = stampText((frameColumn(events, time) as Column & { type: 'ts' }).values[row])
  const type = keys.length > 0 ? `, the same ${keys.join(' and ')}` : ''
  const problem = `two events of ${listing} ${valueText(frameColumn(events, listing), row)} have the ${time} ${stamp}${type}`
  return new BasaltError('data', `${problem} and other passthrough_columns; leave one of them in the source`, {
    field: time,
  })
}

/** Throws a data fault where an event has no time: it can be put nowhere. */
export function refuseNullTimes(events: Frame, time: string): void {
  if (!frameColumn(events, time).valid?.includes(0)) return
  throw new BasaltError('data', 'an event has no time; filter it out in an earlier pass', { field: time })
}
