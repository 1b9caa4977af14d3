import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile, fixture } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder, { trades: 300 })
const config = configFile(folder, BARS)

async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await basalt(args, folder)
  t.match({ code, stderr }, { code: 0, stderr: '' }, args.join(' '))
  return stdout
}

t.test('a plan draws the passes, and by what each can be computed in parts', async t => {
  const later = (name: string, module: string, block: object) => ({
    name,
    modules: [module],
    [`${module}_analytics`]: { source_pass: 'bars', ...block },
  })
  const volumes = { aggregations: { TradeTotalVolume: 'sum' } }
  const average = { talib_indicators: [{ name: 'SMA', input_col: 'TradeTotalVolume' }] }
  const passes = [
    later('markets', 'generic', { ...volumes, group_by: ['MIC', 'TimeBucket'] }),
    later('averages', 'generic', { ...volumes, ...average, group_by: ['MIC', 'TimeBucket'] }),
    later('whole', 'generic', { ...volumes, ...average, group_by: ['TimeBucket'] }),
    later('exponents', 'hurst', { columns: ['Close'] }),
  ]
  const file = configFile(folder, { ...BARS, PASSES: [...BARS.PASSES, ...passes] }, 'later.yaml')
  const text = await printed('pipeline', 'plan', file)
  for (const line of ['markets (by Date)', 'averages (by MIC)', 'whole (by the whole run)', 'exponents (by ListingId)'])
    t.match(text, `bars ──▶ ${line}\n`)
})

t.test('a plan is plain data that does not change', async t => {
  const text = await printed('pipeline', 'plan', config, '--json')
  t.equal(await printed('pipeline', 'plan', config, '--json'), text)
  const plan = JSON.parse(text)
  t.match(plan, {
    passes: [
      {
        name: 'bars',
        modules: ['trade'],
        table: 'trades',
        files: 4,
        rows: 600,
        units: [{ id: 'bars@2026-02-03' }, {}],
      },
    ],
    configHash: /^[0-9a-f]{64}$/,
  })
  const names = plan.passes[0].columns.map(({ name }: { name: string }) => name)
  t.same(names.slice(-4), ['Close', 'TradeTotalVolume', 'TradeTotalCount', 'TradeTotalVWAP'])
  const shared = plan.passes[0].folds.find(({ usedBy }: { usedBy: string[] }) => usedBy.length > 1)
  t.ok(!shared || shared.usedBy.length > 1)
  t.notMatch(text, new RegExp(folder), 'no place of this machine')
  const hash = (other: string) => JSON.parse(other).configHash
  t.equal(
    hash(await printed('pipeline', 'plan', config, '--json', '--workers', '1', '--memory', '1GB')),
    plan.configHash,
  )
  t.not(hash(await printed('pipeline', 'plan', config, '--json', '--set', 'DATASETNAME=other')), plan.configHash)
  t.match(await printed('pipeline', 'plan', config), /pass bars: modules trade over trades, buckets of 3600 s/)
})

t.test('config --resolved shows every value and where it comes from', async t => {
  const text = await printed('pipeline', 'config', config, '--resolved', '--workers', '2', '--set', 'BATCH_FREQ=D')
  for (const line of [
    /^START_DATE\s+"2026-02-03"\s+config\.yaml:1:13$/m,
    /^EXECUTION\.workers\s+2\s+--workers 2$/m,
    /^BATCH_FREQ\s+"D"\s+--set BATCH_FREQ=D$/m,
    /^EXECUTION\.batch_rows\s+16384\s+default$/m,
  ]) {
    t.match(text, line)
  }
  t.notMatch(await printed('pipeline', 'config', config), / default$/m)
  const listed = JSON.parse(await printed('pipeline', 'config', config, '--json'))
  t.ok(listed.length > 30 && listed.every(({ path, origin }: Record<string, unknown>) => path && origin))
})

t.test('analytics list and explain', async t => {
  const listed: { module: string; columns: string[] }[] = JSON.parse(await printed('analytics', 'list', '--json'))
  t.ok(listed.length > 50)
  t.ok(listed.some(({ columns }) => columns.includes('TradeTotalVWAP')))
  const retail = JSON.parse(await printed('analytics', 'list', '--json', '--module', 'retail_imbalance'))
  t.ok(retail.length > 0 && retail.every(({ module }: { module: string }) => module === 'retail_imbalance'))
  const items = JSON.parse(await printed('analytics', 'list', '--json', '--module', 'trade_characteristics'))
  t.equal(items.length, 17)
  t.ok(items.every(({ pick, columns }: { pick: string; columns: string[] }) => columns.join() === pick))
  t.match(
    await printed('analytics', 'explain', 'TradeHasTradeId'),
    /from +trade_characteristics_analytics\.items: TradeHasTradeId$/m,
  )
  const executions = JSON.parse(await printed('analytics', 'list', '--json', '--module', 'execution'))
  t.same(
    executions.map(({ columns }: { columns: string[] }) => columns[0]).slice(2, 4),
    ['TradeImbalance', 'LitVolumeBuyAggressor'],
    'with what the module makes of another table',
  )
  const ratio = await printed('analytics', 'explain', 'QuoteToTradeRatio')
  t.match(ratio, /nulls +null when .* a denominator is zero[\s\S]*from +l2_analytics\.microstructure_metrics/)
  t.equal(ratio.match(/^QuoteToTradeRatio$/gm)?.length, 1, 'its divisor is no column')
  const own = await printed('analytics', 'list', '--module', 'trade', '--pack', fixture('own-metric.mjs'))
  t.match(own, /LargeVolume/)
  t.match(await printed('analytics', 'explain', 'TradeTotalVWAP'), /formula\s+Σpq \/ Σq/)
  const [explained] = JSON.parse(await printed('analytics', 'explain', 'TradeTotalVWAP', config, '--json'))
  t.match(explained, { name: 'TradeTotalVWAP', merge: 'R', from: /\S/ })
  t.ok(explained.inputs.includes('Size'), 'what it reads here')
})

t.test('a module that makes rows of its own is described as others are', async t => {
  const pass = { name: 'own', modules: ['bars'], bars_analytics: { type: 'volume', threshold: 5000 } }
  const own = configFile(folder, { ...BARS, PASSES: [pass] }, 'own.yaml')
  const text = await printed('pipeline', 'plan', own)
  t.match(text, /pass own: modules bars over trades, one row a bar, of each listing and date by itself/)
  t.match(text, /^ *bars +LocalPrice, Size +\(\(Size > 0\).* BarIndex, TimeBucket, .*, IsComplete$/m)
  const { passes } = JSON.parse(await printed('pipeline', 'plan', own, '--json'))
  t.match(passes[0], { row: 'bar', folds: [{ kernel: 'bars' }] })
  const listed = JSON.parse(await printed('analytics', 'list', '--json', '--module', 'bars'))
  t.same(
    listed.map(({ columns: [name] }: { columns: string[] }) => name),
    'BarIndex TimeBucket BarStart Open High Low Close Volume Count VWAP IsComplete'.split(' '),
  )
  t.match(
    await printed('analytics', 'explain', 'IsComplete'),
    /false for the bar that is open[\s\S]*from +bars_analytics/,
  )
  t.match(await printed('analytics', 'explain', 'BarIndex', own), /inputs +.*Size[\s\S]*PASSES\[0\]\.bars_analytics/)
  t.match(await printed('pipeline', 'schema'), /"imbalance"/)
})

t.test('datasets, validate and schema', async t => {
  const [trades] = JSON.parse(await printed('pipeline', 'datasets', config, '--json'))
  t.match(trades, {
    table: 'trades',
    files: 4,
    dates: ['2026-02-03', '2026-02-04'],
    markets: ['XLON', 'XPAR'],
    rows: 600,
  })
  t.match(await printed('pipeline', 'validate', config), /^valid: bars \(\d+ columns\)/)
  const schema = JSON.parse(await printed('pipeline', 'schema'))
  t.ok(schema.properties.PASSES)
  await printed('pipeline', 'schema', '--out', 'schema.json')
  t.same(JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8')), schema)
})

t.test('--events is NDJSON', async t => {
  await printed('pipeline', 'run', config, '--events', 'events.ndjson', '--workers', '2')
  const events = readFileSync(join(folder, 'events.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(events[0], { kind: 'start', pass: 'bars', units: 2, rows: 600 })
  t.same(
    events.filter(({ kind }) => kind === 'unit').map(({ unit }) => unit),
    ['bars@2026-02-03', 'bars@2026-02-04'],
  )
  t.ok(events.some(({ kind, file }) => kind === 'written' && file.path.endsWith('.parquet')))
  const report = events.find(({ kind }) => kind === 'end').report
  t.match(report, { pass: 'bars', failed: [], rowsIn: 600 })
})
