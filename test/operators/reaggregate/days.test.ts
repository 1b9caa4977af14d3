import t from 'tap'
import type { Column, Frame } from '../../../lib/core/index.js'
import { daysOfRows } from '../../../operators/reaggregate/membership.js'

const DAY = 86_400_000_000_000n
const labels: Column = { type: 'ts', values: BigInt64Array.of(10n * DAY, 10n * DAY + 1n, 11n * DAY), valid: null }
const frame = (columns: Record<string, Column>): Frame => ({ rows: 3, columns: new Map(Object.entries(columns)) })

t.test('the day of a row is its Date, and the one that its label ends on where it has none', async t => {
  const dates: Column = { type: 'date', values: Int32Array.of(7, 0, 8), valid: null }
  t.same([...daysOfRows(frame({ Date: dates, TimeBucket: labels }), 'end')], [7, 0, 8])
  t.same([...daysOfRows(frame({ TimeBucket: labels }), 'end')], [9, 10, 10])
  t.same([...daysOfRows(frame({ TimeBucket: labels }), 'start')], [10, 10, 11])
  const some: Column = { ...dates, valid: Uint8Array.of(1, 0, 1) } as Column
  t.same([...daysOfRows(frame({ Date: some, TimeBucket: labels }), 'end')], [7, 10, 8], 'rows of two dates met')
})
