import t from 'tap'
import type { Column, StandingPlan } from '../../lib/core/index.js'
import { Results } from '../../lib/exec/results.js'
import { StandingSource } from '../../lib/exec/standing.js'

// What a window sees of values that an internal pass left in pieces: one listing, times in s after midnight.
const DAY = 20_487
const S = 1e9
const PLAN: StandingPlan = {
  by: 'time',
  module: 'standing_quotes',
  source: 'quotes',
  known: 'Mid',
  columns: [{ name: 'After', value: 'Mid', lead: 60 * S, strict: false }],
  tolerance: null,
}
const TYPES = { Date: 'date', ListingId: 'i64', TimeBucket: 'ts', Mid: 'f64', Head: 'i32', Stands: 'bool' } as const

type Row = [second: number, mid: number | null, stands: boolean]

/** Leaves pieces, each in a block of its own. */
function left(...pieces: { head: number; rows: Row[] }[]): StandingSource {
  const results = new Results({ spill: 'auto', memory: 1e9, tempDir: null })
  const specs = Object.entries(TYPES).map(([name, type]) => ({ name, type }))
  const result = results.open('quotes', specs)
  for (const { head, rows } of pieces) {
    const midnight = BigInt(DAY) * 86_400_000_000_000n
    const columns: Record<keyof typeof TYPES, Column> = {
      Date: { type: 'date', values: new Int32Array(rows.length).fill(DAY), valid: null },
      ListingId: { type: 'i64', values: new BigInt64Array(rows.length).fill(7n), valid: null },
      TimeBucket: { type: 'ts', values: BigInt64Array.from(rows, ([s]) => midnight + BigInt(s * S)), valid: null },
      Mid: {
        type: 'f64',
        values: Float64Array.from(rows, ([, mid]) => mid ?? 0),
        valid: Uint8Array.from(rows, ([, mid]) => (mid === null ? 0 : 1)),
      },
      Head: { type: 'i32', values: Int32Array.from(rows, (_, row) => (row === 0 ? head : 0)), valid: null },
      Stands: { type: 'bool', values: Uint8Array.from(rows, ([, , stands]) => Number(stands)), valid: null },
    }
    result.put({ rows: rows.length, columns: new Map(Object.entries(columns)) })
  }
  return new StandingSource(results, PLAN)
}

/** Reads what rows from one second to another see: times and values, and when values cease to stand. */
function seen(source: StandingSource, from: number, to: number) {
  const window = { least: 7n, greatest: 7n, listings: null, from: from * S, to: to * S }
  const { times, values, starts, breaks } = source.read(source.look({ day: DAY, listings: null }, window))
  const count = starts[1] ?? 0
  return {
    rows: Array.from({ length: count }, (_, row) => [times[row] / S, values.Mid[row]]),
    breaks: Array.from(breaks, time => time / S),
  }
}

const morning = {
  head: 1,
  rows: [
    [10, 1, true],
    [20, 2, true],
  ] as Row[],
}
const noon = {
  head: 1,
  rows: [
    [60, null, false],
    [70, 3, true],
    [80, 4, true],
  ] as Row[],
}

t.test('of pieces before the window the last value is seen, and until when it stood', t => {
  const source = left(noon, morning)
  t.strictSame(seen(source, 30, 100), {
    rows: [
      [20, 2],
      [70, 3],
      [80, 4],
    ],
    breaks: [60],
  })
  t.strictSame(seen(source, 0, 100).rows, [
    [10, 1],
    [20, 2],
    [70, 3],
    [80, 4],
  ])
  t.end()
})

t.test('of pieces behind the window it is seen that there are some', t => {
  const source = left(morning, noon)
  t.strictSame(seen(source, 5, 25), {
    rows: [
      [10, 1],
      [20, 2],
      [80, 2],
    ],
    breaks: [],
  })
  t.end()
})

t.test('a day that was made as a whole takes the place of its pieces', t => {
  const whole = {
    head: 2,
    rows: [
      [15, 9, true],
      [16, null, true],
    ] as Row[],
  }
  t.strictSame(seen(left(morning, whole, noon), 0, 100), {
    rows: [
      [15, 9],
      [16, 9],
    ],
    breaks: [],
  })
  t.end()
})

t.test('memory that is given back is used again', t => {
  const source = left(morning, noon)
  const unit = { day: DAY, listings: null }
  const first = source.read(source.look(unit, null))
  source.release(first)
  t.equal(source.read(source.look(unit, null)).times, first.times)
  t.end()
})
