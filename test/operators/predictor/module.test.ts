import t from 'tap'
import { predictor } from '../../../operators/predictor/module.js'
import { type Cell, close, computed, frameFrom, planned, rowsOf, shuffled, sourceFrom } from '../statistics/frames.js'

const KEYS = ['ListingId', 'TimeBucket']

const count = (n: number) => Array.from({ length: n }, (_, i) => i)

const minutes = (columns: Record<string, Cell[]>, step = 60) => {
  const rows = Object.values(columns)[0].length
  return frameFrom({
    'ListingId:i64': count(rows).map(() => 1),
    'TimeBucket:ts': count(rows).map(i => step * i),
    ...columns,
  })
}

t.test('worked example', async t => {
  const frame = minutes({
    Y: count(50).map(i => (7 * i) % 11),
    X: count(50).map(i => (7 * (i + 2)) % 11),
    Z: count(50).map(i => i % 3),
  })
  const [x, z] = rowsOf(await computed(predictor, frame, KEYS, { target_column: 'Y' }))
  t.same([x.Target, x.Predictor, x.BestLag, x.BestCorr], ['Y', 'X', 2, 1])
  t.ok(close(x.Confidence, 6.928203230276, 12))
  t.same([x.AnticipationSteps, x.AnticipationSeconds, x.TStatistic, x.PValue], [2, 120, null, null])
  t.same([z.Predictor, z.BestLag], ['Z', 3])
  t.ok(close(z.BestCorr, -0.180871358876, 12))
  t.ok(close(z.TStatistic, -1.233669159548, 12))
  t.ok(close(z.PValue, 0.223731092702, 12))
})

// i = np.arange(60); A = np.sin(i/3.)*3+((i*13)%7), B = ((i*i*31)%67)-20., C = ((i*13)%5)*1., Y = ((i*7919)%101)/10.
// B[i%7==3] = np.nan; Y[i%13==5] = np.nan
const sixty = () =>
  minutes({
    Y: count(60).map(i => (i % 13 === 5 ? null : ((i * 7919) % 101) / 10)),
    C: count(60).map(i => (i * 13) % 5),
    B: count(60).map(i => (i % 7 === 3 ? null : ((i * i * 31) % 67) - 20)),
    A: count(60).map(i => Math.sin(i / 3) * 3 + ((i * 13) % 7)),
  })

// for l in lags: x = d[p]; y = d.Y.shift(-l); k = x.notna() & y.notna(); n = k.sum(); r = x[k].corr(y[k], method=...)
// greatest abs(r); abs(r)*n**.5; t = r*((n-2)/(1-r*r))**.5; 2*scipy.stats.t.sf(abs(t), n-2)
const REFERENCE: [Record<string, unknown>, [string, number, number, number, number, number][]][] = [
  [
    {},
    [
      ['A', 10, 0.131403814708538, 0.891224032394754, 0.879258414503069, 0.384038000084508],
      ['B', 10, 0.358356216797133, 2.23793385661172, 2.33486606042706, 0.0250842447101144],
      ['C', 2, -0.586336094219871, 4.26859119797219, -5.16904485334745, 3.96275185118834e-6],
    ],
  ],
  [
    { method: 'spearman' },
    [
      ['A', 10, 0.134751773049645, 0.913930990633901, 0.902069569488253, 0.371931638840523],
      ['B', 10, 0.322009045632573, 2.0109458454416, 2.06890129086849, 0.0455953092562733],
      ['C', 2, -0.587147122914206, 4.27449557599031, -5.17995246503534, 3.81399156611933e-6],
    ],
  ],
  [
    { lags: [20, 1, 20], min_periods: 45 },
    [
      ['A', 1, -0.0412461694742234, 0.303096207168621, -0.297683682360085, 0.767130698961736],
      ['B', 1, 0.0404693742033346, 0.277444051432442, 0.271699396942803, 0.787095816030807],
      ['C', 1, 0.318940437374432, 2.34372398972236, 2.42664427922746, 0.01874130237871],
    ],
  ],
]

for (const [config, expected] of REFERENCE) {
  t.test(`as pandas and scipy have it: ${JSON.stringify(config)}`, async t => {
    const rows = rowsOf(await computed(predictor, sixty(), KEYS, { target_column: 'Y', ...config }))
    t.equal(rows.length, 3)
    for (const [i, [name, lag, ...values]] of expected.entries()) {
      const row = rows[i]
      t.same([row.Predictor, row.BestLag, row.AnticipationSteps, row.AnticipationSeconds], [name, lag, lag, 60 * lag])
      const found = [row.BestCorr, row.Confidence, row.TStatistic, row.PValue]
      t.ok(
        found.every((value, k) => close(value, values[k], 12)),
        String(found),
      )
      t.ok(Math.abs(Number(row.PValue) / values[3] - 1) < 1e-11)
    }
  })
}

t.test('top_k keeps the strongest, those without a correlation last, in order of names', async t => {
  const frame = sixty()
  frame.columns.set('Flat', { type: 'f64', values: new Float64Array(60).fill(0.1), valid: null })
  const kept = async (top_k: number) => {
    const rows = rowsOf(await computed(predictor, frame, KEYS, { target_column: 'Y', top_k }))
    return rows.map(row => row.Predictor).join('')
  }
  t.same(await Promise.all([1, 2, 3, 4, 0, -1].map(kept)), ['C', 'BC', 'ABC', 'ABCFlat', 'ABCFlat', 'ABCFlat'])
})

t.test('ties go to the smallest lag, and to the predictor that is listed first', async t => {
  const waves = count(60).map(i => i % 4)
  const frame = minutes({ Y: waves, B: waves, A: waves })
  const config = { target_column: 'Y', lags: [8, 4, 3], predictor_columns: ['B', 'A'], top_k: 1 }
  const [row] = rowsOf(await computed(predictor, frame, KEYS, config))
  t.same([row.Predictor, row.BestLag, row.BestCorr], ['B', 4, 1])
})

t.test('null where nothing correlates: too short, constant, absent', async t => {
  const short = minutes({
    Y: count(30),
    Flat: count(30).map(() => 0.1),
    X: count(30).map(i => i * i),
    N: count(30).map(() => null),
  })
  const none = (row: Record<string, Cell>) =>
    ['BestLag', 'BestCorr', 'Confidence', 'AnticipationSteps', 'AnticipationSeconds', 'TStatistic', 'PValue'].every(
      name => row[name] === null,
    )
  const rows = rowsOf(await computed(predictor, short, KEYS, { target_column: 'Y' }))
  t.same(
    rows.map(row => row.Predictor),
    ['Flat', 'N', 'X'],
  )
  t.ok(rows.every(none), '29 pairs at most')
  const enough = rowsOf(await computed(predictor, short, KEYS, { target_column: 'Y', min_periods: 29 }))
  t.same(enough.map(none), [true, true, false])
  t.equal(enough[2].BestLag, 1)
  t.same(rowsOf(await computed(predictor, minutes({ Y: [], X: [] }), KEYS, { target_column: 'Y' })), [])
})

t.test('two pairs have no t', async t => {
  const frame = minutes({ Y: [0, 1, 3], X: [1, 2, 5] })
  const [row] = rowsOf(await computed(predictor, frame, KEYS, { target_column: 'Y', min_periods: 1, lags: [1] }))
  t.same([row.BestCorr, row.TStatistic, row.PValue], [1, null, null])
})

t.test('seconds are by the median step of the group, of labels and of dates', async t => {
  const uneven = minutes({ Y: count(40).map(i => (i * 7) % 11), X: count(40).map(i => (i * 5) % 7) })
  const labels = uneven.columns.get('TimeBucket')?.values as BigInt64Array
  // Half of the steps are half a second, crossing what 32 bits of nanoseconds hold.
  for (let i = 0; i < 40; i++)
    labels[i] = 9_000_000_000_000_000_000n + BigInt(i < 20 ? i * 500_000_000 : i * 7_000_000_001)
  const [row] = rowsOf(await computed(predictor, uneven, KEYS, { target_column: 'Y', lags: [3], min_periods: 5 }))
  // 39 steps: 19 of 0.5 s, one of 130.5 s, 19 of 7.000000001 s.
  t.equal(row.AnticipationSeconds, 3 * 7.000000001)
  const days = frameFrom({
    'ListingId:i64': count(40).map(() => 1),
    'Day:date': count(40).map(i => i + (i >= 5 ? 2 : 0)),
    Y: count(40).map(i => (i * 7) % 11),
    X: count(40).map(i => (i * 5) % 7),
  })
  const config = { target_column: 'Y', time_col: 'Day', lags: [2] }
  t.equal(rowsOf(await computed(predictor, days, ['ListingId'], config))[0].AnticipationSeconds, 2 * 86_400)
})

const two = () =>
  frameFrom({
    'ListingId:str': count(120).map(i => (i % 2 ? 'B' : 'a')),
    'TimeBucket:ts': count(120).map(i => 60 * (i >> 1)),
    Y: count(120).map(i => (i * i * 37) % 17),
    X: count(120).map(i => (i * i * i * 5) % 23),
  })

t.test('law: neither the order of rows nor where frames are cut matters; groups do not mix', async t => {
  for (const method of ['pearson', 'spearman']) {
    const config = { target_column: 'Y', method }
    const whole = rowsOf(await computed(predictor, two(), KEYS, config))
    t.same(
      whole.map(row => row.ListingId),
      ['B', 'a'],
    )
    t.not(whole[0].BestCorr, whole[1].BestCorr)
    for (const seed of [1, 2]) t.same(rowsOf(await computed(predictor, shuffled(two(), seed), KEYS, config, 17)), whole)
  }
})

t.test('plans: no lag is a time, columns are left out on request', async t => {
  const source = sourceFrom(two(), KEYS)
  const full = planned(predictor, source, { target_column: 'Y' }).outline
  t.same(full?.keys, ['ListingId', 'Target', 'Predictor'])
  t.same(full?.reads, [['ListingId', 'TimeBucket', 'Y', 'X']])
  t.equal(full?.rule, null)
  const config = { target_column: 'Y', include_t_value: false, include_p_value: false }
  const rows = rowsOf(await computed(predictor, two(), KEYS, config))
  t.same(Object.keys(rows[0]), [
    'ListingId',
    'Target',
    'Predictor',
    'BestLag',
    'BestCorr',
    'Confidence',
    'AnticipationSteps',
    'AnticipationSeconds',
  ])
  const itself = await computed(predictor, two(), KEYS, { target_column: 'Y', predictor_columns: ['Y'] })
  t.equal(itself.rows, 2, 'a target may foretell itself')
})

t.test('refuses what cannot be computed, all at once', async t => {
  const refused = (config: Record<string, unknown>) => planned(predictor, sourceFrom(two(), KEYS), config).refused
  t.same(refused({ target_column: 'Z', predictor_columns: ['ListingId', 'XX'], time_col: 'Y', group_by: ['MIC'] }), [
    "group_by[0]: pass1 has no column 'MIC'; it has ListingId, TimeBucket, Y, X",
    "time_col: column 'Y' of pass1 is f64, not a time",
    "target_column: pass1 has no column 'Z'; did you mean 'Y'?",
    "predictor_columns[0]: column 'ListingId' of pass1 is str, not a number",
    "predictor_columns[1]: pass1 has no column 'XX'; did you mean 'X'?",
  ])
  t.same(refused({ target_column: 'X', group_by: ['X'] }), [
    "target_column: 'X' is in group_by: a group has one value of it",
  ])
  for (const config of [{}, { lags: [0] }, { lags: [] }, { lags: [1.5] }, { method: 'soft' }]) {
    t.throws(
      () => refused({ ...(Object.keys(config).length && { target_column: 'Y' }), ...config }),
      JSON.stringify(config),
    )
  }
})
