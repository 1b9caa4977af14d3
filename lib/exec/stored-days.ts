import { batchOfFrame, type ColumnSpec } from '../core/index.js'
import type { SpillFile } from '../io/index.js'
import type { DateRows } from './date-order.js'
import type { Shares } from './events.js'

/** What a report says of a date. */
export interface DayFacts {
  rowsIn: number
  rowsOut: number
  unread: number
  excluded: Record<string, number>
  shares: Shares
}

/** Rows of a date that an earlier run computed and left on disk. */
export interface StoredDay {
  file: SpillFile
  facts: DayFacts
}

export type StoredDays = ReadonlyMap<number | null, StoredDay>

/**
 * Puts dates that were computed before between those that come, in their order. Their rows are read where `columns` are
 * asked for; otherwise it is only said that the date is complete.
 */
export async function* withStored(
  rows: AsyncIterable<DateRows>,
  stored: StoredDays,
  columns: readonly ColumnSpec[] | null,
): AsyncGenerator<DateRows> {
  const left = [...stored.keys()].sort((a, b) => (a ?? 0) - (b ?? 0))
  function* before(day: number | null | undefined): Generator<DateRows> {
    while (left.length > 0 && (day === undefined || (left[0] ?? 0) < (day ?? 0))) {
      const next = left.shift() as number | null
      if (columns) yield* rowsOf(next, stored.get(next) as StoredDay, columns)
      yield { day: next, end: 'complete', stored: true }
    }
  }
  for await (const each of rows) {
    yield* before(each.day)
    yield each
  }
  yield* before(undefined)
}

function* rowsOf(day: number | null, { file }: StoredDay, columns: readonly ColumnSpec[]): Generator<DateRows> {
  const names = columns.map(({ name }) => name)
  for (const frame of file.read(names)) yield { day, batch: batchOfFrame(frame, columns), stored: true }
}
