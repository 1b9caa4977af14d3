import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder)
const config = configFile(folder, BARS)
const whole = await basalt(['stream', 'run', config, '--format', 'csv'], folder)
const truncated = 'sample-market/trades/date=2026-02-03/mic=XPAR/part-0.parquet'
truncateSync(join(folder, truncated), 5000)

const otherDate = whole.stdout.split('\r\n').filter(line => !line.startsWith('2026-02-03'))

for (const workers of ['1', '2']) {
  t.test(`a truncated file fails its unit alone, with ${workers} workers`, async t => {
    const streamed = await basalt(['stream', 'run', config, '--format', 'csv', '--workers', workers], folder)
    t.equal(streamed.code, 3)
    t.match(streamed.stderr, /^failed: unit bars@2026-02-03: .*date=2026-02-03\/mic=XPAR\/part-0\.parquet/m)
    t.notMatch(streamed.stderr, /\n\s+at /)
    t.same(streamed.stdout.split('\r\n'), otherDate, 'the other date is complete')

    const root = `out-${workers}`
    const run = await basalt(['pipeline', 'run', config, '--output-root', root, '--workers', workers], folder)
    t.equal(run.code, 3)
    t.match(run.stderr, /^failed: unit bars@2026-02-03: .*part-0\.parquet/m)
    t.match(run.stdout, /1 of 2 units/)
    const files = readdirSync(join(folder, root), { recursive: true, withFileTypes: true }).filter(
      each => each.isFile() && (!each.parentPath.includes('_basalt') || each.name.endsWith('.tmp')),
    )
    t.equal(files.length, 1, 'one output, no temporary file')

    const report = await basalt(['pipeline', 'run', config, '--output-root', root, '--json'], folder)
    t.equal(report.code, 3)
    const [pass] = JSON.parse(report.stdout).passes
    t.match(pass, { units: 2, failed: [{ unit: 'bars@2026-02-03', where: { file: /part-0\.parquet$/ } }] })
  })
}

t.test('fail_fast ends with 1 and publishes nothing', async t => {
  const streamed = await basalt(
    ['stream', 'run', config, '--format', 'csv', '--fail-fast', '--out', 'bars.csv'],
    folder,
  )
  t.match(streamed, { code: 1, stderr: /^failed: unit bars@2026-02-03/ })
  t.notOk(existsSync(join(folder, 'bars.csv')))
  const run = await basalt(['pipeline', 'run', config, '--fail-fast', '--output-root', 'none'], folder)
  t.match(run, { code: 1, stderr: /^failed: unit bars@2026-02-03/ })
  t.strictSame(readdirSync(join(folder, 'none')), ['_basalt'])
})

t.test('damage inside a row group is found when it is read', async t => {
  const path = join(folder, 'sample-market/trades/date=2026-02-04/mic=XLON/part-0.parquet')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xff, 100, 4000))
  const { code, stderr, stdout } = await basalt(
    ['stream', 'run', config, '--format', 'csv', '--events', 'e.ndjson'],
    folder,
  )
  t.equal(code, 3)
  t.match(stderr, /failed: unit bars@2026-02-04: .*date=2026-02-04\/mic=XLON\/part-0\.parquet, row group 0/)
  t.equal(stdout.trimEnd().split('\r\n').length, 1, 'the heading alone')
  const events = readFileSync(join(folder, 'e.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.same(
    events.filter(({ kind }) => kind === 'failed').map(({ unit }) => unit),
    ['bars@2026-02-03', 'bars@2026-02-04'],
  )
  t.match(
    events.find(({ kind }) => kind === 'failed'),
    { error: { fault: 'data', problem: /\S/, where: { file: /part-0\.parquet$/, unit: 'bars@2026-02-03' } } },
  )
  t.ok(events.some(({ kind }) => kind === 'start') && events.some(({ kind }) => kind === 'end'))
})
