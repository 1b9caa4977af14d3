import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type JsonSchema, jsonSchema, readConfig, validateConfig } from '../../configs/index.js'
import { fixtureRegistry } from './registry.js'
import { GOOD, load, refused, refusedPass, refusedWith } from './support.js'

// Cases lie beside the sources; the compiled test runs from dist.
const cases = fileURLToPath(new URL('../../../test/configs/cases/', import.meta.url))

for (const name of readdirSync(cases)) {
  t.test(`case ${name}`, async t => {
    const folder = `${cases}${name}/`
    const lines = (await refused(`${folder}config.yaml`)).map(line => line.replaceAll(folder, ''))
    if (process.env.UPDATE_CASES) writeFileSync(`${folder}expected.txt`, `${lines.join('\n')}\n`)
    t.strictSame(lines, readFileSync(`${folder}expected.txt`, 'utf8').trim().split('\n'))
  })
}

t.test('documented error texts', async t => {
  const table: [string, Promise<string[]>][] = [
    ['END_DATE: END_DATE 2026-02-01 is before START_DATE 2026-02-03', refusedWith({ END_DATE: '2026-02-01' })],
    ["EXECUTION.memory_budget: '512' has no unit; write 512MB", refusedWith({ EXECUTION: { memory_budget: '512' } })],
    ["EXECUTION.memory_budget: '512' has no unit; write 512MB", refusedWith({ EXECUTION: { memory_budget: 512 } })],
    [
      "PASSES[0].time_bucket_secs: unknown key; did you mean 'time_bucket_seconds'?",
      refusedPass({ time_bucket_secs: 60 }),
    ],
    [
      "PASSES[0].trade_analytics.generic_metrics[0].measures: 'Vwap' is not a measure; did you mean 'VWAP'?",
      refusedPass({ trade_analytics: { generic_metrics: [{ measures: 'Vwap' }] } }),
    ],
    [
      "DATA.tables.trades.columns.Prce: unknown canonical column, did you mean 'Price'?",
      refusedWith({ DATA: { tables: { trades: { columns: { Prce: 'p' } } } } }),
    ],
    ['DEFAULT_S3_REGION: not available in this version', refusedWith({ DEFAULT_S3_REGION: 'eu-west-1' })],
    ['PASSES[0].sort_keys: not available in this version', refusedPass({ sort_keys: ['MIC'] })],
    [
      "PASSES[0].modules[0]: module 'l2' is not available in this version; available: trade, retail_imbalance",
      refusedPass({ modules: ['l2'] }),
    ],
    [
      "PASSES[0].trade_analytics.generic_metrics[0].sides: 'Xyzzy' is not a side; allowed: Total, Bid, Ask, Unknown",
      refusedPass({ trade_analytics: { generic_metrics: [{ measures: 'VWAP', sides: 'Xyzzy' }] } }),
    ],
  ]
  for (const [text, report] of table) t.match((await report).join('\n'), `config: ${text}`)
})

t.test('rules over one key', async t => {
  const table: [RegExp, Promise<string[]>][] = [
    [/START_DATE: '2026-02-30' is not a date/, refusedWith({ START_DATE: '2026-02-30' })],
    [/UNIVERSE: 'XLON' is no term/, refusedWith({ UNIVERSE: 'XLON' })],
    [/DATASETNAME: 'a\/b' is no path token/, refusedWith({ DATASETNAME: 'a/b' })],
    [/EXECUTION.workers: 0 is no number of workers/, refusedWith({ EXECUTION: { workers: 0 } })],
    [/EXECUTION.workers: 1.5 is not a whole number/, refusedWith({ EXECUTION: { workers: 1.5 } })],
    [
      /EXECUTION.batch_rows: 1000001 is out of range; at most 1000000/,
      refusedWith({ EXECUTION: { batch_rows: 1_000_001 } }),
    ],
    [/BATCH_FREQ: 'Q' is not a BATCH_FREQ; allowed: D, W, 2W, M, A/, refusedWith({ BATCH_FREQ: 'Q' })],
    [/DATA.layout: 'bmlll' is not a layout; did you mean 'bmll'\?/, refusedWith({ DATA: { layout: 'bmlll' } })],
    [
      /DATA.layout: unknown token \{dat\}; did you mean \{date\}\?/,
      refusedWith({ DATA: { layout: '{dat}/x.parquet' } }),
    ],
    [
      /OUTPUT_TARGET.path_template: unknown token \{pas\}; did you mean \{pass\}\?/,
      refusedWith({ OUTPUT_TARGET: { path_template: '{pas}' } }),
    ],
    [/DATA.tables.l2: table 'l2' is not available/, refusedWith({ DATA: { tables: { l2: {} } } })],
    [
      /DATA.tables.trade: there is no table 'trade'; did you mean 'trades'\?/,
      refusedWith({ DATA: { tables: { trade: {} } } }),
    ],
    [/DATA.root: s3:\/\/ paths are not available/, refusedWith({ DATA: { root: 's3://x' } })],
    [
      /DATA.tables.trades.price_scale: '-1' is not a decimal/,
      refusedWith({ DATA: { tables: { trades: { price_scale: '-1' } } } }),
    ],
    [/DATA.session_end: '25:00' is not a time of day/, refusedWith({ DATA: { session_end: '25:00' } })],
    [/PASSES\[0\].time_zone: 'Mars' is not a time zone/, refusedPass({ time_zone: 'Mars' })],
    [/PASSES\[0\].time_bucket_seconds: 0 s is no bucket width/, refusedPass({ time_bucket_seconds: 0 })],
    [
      /PASSES\[0\].time_bucket_seconds: 1e-10 s is below 1 ns|more than 9 decimals/,
      refusedPass({ time_bucket_seconds: 1e-10 }),
    ],
    [/PASSES\[0\].time_bucket_seconds: 90000 s are more than a day/, refusedPass({ time_bucket_seconds: 90_000 })],
    [/PASSES\[0\].name: '1a' is no name/, refusedPass({ name: '1a' })],
    [/PASSES\[0\].modules: is empty/, refusedPass({ modules: [] })],
    [/PASSES\[0\].modules: missing/, refusedPass({ modules: undefined })],
    [/PASSES: is empty/, refusedWith({ PASSES: [] })],
    [/PASSES: missing/, refusedWith({ PASSES: undefined })],
    [/START_DATE: missing; the paths of trades hold a date/, refusedWith({ START_DATE: undefined })],
    [
      /timeline_mode: timeline_mode event needs module external_events; name it in modules/,
      refusedPass({ timeline_mode: 'event' }),
    ],
    [/l2_analytics: not available in this version/, refusedPass({ l2_analytics: { levels: 5 } })],
    [
      /PASSES\[0\].output.type: 'delta' is not available.*parquet, csv, ndjson, arrow/,
      refusedPass({ output: { type: 'delta' } }),
    ],
    [
      /QUALITY_CHECKS.ranges.Open: \[5, 1\] holds no value; write \[min, max\]/,
      refusedWith({ QUALITY_CHECKS: { ENABLED: true, ranges: { Open: [5, 1] } } }),
    ],
    [/SCHEMA_LOCK_MODE: raise needs a file; set SCHEMA_LOCK_PATH/, refusedWith({ SCHEMA_LOCK_MODE: 'raise' })],
    [/TABLES_TO_LOAD: there is no table 'trade'; did you mean 'trades'\?/, refusedWith({ TABLES_TO_LOAD: 'trade' })],
    [
      /attribute_filters.Price.mn: unknown key; did you mean 'min'\?/,
      refusedPass({
        trade_analytics: { generic_metrics: [{ measures: 'VWAP', attribute_filters: { Price: { mn: 1 } } }] },
      }),
    ],
    [
      /output_name_pattern: unknown placeholder \{sid\}; did you mean \{side\}\?/,
      refusedPass({ trade_analytics: { generic_metrics: [{ measures: 'VWAP', output_name_pattern: 'X{sid}' }] } }),
    ],
    [/PASSES\[0\].sort_keys: not available in this version/, refusedPass({ sort_keys: 5 })],
    [/PASSES\[0\].modules: every module is switched off/, refusedPass({ trade_analytics: { ENABLED: false } })],
  ]
  for (const [pattern, report] of table) {
    const lines = await report
    t.equal(lines.length, 1, `one line, not ${lines.length}: ${lines.join(' | ')}`)
    t.match(lines[0], pattern)
  }
})

t.test('rules over several keys', async t => {
  const twice = { PASSES: [GOOD.PASSES[0], { ...GOOD.PASSES[0], output: { root: 'other' } }] }
  t.strictSame(await refusedWith(twice), ["config: PASSES[1].name: 'bars' is already the name of PASSES[0]"])
  const shared = {
    PASSES: [GOOD.PASSES[0], { ...GOOD.PASSES[0], name: 'b' }],
    OUTPUT_TARGET: { path_template: '{root}/x.parquet' },
  }
  t.strictSame(await refusedWith(shared), [
    'config: OUTPUT_TARGET.path_template: pass b would write the same path as pass bars; use {pass} or another path_template',
  ])
  t.match((await refusedWith({ OUTPUT_TARGET: { path_template: '{bucket}/{pass}' } })).join(), '{bucket} has no value')
  const mapped = { DATA: { tables: { trades: { columns: { MIC: 'm' }, constants: { MIC: 'XLON' } } } } }
  t.match((await refusedWith(mapped)).join(), 'constants.MIC: MIC is also mapped in columns')
  t.match(
    (await refusedWith({ NUM_WORKERS: 2, EXECUTION: { workers: 4 } })).join(),
    /NUM_WORKERS: 2 differs from EXECUTION.workers 4 at config/,
  )
  t.match(
    (await refusedWith({ DATA: { reference: 'a', tables: { reference: { path: 'b' } } } })).join(),
    /DATA.reference: 'a' differs/,
  )
  t.equal((await load({ object: { ...GOOD, NUM_WORKERS: 2, EXECUTION: { workers: 2 } } })).config.EXECUTION.workers, 2)
})

t.test('warnings, and strict', async t => {
  const object = {
    ...GOOD,
    EAGER_EXECUTION: true,
    BATCHING_STRATEGY: 'polars_scan',
    DATA_SOURCE_PATH: ['bmll', 'other'],
    DATA: { tables: { trades: { columns: { Quux: 'q' } } } },
    OUTPUT_TARGET: { preserve_index: false },
  }
  const { warnings, config, report } = await load({ object })
  t.strictSame(warnings, [
    'warning: config: EAGER_EXECUTION: has no meaning here; remove it',
    'warning: config: OUTPUT_TARGET.preserve_index: has no meaning here; remove it',
    "warning: config: BATCHING_STRATEGY: 'polars_scan' is read as 'streaming'; write streaming",
    "warning: config: DATA_SOURCE_PATH[1]: there is no source 'other'; DATA says where tables lie",
    'warning: config: DATA.tables.trades.columns.Quux: is no canonical column of trades, so it is kept as an extra one; name it under extra',
  ])
  t.equal(config.EXECUTION.batching_strategy, 'streaming')
  t.equal((await refused({ object }, { strict: true })).length, 5)
  t.strictSame(await refused({ object: GOOD }, { strict: true }), [])
  t.strictSame(report([{ severity: 'warning', path: 'PASSES[bars].modules', problem: 'late', hint: 'so' }]), [
    'warning: config: PASSES[0].modules: late; so',
  ])
})

t.test('a block without its module is a warning', async t => {
  const other = { ...fixtureRegistry().get('modules', 'trade'), name: 'other', block: 'other_analytics' }
  const registry = fixtureRegistry().add({ other }, 'test')
  const raw = await readConfig([{ object: { ...GOOD, PASSES: [{ ...GOOD.PASSES[0], other_analytics: {} }] } }])
  t.strictSame(validateConfig(raw, registry).warnings, [
    'warning: config: PASSES[0].other_analytics: has no effect; modules does not name other',
  ])
  const off = { ...GOOD.PASSES[0], modules: ['trade', 'other'], other_analytics: { ENABLED: false } }
  const loaded = validateConfig(await readConfig([{ object: { ...GOOD, PASSES: [off] } }]), registry)
  t.strictSame(loaded.config.PASSES[0].modules, ['trade'])
  t.strictSame(loaded.warnings, ['warning: config: PASSES[0].modules: module other is switched off by ENABLED: false'])
})

t.test('keys that ask for nothing are accepted', async t => {
  const keys = {
    SKIP_EXISTING_OUTPUT: false,
    DEFAULT_FFILL: false,
    QUALITY_CHECKS: { ENABLED: false, null_rate_max: 0.3 },
    SCHEDULES: [],
  }
  const pass = { fill: {}, sort_keys: null, l2_analytics: {}, l3_analytics: { ENABLED: false } }
  const { warnings } = await load({ object: { ...GOOD, ...keys, PASSES: [{ ...GOOD.PASSES[0], ...pass }] } })
  t.strictSame(warnings, [])
})

t.test('checks that are written and off are warnings', async t => {
  const limits = { null_rate_max: 0.3 }
  const { warnings } = await load({
    object: {
      ...GOOD,
      QUALITY_CHECKS: limits,
      SCHEMA_LOCK_PATH: 'lock.json',
      PASSES: [{ ...GOOD.PASSES[0], quality_checks: limits }],
    },
  })
  t.strictSame(warnings, [
    'warning: config: QUALITY_CHECKS: has no effect without ENABLED; add ENABLED: true',
    'warning: config: PASSES[0].quality_checks: has no effect without ENABLED; add ENABLED: true',
    'warning: config: SCHEMA_LOCK_PATH: has no effect while SCHEMA_LOCK_MODE is off; set it to warn, raise or update',
  ])
})

t.test('a long report is cut', async t => {
  const unknown = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`K${i}`, i]))
  const lines = await refusedWith(unknown)
  t.equal(lines.length, 501)
  t.equal(lines[500], 'and 100 more')
})

t.test('the form knows every key', t => {
  const schema = jsonSchema(fixtureRegistry()) as JsonSchema & { properties: Record<string, JsonSchema> }
  t.match(schema, { $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false })
  t.match(schema.properties.START_DATE, { 'x-basalt': { section: 'Core' }, description: /inclusive/ })
  t.match(schema.properties.SCHEDULES, { 'x-basalt': { section: 'Automation', available: false } })
  const pass = (schema.properties.PASSES as { items: { properties: Record<string, JsonSchema> } }).items.properties
  const { type } = schema.properties.OUTPUT_TARGET.properties as Record<string, JsonSchema>
  t.match(type, { 'x-basalt': { unavailable_values: ['delta', 'sql'] } })
  t.match(pass.l2_analytics, { 'x-basalt': { available: false } })
  const block = pass.trade_analytics as {
    properties: Record<string, { items: { properties: Record<string, JsonSchema> } }>
  }
  const measures = block.properties.generic_metrics.items.properties.measures
  t.match(measures, {
    description: 'what to compute',
    anyOf: [{ enum: ['VWAP', 'Volume', 'Count', 'OHLC'] }, { type: 'array' }],
  })
  const sections = Object.entries(schema.properties).filter(
    ([, each]) => !(each['x-basalt'] as { section?: string })?.section,
  )
  t.strictSame(sections, [], 'every key of a run has a section')
  t.end()
})
