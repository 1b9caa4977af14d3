import fc from 'fast-check'
import t from 'tap'
import {
  batchOfFrame,
  type Column,
  type ColumnSpec,
  type Cut,
  type Frame,
  frameColumn,
  type LaterPlan,
  Registry,
  takeRows,
} from '../../lib/core/index.js'
import { Results } from '../../lib/exec/results.js'
import { Scatter } from '../../lib/exec/scatter.js'
import { slicesOf } from '../../lib/exec/slices.js'
import * as pack from '../../operators/index.js'
import { folderFor } from './folder.js'

const registry = new Registry().add(pack, 'built-in')
const SPECS: ColumnSpec[] = [
  { name: 'Date', type: 'date' },
  { name: 'Ticker', type: 'str' },
  { name: 'TimeBucket', type: 'ts' },
  { name: 'Row', type: 'i32' },
]
const ROW_BYTES = 5 + 5 + 9 + 5
const NAMES = SPECS.map(({ name }) => name)
const DAY = 86_400_000_000_000n

interface Row {
  day: number | null
  ticker: number
  /** Nanoseconds after midnight of day 0. */
  at?: bigint
}

function frameOf(rows: readonly Row[], first: number): Frame {
  const valid = (has: (row: Row) => boolean) =>
    rows.every(has) ? null : Uint8Array.from(rows, row => Number(has(row)))
  const columns: [string, Column][] = [
    [
      'Date',
      { type: 'date', values: Int32Array.from(rows, ({ day }) => day ?? 0), valid: valid(({ day }) => day !== null) },
    ],
    [
      'Ticker',
      {
        type: 'str',
        values: Int32Array.from(rows, ({ ticker }) => Math.max(ticker, 0)),
        valid: valid(({ ticker }) => ticker >= 0),
        dictionary: { words: ['a', 'b', 'c', 'd', 'e'] },
      },
    ],
    ['TimeBucket', { type: 'ts', values: BigInt64Array.from(rows, ({ at }, i) => at ?? BigInt(i)), valid: null }],
    ['Row', { type: 'i32', values: Int32Array.from(rows, (_, i) => first + i), valid: null }],
  ]
  return { rows: rows.length, columns: new Map(columns) }
}

/** Leaves rows in blocks of a result `bars`. */
function resultsOf(blocks: readonly Row[][], spill: 'auto' | 'always'): Results {
  const results = new Results({ spill, memory: 2 ** 30, tempDir: folderFor(t) })
  const result = results.open('bars', SPECS)
  let first = 0
  for (const rows of blocks) {
    result.put(frameOf(rows, first))
    first += rows.length
  }
  return results
}

function planOf(cuts: Cut[], holdsRows = false): LaterPlan {
  return {
    kind: 'later',
    name: 'later',
    modules: ['generic'],
    scope: 'all',
    steps: [
      {
        module: 'generic',
        sources: [{ name: 'bars', columns: NAMES }],
        columns: [],
        prefix: '',
        cuts,
        holdsRows,
        parameters: { grouping: null, indicators: [], series: { by: [], time: 'TimeBucket' } },
      },
    ],
    keys: [],
    columns: [],
    rule: null,
    state: {},
    stateColumns: [],
  }
}

const BY_TICKER: Cut[] = [{ columns: [['Ticker']] }]
const memory = (slice: number, budget = 2 ** 30) => ({ slice, budget })

/** Returns what each slice reads: rows as `day ticker row`. */
function slicesRead(plan: LaterPlan, results: Results, limit: number): string[][] | null {
  const slices = slicesOf(plan, results, registry, memory(limit))
  if (!slices) return null
  const read = Array.from({ length: slices.count }, (_, slice) => [...slices.read(slice, 0, 0)].flatMap(textsOf))
  slices.close()
  return read
}

function textsOf(frame: Frame): string[] {
  const [days, tickers, , rows] = NAMES.map(name => frameColumn(frame, name))
  const text = ({ values, valid }: Column, i: number) => (valid && !valid[i] ? 'null' : String(values[i]))
  return Array.from({ length: frame.rows }, (_, i) => `${text(days, i)} ${text(tickers, i)} ${text(rows, i)}`)
}

const anyBlocks = fc.array(
  fc.array(fc.record({ day: fc.constant(1), ticker: fc.integer({ min: -1, max: 4 }) }), {
    minLength: 1,
    maxLength: 30,
  }),
  { minLength: 1, maxLength: 8 },
)

t.test('slices hold every row once, in order, and rows of one value together', t => {
  let cut = 0
  const holds = (blocks: Row[][], spill: 'auto' | 'always', limit: number) => {
    const results = resultsOf(blocks, spill)
    const all = [...results.blocks('bars')].flatMap(block => textsOf(block.frame(NAMES)))
    const slices = slicesRead(planOf(BY_TICKER), results, limit)
    results.close()
    if (!slices) return
    if (slices.length > 1) cut++
    const place = new Map(all.map((row, i) => [row, i]))
    t.strictSame(slices.flat().sort(), [...all].sort())
    const owners = new Map<string, number>()
    for (const [s, rows] of slices.entries())
      for (const [i, row] of rows.entries()) {
        const [, ticker] = row.split(' ')
        t.equal(owners.get(ticker) ?? s, s, `${ticker} is in one slice`)
        owners.set(ticker, s)
        if (i > 0) t.ok((place.get(rows[i - 1]) as number) < (place.get(row) as number), 'in the order of the source')
      }
  }
  fc.assert(
    fc.property(anyBlocks, fc.constantFrom('auto', 'always'), fc.integer({ min: 1, max: 100 }), (blocks, spill, rows) =>
      holds(blocks, spill, rows * ROW_BYTES),
    ),
    { numRuns: 60 },
  )
  t.ok(cut > 0)
  t.end()
})

t.test('values ascend from slice to slice, as much as fits in each', t => {
  const rows = [3, 1, 0, 2, 1, -1, 4].map(ticker => ({ day: 1, ticker }))
  const results = resultsOf([rows], 'auto')
  t.equal(slicesRead(planOf(BY_TICKER), results, 7 * ROW_BYTES), null, 'all fits')
  const slices = slicesRead(planOf(BY_TICKER), results, 3 * ROW_BYTES)
  t.strictSame(slices, [['1 1 1', '1 0 2', '1 1 4'], ['1 3 0', '1 2 3', '1 4 6'], ['1 null 5']])
  results.close()
  t.end()
})

t.test('dates of which rows come to lie under one label stay together', t => {
  const rows = [0, 1, 2, 3].flatMap(day => [1n, 2n].map(hours => ({ day, ticker: 0, at: BigInt(day) * DAY + hours })))
  const byDate: Cut[] = [{ columns: [['Date']], labels: true }]
  const sizes = (all: Row[]) => {
    const results = resultsOf([all], 'auto')
    const slices = slicesRead(planOf(byDate), results, ROW_BYTES)
    results.close()
    return slices?.map(({ length }) => length)
  }
  t.strictSame(sizes(rows), [2, 2, 2, 2])
  t.strictSame(
    sizes(rows.with(3, { ...rows[3], at: 2n * DAY + 1n })),
    [2, 4, 2],
    'the last label of day 1 is the first of day 2',
  )
  t.strictSame(sizes(rows.with(1, { ...rows[1], at: 9n * DAY })), undefined, 'day 0 reaches over all')
  t.strictSame(sizes((rows as Row[]).with(1, { ...rows[1], day: null })), undefined, 'a row without a date')
  t.end()
})

t.test('what cannot be computed within the budget is refused by name and size', t => {
  const rows = Array.from({ length: 1000 }, () => ({ day: 1, ticker: 1 }))
  const results = resultsOf([rows], 'auto')
  const refused = (plan: LaterPlan) => {
    try {
      slicesOf(plan, results, registry, memory(1000, 20_000))
    } catch (error) {
      return error as Error
    }
  }
  t.match(refused(planOf([], true)), {
    fault: 'limit',
    where: { pass: 'later' },
    problem: /^pass later needs .* hold all rows .* take 1 MB, EXECUTION\.memory_budget is 1 MB; raise it/,
  })
  t.match(refused(planOf(BY_TICKER, true)), { fault: 'limit', problem: /the largest part/ })
  t.equal(refused(planOf([])), undefined, 'rows are not held')
  results.close()
  t.end()
})

t.test('rows go to their parts and come back in order, from memory and from disk', t => {
  for (const bytes of [1, 500, 2 ** 30]) {
    const results = resultsOf([], 'auto')
    const scatter = new Scatter(results, SPECS, bytes)
    const frame = frameOf(
      Array.from({ length: 90 }, (_, i) => ({ day: 1, ticker: (i % 6) - 1 })),
      0,
    )
    const expected = new Map<number, string[]>()
    for (const from of [0, 30, 60]) {
      const index = Int32Array.from({ length: 30 }, (_, i) => from + i)
      const piece = takeRows(frame, index)
      const parts = index.map(row => (row * 7) % 5)
      scatter.add(piece, parts)
      for (const [i, text] of textsOf(piece).entries())
        expected.set(parts[i], [...(expected.get(parts[i]) ?? []), text])
    }
    t.strictSame(scatter.numbers, [0, 1, 2, 3, 4])
    for (const [part, texts] of expected) t.strictSame([...scatter.frames(part)].flatMap(textsOf), texts)
    t.strictSame([...scatter.frames(9)], [])
    t.doesNotThrow(() => batchOfFrame([...scatter.frames(1, ['Row'])][0], [SPECS[3]]))
    scatter.close()
    results.close()
  }
  t.end()
})
