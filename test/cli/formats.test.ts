import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile, fixture, shell } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder)
const config = configFile(folder, BARS)
const stream = (...flags: string[]) => basalt(['stream', 'run', config, ...flags], folder)

t.test('every format holds the same rows', async t => {
  const csv = await stream('--format', 'csv')
  t.match(csv, { code: 0, stderr: '' })
  const [head, ...lines] = csv.stdout.trimEnd().split(/\r?\n/)
  t.ok(lines.length > 20)
  t.match(lines[0], /^2026-02-03,\d+,2026-02-03T\d\d:00:00\.000000000Z,/)

  const ndjson = await stream('--format', 'ndjson')
  t.match(ndjson, { code: 0, stderr: '' })
  const objects = ndjson.stdout
    .trimEnd()
    .split(/\r?\n/)
    .map(line => JSON.parse(line))
  t.equal(objects.length, lines.length)
  t.equal(Object.keys(objects[0]).join(','), head)
  t.same(
    objects.map(({ Close }) => String(Close ?? '')),
    lines.map(line => line.split(',')[head.split(',').indexOf('Close')]),
  )

  const table = await stream('--format', 'table')
  t.match(table, { code: 0, stderr: '' })
  const [shown, below] = table.stdout.trimEnd().split('\n\n')
  t.equal(shown.split('\n').length, lines.length + 2, 'a heading, a rule and the rows')
  const [name, ...sparklines] = below.split('\n')
  t.equal(name, 'Close, first to last')
  t.equal(sparklines.length, 4, 'a line for each listing')
  for (const line of sparklines) t.match(line, /^\d+ [A-Z]+ +[▁-█]+ +[\d.]+ → [\d.]+$/)
  const closes = lines
    .filter(line => line.includes(',100009465,'))
    .map(line => line.split(',')[head.split(',').indexOf('Close')])
  t.match(sparklines[0], ` ${closes[0]} → ${closes.at(-1)}`)
  const cut = await stream('--format', 'table', '--limit', '1')
  t.equal(cut.stdout.trimEnd().split('\n').length, 3, 'one row makes no line')
  t.notMatch(csv.stdout, /[▁-█→]/)

  const quoted = await stream('--format', 'ndjson', '--int64', 'string', '--limit', '1')
  t.type(JSON.parse(quoted.stdout).ListingId, 'string')
})

t.test('arrow on a pipe is read by apache-arrow in another process', async t => {
  const { code, stdout, stderr } = await shell(
    `basalt stream run ${config} | "${process.execPath}" "${fixture('consumer.mjs')}"`,
    folder,
  )
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const csv = await stream('--format', 'csv')
  const [head, ...lines] = csv.stdout.trimEnd().split(/\r?\n/)
  const found = JSON.parse(stdout)
  t.equal(found.rows, lines.length)
  t.equal(found.columns.join(','), head)
  t.ok(found.checksum > 0)
})

t.test('--out FILE appears when it is whole', async t => {
  const { code, stdout } = await stream('--format', 'arrow', '--out', 'out/bars.arrow')
  t.match({ code, stdout }, { code: 0, stdout: '' })
  t.same(readdirSync(join(folder, 'out')), ['bars.arrow'])
  const table = tableFromIPC(readFileSync(join(folder, 'out/bars.arrow')))
  const csv = await stream('--format', 'csv', '--out', 'out/bars.csv')
  t.equal(csv.code, 0)
  t.equal(readFileSync(join(folder, 'out/bars.csv'), 'utf8').trimEnd().split(/\r?\n/).length, table.numRows + 1)

  // What is there stays when a run fails.
  writeFileSync(join(folder, 'out/kept.csv'), 'as it was')
  const failed = await stream('--format', 'csv', '--out', 'out/kept.csv', '--data-root', 'nowhere')
  t.equal(failed.code, 2)
  t.equal(readFileSync(join(folder, 'out/kept.csv'), 'utf8'), 'as it was')
  t.same(readdirSync(join(folder, 'out')).sort(), ['bars.arrow', 'bars.csv', 'kept.csv'])
  t.match(await stream('--format', 'table', '--out', 'out/bars.txt'), { code: 2, stderr: /--format table/ })
})

t.test('a reader that leaves is no failure', async t => {
  for (const format of ['table', 'arrow']) {
    const line = `basalt stream run ${config} --set 'PASSES[0].time_bucket_seconds=1' --format ${format} | head -c 300 | wc -c`
    t.match(await shell(line, folder), { code: 0, stderr: '', stdout: /300/ }, format)
  }
  const five = await shell(`basalt stream run ${config} --format csv --workers 2 | head -5`, folder)
  t.match(five, { code: 0, stderr: '' })
  t.equal(five.stdout.trimEnd().split(/\r?\n/).length, 5)
})

t.test('--order time and --limit', async t => {
  const { stdout } = await stream('--format', 'csv', '--order', 'time', '--limit', '7')
  const lines = stdout.trimEnd().split(/\r?\n/).slice(1)
  t.equal(lines.length, 7)
  const labels = lines.map(line => line.split(',')[2])
  t.same(labels, labels.toSorted())
})
