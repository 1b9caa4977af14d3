import t from 'tap'
import { observedEvents } from '../../../operators/observed-events/module.js'
import { type Cell, close, computed, frameFrom, planned, rowsOf, shuffled, sourceFrom } from '../statistics/frames.js'

const KEYS = ['ListingId', 'TimeBucket']

/** One listing with a row a minute from 10:00. */
const closes = (values: Cell[], listing = 1) =>
  frameFrom({
    'ListingId:i64': values.map(() => listing),
    'TimeBucket:ts': values.map((_, i) => 60 * i),
    Close: values,
  })

const found = async (values: Cell[], config: Record<string, unknown>) => {
  return rowsOf(await computed(observedEvents, closes(values), KEYS, config))
}

/** Events as `minute type confirmed`, and their values. */
const brief = (rows: Record<string, Cell>[]) =>
  rows.map(row => `${Number(row.TimeBucket) / 60} ${row.EventType} ${Number(row.ConfirmedAt) / 60}`)

t.test('worked example: ewma', async t => {
  const rows = await found([1, 3, 1, 3, 1], { indicator: 'ewma', window: 2 })
  t.same(brief(rows), ['1 local_max 2', '2 local_min 3', '3 local_max 4'])
  const values = rows.map(row => row.IndicatorValue)
  t.ok(
    [2.5, 1.461538461538, 2.5].every((value, i) => close(values[i], value, 12)),
    String(values),
  )
  t.ok(rows.every(row => row.Indicator === 'ewma' && row.ListingId === 1))
})

t.test('worked example: sma; plateaus are no events', async t => {
  const rows = await found([1, 3, 1, 5, 1, 2, 7], { window: 2 })
  t.same(brief(rows), ['5 local_min 6'])
  t.equal(rows[0].IndicatorValue, 1.5)
  t.equal(rows[0].Indicator, 'sma')
})

t.test('label: confirmation moves the event to the row at which it is known', async t => {
  const rows = await found([1, 3, 1, 3, 1], { indicator: 'ewma', window: 2, label: 'confirmation' })
  t.same(brief(rows), ['2 local_max 2', '3 local_min 3', '4 local_max 4'])
  const source = sourceFrom(closes([1]), KEYS)
  const hindsight = (label: string) => {
    const columns = planned(observedEvents, source, { label }).outline?.columns ?? []
    return columns.filter(column => column.hindsight).map(({ name }) => name)
  }
  t.same(hindsight('extremum'), ['Indicator', 'IndicatorValue', 'ConfirmedAt'])
  t.same(hindsight('confirmation'), [])
})

t.test('event_types chooses', async t => {
  const config = { indicator: 'ewma', window: 2, event_types: ['local_min'] }
  t.same(brief(await found([1, 3, 1, 3, 1], config)), ['2 local_min 3'])
})

const PANDAS: [string, string, number][] = [
  ['sma', '4+ 6- 7+ 8- 9+ 11- 12+ 13- 14+ 16- 17+ 18- 19+ 21- 22+ 23- 24+ 26- 27+ 28- 29+ 31- 32+ 33- 34+ 38-', 3.2],
  [
    'ewma',
    '2+ 3- 4+ 5- 7+ 8- 9+ 10- 12+ 13- 14+ 15- 17+ 18- 19+ 20- 22+ 23- 24+ 25- 27+ 28- 29+ 30- 32+ 33- 34+ 35- 36+ 37-',
    3.327140869502396,
  ],
]

t.test('as pandas has it', async t => {
  // s = pandas.Series([(i * 7919) % 101 / 10 for i in range(40)])
  // m = s.rolling(4).mean()   or   s.ewm(span=4).mean()
  // [i for i in range(40) if m[i-1] < m[i] > m[i+1]], likewise minima; m[...]
  const values = Array.from({ length: 40 }, (_, i) => ((i * 7919) % 101) / 10)
  for (const [indicator, minutes, last] of PANDAS) {
    const rows = await found(values, { indicator, window: 4 })
    t.same(
      rows.map(row => `${Number(row.TimeBucket) / 60}${row.EventType === 'local_max' ? '+' : '-'}`),
      minutes.split(' '),
    )
    t.ok(close(rows[rows.length - 1].IndicatorValue, last, 12))
  }
})

t.test('a window of the same values in another order is no extremum', async t => {
  // Sums of these three in their six orders differ in the last bit.
  const values = Array.from({ length: 30 }, (_, i) => [0.1, 0.2, 0.3][i % 3])
  t.same(await found(values, { window: 3 }), [])
})

t.test('a null does not advance the average, and its neighbours have no event', async t => {
  // sma 2 of 1 3 null 1 1 9 9: - 2 - 2 1 5 9; without the null the row of 1 is a minimum.
  t.same(brief(await found([1, 3, null, 1, 1, 9, 9], { window: 2 })), ['4 local_min 5'])
  t.same(brief(await found([1, 3, 1, null, 0, 0, 9, 9], { window: 2 })), ['5 local_min 6'])
  t.same(await found([1, 9, null, 1, null, 9], { window: 2 }), [])
})

t.test('too short, empty, all null', async t => {
  t.same(await found([], {}), [])
  t.same(await found([1, 2], { window: 2 }), [])
  t.same(await found([9, -9, 9, 9], { window: 3 }), [])
  t.same(await found([null, null, null, null], { indicator: 'ewma' }), [])
})

const two = () => {
  const values = Array.from({ length: 60 }, (_, i) => ((i * i * 37) % 17) + i / 7)
  return frameFrom({
    'ListingId:str': values.map((_, i) => (i % 2 ? 'B' : 'a')),
    'TimeBucket:ts': values.map((_, i) => 60 * (i >> 1)),
    Close: values,
  })
}

t.test('law: neither the order of rows nor where frames are cut matters; listings do not mix', async t => {
  const whole = rowsOf(await computed(observedEvents, two(), KEYS, { window: 3 }))
  t.ok(whole.length > 10)
  for (const seed of [1, 2, 3]) {
    t.same(rowsOf(await computed(observedEvents, shuffled(two(), seed), KEYS, { window: 3 }, 7)), whole)
  }
  const alone = await found(
    Array.from({ length: 60 }, (_, i) => ((i * i * 37) % 17) + i / 7).filter((_, i) => i % 2),
    { window: 3 },
  )
  const inBoth = whole.filter(row => row.ListingId === 'B')
  t.same(brief(inBoth), brief(alone))
  t.same(
    inBoth.map(row => row.IndicatorValue),
    alone.map(row => row.IndicatorValue),
  )
})

t.test('refuses what is not there, with the nearest name, all at once', async t => {
  const source = sourceFrom(frameFrom({ 'TimeBucket:ts': [0], Close: [1], 'MIC:str': ['X'] }), ['TimeBucket'])
  const { outline, refused } = planned(observedEvents, source, { input_col: 'Clse' })
  t.equal(outline, null)
  t.same(refused, [
    "source_pass: pass1 has no column 'ListingId'; it has TimeBucket, Close, MIC",
    "input_col: pass1 has no column 'Clse'; did you mean 'Close'?",
  ])
  const text = planned(observedEvents, sourceFrom(closes([1]), KEYS), { input_col: 'TimeBucket' })
  t.same(text.refused, ["input_col: column 'TimeBucket' of pass1 is ts, not a number"])
  const days = sourceFrom(frameFrom({ 'ListingId:i64': [1], 'TimeBucket:date': [1], Close: [1] }), KEYS)
  t.same(planned(observedEvents, days, {}).refused, ["source_pass: column 'TimeBucket' of pass1 is date, not a label"])
  for (const config of [{ window: 1 }, { window: 2.5 }, { event_types: [] }, { indicator: 'SMA' }, { windw: 2 }]) {
    t.throws(() => planned(observedEvents, source, config), JSON.stringify(config))
  }
})

t.test('two rows of one label are a data fault', async t => {
  const twice = frameFrom({ 'ListingId:i64': [7, 7, 7], 'TimeBucket:ts': [0, 60, 60], Close: [1, 2, 3] })
  await t.rejects(computed(observedEvents, twice, KEYS, {}), {
    fault: 'data',
    message: /ListingId 7 have the TimeBucket 2026-01-02T10:01:00\.000000000Z/,
  })
  const none = frameFrom({ 'ListingId:i64': [7, 7], 'TimeBucket:ts': [0, null], Close: [1, 2] })
  await t.rejects(computed(observedEvents, none, KEYS, {}), { fault: 'data', message: /no time/ })
})

t.test('reads what it needs and passes the labels on', async t => {
  const { outline } = planned(observedEvents, sourceFrom(closes([1]), KEYS), {})
  t.same(outline?.reads, [['ListingId', 'TimeBucket', 'Close']])
  t.equal(outline?.rule?.width, 60e9)
  t.same(observedEvents.sources({ source_pass: 'bars' }), [{ field: 'source_pass', name: 'bars' }])
  t.same(observedEvents.sources({ source_pass: null }), [{ field: 'source_pass', name: null }])
})
