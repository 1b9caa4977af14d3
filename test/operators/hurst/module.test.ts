import t from 'tap'
import { hurst } from '../../../operators/hurst/module.js'
import { type Cell, close, computed, frameFrom, planned, rowsOf, shuffled, sourceFrom } from '../statistics/frames.js'

const KEYS = ['ListingId', 'TimeBucket']

const series = (values: Cell[]) =>
  frameFrom({ 'ListingId:i64': values.map(() => 1), 'TimeBucket:ts': values.map((_, i) => 60 * i), X: values })

async function exponent(values: Cell[], config: Record<string, unknown> = {}): Promise<Cell> {
  const rows = rowsOf(await computed(hurst, series(values), KEYS, { min_periods: 1, ...config }))
  t.same(
    rows.map(row => [row.ListingId, row.Metric]),
    [[1, 'X']],
  )
  return rows[0].HurstExponent
}

const count = (n: number) => Array.from({ length: n }, (_, i) => i)

t.test('worked example', async t => {
  const ten = [1, 2.5, 2, 3.5, 3, 5, 4, 6.5, 6, 8]
  t.ok(close(await exponent(ten, { max_lag: 5 }), 0.978824358301, 12))
  t.ok(close(await exponent(ten, { max_lag: 5, min_periods: 10 }), 0.978824358301, 12))
  t.equal(await exponent(ten, { max_lag: 5, min_periods: 11 }), null)
  t.equal(await exponent(count(50)), null)
  const steps = count(60).map(i => i % 5)
  t.ok(close(await exponent(steps, { max_lag: 10 }), -0.05719612805, 11))
  t.equal(await exponent([1, 3, 2]), null)
})

t.test('a straight line is null, whatever its steps round to', async t => {
  t.equal(await exponent(count(50).map(i => 0.1 * i)), null)
  t.equal(await exponent(count(50).map(i => 100 - i / 3)), null)
  t.equal(await exponent(count(50).map(() => 0.1)), null)
  t.type(await exponent(count(50).map(i => 1e6 + 1e-6 * (i % 7))), 'number', 'small moves are moves')
})

// x = ((i*7919)%101)*1.; x[i%7==3] = np.nan, i = np.arange(50)
const holed = count(50).map(i => (i % 7 === 3 ? null : (i * 7919) % 101))

t.test('as numpy has it', async t => {
  // x = x[np.isfinite(x)]; l, t = lags with s > 0 and their np.sqrt(s), s = np.std(x[l:]-x[:-l])
  // 2*np.polyfit(np.log(l), np.log(t), 1)[0]
  t.ok(close(await exponent(holed), 4.1491331724694e-5, 11))
  t.ok(close(await exponent(holed, { max_lag: 3 }), 0.323956777511836, 12))
})

t.test('few lags and few values', async t => {
  t.equal(await exponent(holed, { max_lag: 2 }), null, 'one lag')
  t.equal(await exponent([1, 5, 2, 9, null, null]), null, 'lag 3 of four values has no dispersion')
  t.equal(await exponent([1, 5, 2, null, null, null]), null)
  t.equal(await exponent([null, null]), null)
  t.same(rowsOf(await computed(hurst, series([]), KEYS, {})), [])
  t.same(rowsOf(await computed(hurst, series([]), KEYS, { mode: 'rolling', rolling_window: 40 })), [])
})

// hurst(x[max(0,e-11):e+1]) for e in range(0,50,6), with six values or more
const ROLLING = [
  null,
  -0.51797099906048,
  -0.172167204975311,
  0.124954232676279,
  0.298786272553287,
  -0.0169245245471807,
  0.146939341496703,
  0.652129719455094,
  -0.21532000713002,
]

t.test('rolling: windows of rows, from the first row on, nulls in them left out', async t => {
  const config = { mode: 'rolling', rolling_window: 12, rolling_min_periods: 6, rolling_step: 6 }
  const rows = rowsOf(await computed(hurst, series(holed), KEYS, config))
  t.same(
    rows.map(row => Number(row.TimeBucket) / 60),
    count(9).map(i => 6 * i),
  )
  t.ok(
    rows.every((row, i) => close(row.HurstExponent, ROLLING[i], 11)),
    String(rows.map(row => row.HurstExponent)),
  )
  const every = rowsOf(await computed(hurst, series(holed), KEYS, { ...config, rolling_step: 1 }))
  t.equal(every.length, 50)
  t.same(
    every.filter((_, i) => i % 6 === 0),
    rows,
  )
})

const two = () =>
  frameFrom({
    'ListingId:str': count(90).map(i => (i % 2 ? 'B' : 'a')),
    'TimeBucket:ts': count(90).map(i => 60 * (i >> 1)),
    Z: count(90).map(i => (i * i * 37) % 17),
    'A:i64': count(90).map(i => (i * i * i * 5) % 23),
  })

t.test('law: neither the order of rows nor where frames are cut matters', async t => {
  for (const config of [{}, { mode: 'rolling', rolling_window: 30, rolling_step: 7 }]) {
    const whole = rowsOf(await computed(hurst, two(), KEYS, config))
    t.ok(whole.filter(row => row.HurstExponent !== null).length >= 4)
    for (const seed of [1, 2]) t.same(rowsOf(await computed(hurst, shuffled(two(), seed), KEYS, config, 11)), whole)
  }
})

t.test('rows are in ascending order of group, label and metric', async t => {
  const config = { mode: 'rolling', rolling_window: 30, rolling_step: 40, columns: ['Z', 'A'] }
  const rows = rowsOf(await computed(hurst, two(), KEYS, config))
  t.same(
    rows.map(row => `${row.ListingId} ${Number(row.TimeBucket) / 60} ${row.Metric}`),
    ['B 0 A', 'B 0 Z', 'B 40 A', 'B 40 Z', 'a 0 A', 'a 0 Z', 'a 40 A', 'a 40 Z'],
  )
})

t.test('plans keys, labels and what it reads', async t => {
  const source = sourceFrom(two(), KEYS)
  const fixed = planned(hurst, source, {}).outline
  t.same(fixed?.keys, ['ListingId', 'Metric'])
  t.same(fixed?.reads, [['ListingId', 'TimeBucket', 'A', 'Z']])
  t.equal(fixed?.rule, null)
  const windows = planned(hurst, source, { mode: 'rolling', rolling_window: 30, columns: ['Z'] }).outline
  t.same(windows?.keys, ['ListingId', 'TimeBucket', 'Metric'])
  t.same(windows?.reads, [['ListingId', 'TimeBucket', 'Z']])
  t.equal(windows?.rule, source.rule)
  t.same(planned(hurst, source, { rolling_window: 30 }).warned, [
    'rolling_window: has no effect with mode static; set mode: rolling',
  ])
})

t.test('refuses what cannot be computed', async t => {
  const refused = (config: Record<string, unknown>) => planned(hurst, sourceFrom(two(), KEYS), config).refused
  t.same(refused({ mode: 'rolling' }), ['rolling_window: mode rolling needs it; give the number of rows of a window'])
  t.same(refused({ mode: 'rolling', rolling_window: 20 }), [
    'rolling_window: windows of 20 rows never have the 30 values that rolling_min_periods asks for; ' +
      'widen the window or lower rolling_min_periods',
  ])
  t.same(refused({ time_col: 'Timebucket', columns: ['ListingId'], group_by: ['Venue'] }), [
    "group_by[0]: pass1 has no column 'Venue'; it has ListingId, TimeBucket, Z, A",
    "time_col: pass1 has no column 'Timebucket'; did you mean 'TimeBucket'?",
    "columns[0]: column 'ListingId' of pass1 is str, not a number",
  ])
  t.same(refused({ time_col: 'Z' }), ["time_col: column 'Z' of pass1 is f64, not a time"])
  t.same(refused({ group_by: ['ListingId', 'TimeBucket'] }), [
    "time_col: 'TimeBucket' is in group_by: a group has one value of it",
  ])
  for (const config of [{ max_lag: 1 }, { mode: 'expanding' }, { rolling_step: 0 }, { min_periods: 0 }]) {
    t.throws(() => refused(config), JSON.stringify(config))
  }
})

t.test('two rows of one time in a window are a data fault', async t => {
  const config = { mode: 'rolling', rolling_window: 30, group_by: [] }
  await t.rejects(computed(hurst, two(), KEYS, config), {
    fault: 'data',
    message: /^.*two rows have the TimeBucket 2026-01-02T10:00:00\.000000000Z.*group by TimeBucket/,
  })
  t.equal(rowsOf(await computed(hurst, two(), KEYS, { group_by: [] })).length, 2, 'static: one series of both')
})
