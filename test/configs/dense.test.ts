import t from 'tap'
import { GOOD, load, refusedPass } from './support.js'

const UNIFORM = { mode: 'uniform', time_interval: ['09:00', '17:30'] }

t.test('what a grid must be told, where it is not', async t => {
  const dense = (dense_analytics: object, more = {}) =>
    refusedPass({ timeline_mode: 'dense', dense_analytics, ...more })
  const table: [string, Promise<string[]>][] = [
    [
      'dense_analytics.mode: mode uniform needs time_interval; write time_interval: ["09:00", "17:30"]',
      dense({ mode: 'uniform' }),
    ],
    ["dense_analytics.mode: 'unifrm' is not a mode; did you mean 'uniform'?", dense({ ...UNIFORM, mode: 'unifrm' })],
    [
      'dense_analytics.time_interval: 17:00 to 09:00 ends before it starts',
      dense({ ...UNIFORM, time_interval: ['17:00', '09:00'] }),
    ],
    [
      "dense_analytics.time_interval[0]: '9 am' is not a time of day; write HH:MM:SS",
      dense({ ...UNIFORM, time_interval: ['9 am', '17:00'] }),
    ],
    [
      'dense_analytics.time_interval: holds no whole bucket of 60 s',
      dense({ ...UNIFORM, time_interval: ['09:00:00', '09:00:59'] }),
    ],
    [
      'PASSES[0].time_bucket_origin: buckets of a uniform grid count from the start of time_interval, 09:00; leave it out',
      dense(UNIFORM, { time_bucket_origin: '08:00' }),
    ],
    ["'2026-13-01' is not a date; write YYYY-MM-DD", dense({ calendar: { '2026-13-01': 'closed' } })],
    ['dense_analytics.pad_seconds: -1 is out of range; at least 0', dense({ pad_seconds: -1 })],
    ['dense_analytics.symbol_cols[0]: ', dense({ symbol_cols: ['MIC'] })],
    ["dense_analytics.gird_states: unknown key; did you mean 'grid_states'?", dense({ gird_states: ['CLOSED'] })],
    [
      'dense_analytics.ENABLED: timeline_mode is dense, but ENABLED: false takes the grid away; leave out one of the two',
      dense({ ENABLED: false }),
    ],
    [
      'PASSES[0].modules: module dense lays a grid under other modules and computes nothing; name one that does, as trade',
      refusedPass({ modules: ['dense'], trade_analytics: undefined }),
    ],
    [
      'PASSES[0].modules: every module is switched off by ENABLED: false',
      refusedPass({ modules: ['trade', 'dense'], trade_analytics: { ENABLED: false } }),
    ],
    ['PASSES[0].fill.Close: ', refusedPass({ fill: { Close: 'backward' } })],
    ['PASSES[0].fill.Close', refusedPass({ fill: { Close: { forward: 0 } } })],
  ]
  for (const [text, report] of table) {
    const lines = await report
    t.equal(lines.length, 1, lines.join(' | '))
    t.ok(lines[0]?.includes(text), `${lines[0]} has ${text}`)
  }
})

const loadedPass = (keys: object) => load({ object: { ...GOOD, PASSES: [{ ...GOOD.PASSES[0], ...keys }] } })

t.test('what is told in vain is said', async t => {
  const table: [string, object][] = [
    ['dense_analytics: has no effect; timeline_mode is not dense', { dense_analytics: UNIFORM }],
    [
      'time_interval: has no effect in mode adaptative; write mode: uniform',
      { timeline_mode: 'dense', dense_analytics: { time_interval: ['09:00', '10:00'] } },
    ],
    [
      'pad_seconds: has no effect in mode uniform',
      { timeline_mode: 'dense', dense_analytics: { ...UNIFORM, pad_seconds: 5 } },
    ],
    [
      "grid_states[1]: 'CONTINOUS_TRADING' is no known market state; did you mean 'CONTINUOUS_TRADING'?",
      { timeline_mode: 'dense', dense_analytics: { grid_states: ['HALTED', 'CONTINOUS_TRADING'] } },
    ],
    ['modules: module dense means timeline_mode: dense, and not sparse_digitised', { modules: ['trade', 'dense'] }],
    [
      'modules: module dense is switched off by ENABLED: false',
      { modules: ['trade', 'dense'], dense_analytics: { ENABLED: false } },
    ],
  ]
  for (const [text, keys] of table) {
    const { warnings } = await loadedPass(keys)
    t.equal(warnings.length, 1, warnings.join(' | '))
    t.ok(warnings[0]?.includes(text), `${warnings[0]} has ${text}`)
  }
})

t.test('a dense pass has its settings, whichever way it is asked for', async t => {
  const [asked] = (await loadedPass({ timeline_mode: 'dense' })).config.PASSES
  t.match(asked.dense_analytics, { mode: 'adaptative', grid_states: ['CONTINUOUS_TRADING'], outside_grid: 'keep' })
  const { config, warnings } = await loadedPass({
    modules: ['trade', 'dense'],
    timeline_mode: 'dense',
    dense_analytics: { mode: 'adaptive', grid_states: 'HALTED' },
  })
  t.strictSame(warnings, [])
  const [named] = config.PASSES
  t.match(named, { modules: ['trade'], timeline_mode: 'dense' })
  t.match(named.dense_analytics, { mode: 'adaptative', grid_states: ['HALTED'] })
  const day = { ...UNIFORM, time_interval: ['00:00', '24:00'] }
  t.strictSame((await loadedPass({ timeline_mode: 'dense', dense_analytics: day })).warnings, [])
  const off = await loadedPass({ modules: ['trade', 'dense'], dense_analytics: { ENABLED: false } })
  t.match(off.config.PASSES[0], { modules: ['trade'], timeline_mode: 'sparse_digitised' })
})
