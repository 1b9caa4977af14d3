import t from 'tap'
import { ResultFacts } from '../../lib/checks/index.js'
import { batchOf } from '../../lib/core/index.js'
import { observed } from '../../lib/exec/check.js'
import type { DateRows } from '../../lib/exec/date-order.js'

const rowsOf = (day: number, ...values: number[]): DateRows => ({
  day,
  batch: batchOf(
    [{ name: 'Close', type: 'f64' }],
    [{ type: 'f64', values: Float64Array.from(values), valid: Uint8Array.from(values, value => (value < 0 ? 0 : 1)) }],
    values.length,
  ),
})

/** A date in two batches, one that fails after its first, and one more. */
const ROWS: DateRows[] = [
  rowsOf(1, 5, -1),
  rowsOf(1, 3),
  { day: 1, end: 'complete' },
  rowsOf(2, 100, -1, -1),
  { day: 2, end: 'failed' },
  rowsOf(3, 4),
  { day: 3, end: 'complete' },
]

async function* each(rows: DateRows[]): AsyncGenerator<DateRows> {
  yield* rows
}

async function factsOf(rows: DateRows[], byDate: boolean) {
  const range = { column: 'Close', min: 0, max: 0 }
  const quality = { at: '', nullRateMax: 0, columns: ['Close'], ranges: [range], action: 'warn' } as const
  const facts = new ResultFacts({ columns: ['Close'], quality: { ...quality, columns: ['Close'], ranges: [range] } })
  const seen: DateRows[] = []
  for await (const row of observed(each(rows), facts, byDate)) seen.push(row)
  const { least, greatest } = facts.extremes.get('Close') ?? {}
  return { seen, found: [facts.rows, facts.nulls.get('Close'), least, greatest] }
}

t.test('rows of a date count when it is complete', async t => {
  const { seen, found } = await factsOf(ROWS, true)
  t.ok(seen.length === ROWS.length && seen.every((row, i) => row === ROWS[i]), 'all are let through')
  t.strictSame(found, [4, 1, 3, 5])
})

t.test('rows that leave at once count at once', async t => {
  const batches = ROWS.filter(row => 'batch' in row)
  t.strictSame((await factsOf(batches, false)).found, [7, 3, 3, 100])
})
