import t, { type Test } from 'tap'
import { batchOf, type ColumnSpec, columnOf, type RecordBatch } from '../../lib/core/index.js'
import { DateRuns } from '../../lib/exec/date-runs.js'
import { Random } from '../../operators/simulation/random.js'

const ROWS = 60_000 // of 10 columns: more than a run has at least
const SPECS: ColumnSpec[] = [
  { name: 'Date', type: 'date' },
  { name: 'TimeBucket', type: 'ts' },
  { name: 'ListingId', type: 'i64' },
  ...Array.from({ length: 7 }, (_, i): ColumnSpec => ({ name: `Value${i}`, type: 'f64' })),
]

/** Makes rows of a day that are in order of listing; `first` numbers them. */
function batch(first: number): RecordBatch {
  const random = new Random(first + 1)
  const numbers = Float64Array.from({ length: ROWS }, (_, i) => first + i)
  const listings = BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(Math.floor(i / 500)))
  const labels = BigInt64Array.from({ length: ROWS }, () => BigInt(Math.floor(random.uniform() * 1000)))
  return batchOf(
    SPECS,
    [
      { type: 'date', values: new Int32Array(ROWS).fill(20_000), valid: null },
      { type: 'ts', values: labels, valid: null },
      { type: 'i64', values: listings, valid: null },
      ...SPECS.slice(3).map(() => ({ type: 'f64' as const, values: numbers, valid: null })),
    ],
    ROWS,
  )
}

async function check(t: Test, spill: 'auto' | 'always', memory: number): Promise<void> {
  let looks = 0
  const runs = new DateRuns(SPECS, { memory, spill, tempDir: t.testdir(), look: () => looks++ })
  for (const count of [1, 4]) {
    for (let i = 0; i < count; i++) runs.add(batch(i * ROWS))
    let rows = 0
    let wrong = 0
    let last = { label: -1n, listing: -1n, number: -1 }
    for (const out of runs.batches()) {
      const [label, listing, number] = ['TimeBucket', 'ListingId', 'Value6'].map(name => columnOf(out, name)!.values)
      for (let i = 0; i < out.numRows; i++) {
        const next = { label: label[i] as bigint, listing: listing[i] as bigint, number: number[i] as number }
        const rises =
          next.label !== last.label
            ? next.label > last.label
            : next.listing !== last.listing
              ? next.listing > last.listing
              : next.number > last.number
        if (!rises) wrong++
        last = next
      }
      rows += out.numRows
    }
    t.equal(rows, count * ROWS)
    t.equal(wrong, 0, 'by time, then listing, and equal keys as they came')
  }
  t.equal([...runs.batches()].length, 0, 'they are forgotten')
  t.ok(looks > 0)
  runs.close()
}

t.test('in memory', async t => check(t, 'auto', 1e9))
t.test('in runs that fit in memory', async t => check(t, 'auto', 5e6))
t.test('on disk', async t => check(t, 'always', 1e9))
