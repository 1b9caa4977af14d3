import t from 'tap'
import { externalEvents } from '../../../operators/external-events/module.js'
import { type Cell, frameFrom, rowsOf, shuffled } from '../statistics/frames.js'
import { type Given, made, outlined } from './frames.js'

/** One listing with events at these seconds after 10:00. */
const eventsAt = (times: Cell[], listing: Cell = 1) =>
  frameFrom({ 'ListingId:i64': times.map(() => listing), 'TimeBucket:ts': times })

/** Rows of one listing, as [label, Close]. */
const barsAt = (rows: [Cell, Cell][], listing = 1) =>
  frameFrom({
    'Date:date': rows.map(() => 20_455),
    'ListingId:i64': rows.map(() => listing),
    'TimeBucket:ts': rows.map(([label]) => label),
    Close: rows.map(([, close]) => close),
  })

/** Returns columns of the result, a list a row. */
async function cells(given: Given, ...names: string[]): Promise<Cell[][]> {
  return rowsOf(await made(given)).map(row => names.map(name => row[name]))
}

const closes = async (given: Given) => (await cells(given, 'Close')).flat()

t.test('worked example W28: end and start labels', async t => {
  const given = {
    events: eventsAt([0, 60, 120]),
    metrics: barsAt([
      [0, 10],
      [120, 30],
    ]),
  }
  t.same(await closes(given), [10, 10, 30])
  t.same(await closes({ ...given, rule: { anchor: 'start' } }), [null, 10, 10])
})

t.test('worked example W27 in rows: each offset sees what is known by then', async t => {
  const metrics = barsAt([-10, -5, 0, 5, 10].map(label => [label, label]))
  const given = { events: eventsAt([0]), metrics, config: { radius_seconds: 10, extra_observations: 2 } }
  t.same(await cells(given, 'TimeBucket', 'EventAnchorTime', 'EventContextIndex', 'EventDeltaSeconds', 'Close'), [
    [-10, 0, -2, -10, -10],
    [-5, 0, -1, -5, -5],
    [0, 0, 0, 0, 0],
    [5, 0, 1, 5, 5],
    [10, 0, 2, 10, 10],
  ])
  const uneven = {
    ...given,
    config: { ...given.config, extra_observations: 3, scale_factor: 2, directions: 'forward' },
  }
  t.same(await cells(uneven, 'EventDeltaSeconds', 'Close'), [
    [0, 0],
    [1.428571429, 0],
    [4.285714286, 0],
    [10, 10],
  ])
})

t.test('when a row is known: instants, days, and rows that do not say', async t => {
  const given = { events: eventsAt([0, 3600, 86_400]), metrics: barsAt([[0, 7]]) }
  const known = (rule: Given['rule']) => closes({ ...given, rule })
  t.same(await known({ mode: 'sparse_original', anchor: 'start' }), [7, 7, 7])
  t.same(await known({ mode: 'daily_analytics', anchor: 'start' }), [null, null, 7])
  t.same(await known({ mode: 'daily_analytics', anchor: 'end' }), [7, 7, 7])
  t.same(await known({ anchor: 'end', closed: 'left' }), [7, 7, 7])
  t.same(await known({ anchor: 'start', width: 1e9 }), [null, 7, 7])
  t.same(await known(null), [7, 7, 7])
  t.match(outlined({ ...given, rule: null }).warned, [/^source_pass: nothing says how labels of bars were made/])
})

t.test('tolerance is from when a row was known, its end included', async t => {
  const given = { events: eventsAt([60, 90, 90.000000001, 150]), metrics: barsAt([[60, 7]]) }
  const within = (tolerance_seconds: number, rule: Given['rule'] = {}) =>
    closes({ ...given, config: { tolerance_seconds }, rule })
  t.same(await within(30), [7, 7, null, null])
  t.same(await within(0), [7, null, null, null])
  t.same(await within(30, { anchor: 'start' }), [null, null, null, 7])
  t.same(await within(30, { anchor: 'start', width: 30e9 }), [null, 7, 7, null])
})

t.test('before the first row, over dates, over years', async t => {
  const year = 366 * 86_400
  const metrics = barsAt([
    [0, 1],
    [year, 2],
  ])
  const times = [-1e-9, 0, 86_400, year - 1e-9 * 1024, year, 3 * year]
  t.same(await closes({ events: eventsAt(times), metrics }), [null, 1, 1, 1, 2, 2])
  const tolerant = { events: eventsAt(times), metrics, config: { tolerance_seconds: 9_000_000 } }
  t.same(await closes(tolerant), [null, 1, 1, null, 2, null])
})

t.test('of rows with one label the last counts; a null in it is a null', async t => {
  const metrics = barsAt([
    [0, 1],
    [0, 2],
    [60, 3],
    [60, null],
  ])
  t.same(await closes({ events: eventsAt([0, 59, 60]), metrics }), [2, 2, null])
})

t.test('no events, no metrics', async t => {
  const metrics = barsAt([[0, 1]])
  t.same(await cells({ events: eventsAt([]), metrics }, 'Close'), [])
  t.same(await closes({ events: eventsAt([0]), metrics: barsAt([]) }), [null])
})

t.test('listings do not mix; one without metrics, and an event without a listing, see none', async t => {
  const both = frameFrom({
    'ListingId:str': ['b', 'a', 'b', 'a', null],
    'TimeBucket:ts': [0, 0, 60, 60, 0],
    Close: [1, 2, 3, 4, 5],
    'MIC:str': ['X', 'Y', null, 'Y', 'Z'],
    'TradeTotalCount:i64': [10, 20, 30, 40, 50],
  })
  const events = frameFrom({ 'ListingId:str': ['c', 'b', 'a', null, 'b'], 'TimeBucket:ts': [60, 30, 60, 60, 60] })
  t.same(await cells({ events, metrics: both }, 'ListingId', 'TimeBucket', 'Close', 'MIC', 'TradeTotalCount'), [
    ['a', 60, 4, 'Y', 40],
    ['b', 30, 1, 'X', 10],
    ['b', 60, 3, null, 30],
    ['c', 60, null, null, null],
    [null, 60, null, null, null],
  ])
})

t.test('types of events are keys; columns pass through', async t => {
  const events = frameFrom({
    'Symbol:i64': [1, 1, 1],
    'At:ts': [60, 60, 0],
    'EventType:str': ['local_min', 'local_max', 'local_max'],
    Size: [1, null, 3],
  })
  const given = {
    events,
    keys: ['Symbol', 'At', 'EventType'],
    metrics: barsAt([[0, 7]]),
    config: { symbol_col: 'Symbol', time_col: 'At', passthrough_columns: ['Size', 'At'] },
  }
  t.same(outlined(given).outline?.keys, [
    'ListingId',
    'TimeBucket',
    'EventType',
    'EventAnchorTime',
    'EventContextIndex',
  ])
  t.same(await cells(given, 'ListingId', 'TimeBucket', 'EventType', 'Size', 'At', 'Close'), [
    [1, 0, 'local_max', 3, 0, 7],
    [1, 60, 'local_max', null, 60, 7],
    [1, 60, 'local_min', 1, 60, 7],
  ])
})

t.test('equal events are one; such that differ in what is kept of them are a fault', async t => {
  const events = frameFrom({ 'ListingId:i64': [1, 1, 1], 'TimeBucket:ts': [0, 0, 60], Size: [1, 2, 3] })
  const metrics = barsAt([[0, 7]])
  t.same(await cells({ events, metrics }, 'TimeBucket'), [[0], [60]])
  await t.rejects(made({ events, metrics, config: { passthrough_columns: ['Size'] } }), {
    fault: 'data',
    message:
      /two events of ListingId 1 have the TimeBucket 2026-01-02T10:00:00\.000000000Z and other passthrough_columns/,
  })
  // A key of theirs that is kept tells them apart.
  const keyed = {
    events,
    metrics,
    keys: ['ListingId', 'TimeBucket', 'Size'],
    config: { passthrough_columns: ['Size'] },
  }
  t.same(await cells(keyed, 'TimeBucket', 'Size'), [
    [0, 1],
    [0, 2],
    [60, 3],
  ])
  await t.rejects(made({ events: eventsAt([0, null]), metrics }), { fault: 'data', message: /an event has no time/ })
})

t.test('metric rows of another key are looked up in it', async t => {
  const metrics = frameFrom({ 'InstrumentId:i64': [5, 6], 'TimeBucket:ts': [0, 0], Close: [50, 60] })
  const events = frameFrom({ 'InstrumentId:i64': [6, 5], 'TimeBucket:ts': [1, 2] })
  const config = { symbol_col: 'InstrumentId' }
  const given = { events, metrics, config, metricKeys: ['InstrumentId', 'TimeBucket'] }
  t.match(outlined(given).outline, { scope: 'all' })
  t.same(await cells(given, 'InstrumentId', 'TimeBucket', 'Close'), [
    [5, 2, 50],
    [6, 1, 60],
  ])
  const { refused } = outlined({ events, metrics, config })
  t.same(refused, ["symbol_col: bars has no column 'ListingId'; it has InstrumentId, TimeBucket, Close"])
})

t.test('law: neither the order of rows nor where frames are cut matters', async t => {
  const n = 400
  const column = (of: (i: number) => Cell) => Array.from({ length: n }, (_, i) => of(i))
  const metrics = frameFrom({
    'ListingId:i64': column(i => i % 7),
    'TimeBucket:ts': column(i => 60 * Math.floor(i / 7)),
    Close: column(i => (i % 11 === 0 ? null : i)),
  })
  const events = frameFrom({
    'ListingId:i64': column(i => (i * 5) % 9),
    'TimeBucket:ts': column(i => ((i * i * 37) % 4000) + 0.5),
    'EventType:str': column(i => ['up', 'down'][i % 2]),
  })
  const config = { radius_seconds: 90, extra_observations: 3, scale_factor: 1.5, tolerance_seconds: 100 }
  const whole = rowsOf(await made({ events, metrics, config }))
  t.ok(whole.length > 2000 && whole.some(row => row.Close === null) && whole.some(row => row.Close !== null))
  for (const seed of [1, 2, 3]) {
    const mixed = { events: shuffled(events, seed), metrics: shuffled(metrics, seed + 9), config, size: 17 }
    t.same(rowsOf(await made(mixed)), whole)
  }
  // Row by row, as the definition has it.
  const bars = rowsOf(metrics)
  const asOf = ({ ListingId, TimeBucket: at }: Record<string, Cell>) => {
    const known = bars.filter(bar => bar.ListingId === ListingId && Number(bar.TimeBucket) <= Number(at))
    const last = known.sort((a, b) => Number(b.TimeBucket) - Number(a.TimeBucket))[0]
    return last && Number(at) - Number(last.TimeBucket) <= 100 ? last.Close : null
  }
  t.same(
    whole.map(row => row.Close),
    whole.map(asOf),
  )
})

t.test('refuses what is not there, with the nearest name, all at once', async t => {
  const metrics = barsAt([[0, 1]])
  const events = frameFrom({ 'ListingId:str': ['a'], 'TimeBucket:date': [1], Close: [1], 'Venue:str': ['X'] })
  const config = { passthrough_columns: ['Clse', 'Close', 'TimeBucket', 'Venue', 'Venue'] }
  const { outline, refused, warned } = outlined({ events, metrics, config })
  t.equal(outline, null)
  t.same(refused, [
    "time_col: column 'TimeBucket' of events is date, not an instant",
    "symbol_col: column 'ListingId' is str, and 'ListingId' of bars is i64; events and metrics need the same listings",
    "passthrough_columns[0]: events has no column 'Clse'; did you mean 'Close'?",
    "passthrough_columns[1]: output column 'Close' would be made twice, of the events and of bars; rename one of them in a pass of module generic: as",
  ])
  t.same(warned, [
    "passthrough_columns[2]: 'TimeBucket' is there already; leave it out",
    "passthrough_columns[4]: 'Venue' is there already; leave it out",
  ])
  const named = outlined({ events, metrics, config: { symbol_col: 'Listing', time_col: 'Venue' } })
  t.same(named.refused, [
    "symbol_col: events has no column 'Listing'; did you mean 'ListingId'?",
    "time_col: column 'Venue' of events is str, not a time",
  ])
  const bare = outlined({ events: eventsAt([0]), metrics: frameFrom({ Close: [1] }) })
  t.same(bare.refused, [
    "symbol_col: bars has no column 'ListingId'; it has Close",
    "source_pass: bars has no column 'TimeBucket'; it has Close",
  ])
  const half = (config: object) => outlined({ events: eventsAt([0]), metrics, config: { ...config } }).warned
  t.same(half({ radius_seconds: 1 }), [
    'radius_seconds: has no effect: extra_observations is 0; set extra_observations, too',
  ])
  t.same(half({ extra_observations: 1 }), [
    'extra_observations: has no effect: radius_seconds is 0; set radius_seconds, too',
  ])
})

t.test('says what it makes', async t => {
  const given = { events: eventsAt([0]), metrics: barsAt([[0, 1]]), config: { passthrough_columns: [] } }
  const { outline } = outlined(given)
  t.same(outline?.reads, [
    ['ListingId', 'TimeBucket'],
    ['ListingId', 'TimeBucket', 'Close'],
  ])
  t.match(outline, { scope: 'symbol', rule: { mode: 'sparse_original' } })
  for (const { name, unit, doc, formula, nullRule, from, merge } of outline?.columns ?? []) {
    t.match(name, /^[A-Z][A-Za-z0-9]*$/)
    t.ok(
      [unit, doc, formula, nullRule, from].every(text => typeof text === 'string'),
      name,
    )
    t.equal(merge, outline?.keys.includes(name) ? 'key' : '–', name)
  }
  t.match(externalEvents.sources({ source_pass: 'turns' }), [
    { field: 'source_pass', name: 'turns' },
    { field: 'metrics', name: null },
  ])
})
