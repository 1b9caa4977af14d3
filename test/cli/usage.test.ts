import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile, shell } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder, { trades: 300 })
const config = configFile(folder, BARS)

t.test('wrong usage exits with 2 and suggests', async t => {
  const cases: [string[], RegExp][] = [
    [['streem'], /unknown command 'streem'[\s\S]*Did you mean stream\?/],
    [['stream', 'rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
    [['stream', 'run', config, '--fromat', 'csv'], /unknown option '--fromat'[\s\S]*Did you mean --format\?/],
    [['stream', 'run', config, '--format', 'xml'], /Allowed choices are arrow, ndjson, csv, table/],
    [['stream', 'run', config, '--workers', 'two'], /It must be a whole number/],
    [['stream', 'run', config, '--limit', '0'], /above 0/],
    [['stream', 'run'], /no config is named/],
    [['stream', 'run', 'none.yaml'], /none\.yaml: no such file/],
    [['stream', 'run', config, '--pass', 'bar'], /no pass 'bar'; did you mean 'bars'\?/],
    [['pipeline', 'run', config, '--pass', 'bars', '--pass', 'nothing'], /no pass 'nothing'; passes are bars/],
    [['analytics', 'explain', 'TradeTotalVWAPP'], /did you mean 'TradeTotalVWAP'\?/],
    [['analytics', 'list', '--module', 'trad'], /did you mean 'trade'\?/],
    [['sample', '--listings', '4'], /required option '--out <dir>'/],
    [[], /Usage: basalt/],
  ]
  for (const [args, pattern] of cases) {
    const { code, stdout, stderr } = await basalt(args, folder)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, pattern)
    t.equal(stdout, '', 'stdout is for data')
    t.notMatch(stderr, /\n\s+at /, 'no stack for a mistake of the user')
  }
})

t.test('flags that disagree', async t => {
  const cases: [string[], string][] = [
    [['--workers', '2', '--set', 'EXECUTION.workers=4'], '--workers 2 conflicts with --set EXECUTION.workers=4'],
    [['--workers', '2', '--set', 'NUM_WORKERS=4'], '--workers 2 conflicts with --set NUM_WORKERS=4'],
    [['--workers', '2', '--num-workers', '3'], '--workers 2 conflicts with --num-workers 3'],
    [
      ['--date', '2026-02-03', '--set', 'END_DATE=2026-02-04'],
      '--date 2026-02-03 conflicts with --set END_DATE=2026-02-04',
    ],
    [
      ['--memory', '1GB', '--set', 'EXECUTION.memory_budget=2GB'],
      '--memory 1GB conflicts with --set EXECUTION.memory_budget=2GB',
    ],
    [
      ['--fail-fast', '--set', 'EXECUTION.fail_fast=false'],
      '--fail-fast conflicts with --set EXECUTION.fail_fast=false',
    ],
    [['--set', 'DATASETNAME=a', '--set', 'DATASETNAME=b'], '--set DATASETNAME=a conflicts with --set DATASETNAME=b'],
  ]
  for (const [flags, line] of cases) {
    const { code, stderr } = await basalt(['pipeline', 'plan', config, ...flags], folder)
    t.equal(code, 2)
    t.equal(stderr.split('\n')[0], line)
  }
  const both = await basalt(['pipeline', 'plan', config, '--date', '2026-02-03', '--end-date', '2026-02-04'], folder)
  t.match(both, { code: 2, stderr: /--date stands for both ends/ })
  const agreed = await basalt(['pipeline', 'plan', config, '--workers', '2', '--set', 'EXECUTION.workers=2'], folder)
  t.match(agreed, { code: 0, stderr: '' })
})

t.test('flags change what is run', async t => {
  const csv = async (...flags: string[]) => {
    const { code, stdout, stderr } = await basalt(['stream', 'run', config, '--format', 'csv', ...flags], folder)
    t.match({ code, stderr }, { code: 0, stderr: '' }, flags.join(' '))
    return stdout.trimEnd().split(/\r?\n/)
  }
  const all = await csv()
  const day = await csv('--date', '2026-02-04')
  t.same(
    day.slice(1),
    all.filter(line => line.startsWith('2026-02-04')),
  )
  t.same(await csv('--start-date', '2026-02-04', '--end-date', '2026-02-04'), day)
  t.ok((await csv('--set', 'PASSES[bars].time_bucket_seconds=600')).length > all.length)
  t.match(
    (await csv('--set', 'PASSES[0].trade_analytics.generic_metrics=[{measures: [VWAP]}]'))[0],
    /MarketState,TradeTotalVWAP$/,
  )
  t.ok((await csv('--universe', 'mic=XLON')).slice(1).every(line => line.includes(',XLON,')))
  const two = {
    PASSES: [
      { ...BARS.PASSES[0], name: 'hours' },
      { ...BARS.PASSES[0], name: 'days', timeline_mode: 'daily_analytics' },
    ],
  }
  configFile(folder, { ...BARS, ...two }, 'two.yaml')
  const named = async (...flags: string[]) => {
    const { stdout } = await basalt(['stream', 'run', 'two.yaml', '--format', 'csv', ...flags], folder)
    return stdout.split('\n').length
  }
  t.ok((await named('--pass', 'hours')) > (await named()), 'the last pass unless one is named')
  t.equal(await named('--pass', 'days'), await named())
})

t.test('configs as JSON text, and lists that are merged', async t => {
  const text = JSON.stringify(BARS)
  const { code, stdout } = await shell(`basalt stream run --user-config-json '${text}' --format csv | wc -l`, folder)
  t.match({ code, stdout }, { code: 0, stdout: /^\s*\d\d/ })
  writeFileSync(join(folder, 'more.yaml'), 'DATASETNAME: merged\nEND_DATE: 2026-02-03\n')
  const { stdout: shown } = await basalt(['pipeline', 'config', config, 'more.yaml'], folder)
  t.match(shown, /DATASETNAME\s+"merged"\s+more\.yaml:1:14/)
  t.match(shown, /START_DATE\s+"2026-02-03"\s+config\.yaml:1:13/)
})

const MISTAKES = `START_DATE: 2026-02-30
LOGING_LEVEL: INFO
EXECUTION: { memory_budget: "512", workers: 0 }
DATA:
  root: guarded
  layout: hive
  tables:
    trades:
      columns: { Prce: px }
      time_unit: sec
PASSES:
  - name: bars
    modules: [trade]
    time_bucket_secs: 60
    trade_analytics:
      generic_metrics:
        - measures: Vwap
  - modules: trade
    sort_keys: [MIC]
END_DATE: 2026-02-03
`

t.test('ten mistakes are ten located lines, and no data is touched', async t => {
  mkdirSync(join(folder, 'guarded/trades/date=2026-02-03/mic=XLON'), { recursive: true })
  writeFileSync(join(folder, 'guarded/trades/date=2026-02-03/mic=XLON/part-0.parquet'), 'no Parquet at all')
  writeFileSync(join(folder, 'mistakes.yaml'), MISTAKES)
  for (const command of [
    ['stream', 'run'],
    ['pipeline', 'run'],
  ]) {
    const { code, stdout, stderr } = await basalt([...command, 'mistakes.yaml'], folder)
    t.match({ code, stdout }, { code: 2, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    t.equal(lines.filter(line => /^mistakes\.yaml:\d+:\d+: \S+: \S/.test(line)).length, 10, stderr)
    t.equal(lines.length, 11)
    t.equal(lines[10], '10 problems; nothing was read')
    t.notMatch(stderr, /Parquet/)
  }
})
