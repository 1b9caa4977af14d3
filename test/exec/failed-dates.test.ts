import '../support/plain-threads.js'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { PendingFile } from '../../lib/io/sinks/file.js'
import { duck } from '../support/duck.js'
import { folderFor } from './folder.js'

t.setTimeout(300_000)

const DAYS = ['2026-02-03', '2026-02-04']
const LISTINGS = 24
const GROUP = 2048

const folder = folderFor(t)
const market = join(folder, 'market')
const pathOf = (day: string) => join(market, `date=${day}`, 'trades.parquet')
for (const day of DAYS) mkdirSync(join(market, `date=${day}`), { recursive: true })
// A listing a row group, a bar a trade: four listings fill a batch of 8,192 bars, which leaves before the last ones are read.
await duck(
  DAYS.map(
    day => `COPY (SELECT 100 + i // ${GROUP} AS ListingId, TIMESTAMP '${day} 10:00:00' + to_seconds(i % ${GROUP}) AS
        TradeTimestamp, 100.0 + i % 7 AS Price, 10.0 AS Size FROM range(${LISTINGS * GROUP}) AS r(i))
      TO '${pathOf(day)}' (FORMAT parquet, ROW_GROUP_SIZE ${GROUP})`,
  ),
)
const config = {
  START_DATE: DAYS[0],
  END_DATE: DAYS[1],
  DATASETNAME: 'failing',
  DATA: { root: market, layout: 'date={date}/{table}.parquet', tables: { trades: { columns: {} } } },
  PASSES: [
    {
      name: 'bars',
      modules: ['trade'],
      time_bucket_seconds: 1,
      trade_analytics: { generic_metrics: [{ measures: ['OHLC'] }] },
    },
  ],
}

/** Runs the config with a target of this name and returns what it left. */
async function run(name: string, path: string, workers: number) {
  const root = join(folder, name)
  const target = { root, path_template: `{root}/${path}.parquet`, row_group_rows: 1000 }
  const report = await basalt({ ...config, EXECUTION: { workers }, OUTPUT_TARGET: target }).run()
  const files = Object.fromEntries(
    readdirSync(root)
      .filter(file => file !== '_basalt')
      .map(file => [file, readFileSync(join(root, file))]),
  )
  return { report, files, failed: report.passes[0].failed.map(({ unit }) => unit) }
}

/** Overwrites the last row group of a file. */
function damage(path: string): void {
  const bytes = readFileSync(path)
  const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer)
  t.ok(row_groups.length > 1)
  for (const { meta_data } of row_groups[row_groups.length - 1].columns) {
    const at = Number(meta_data?.dictionary_page_offset ?? meta_data?.data_page_offset)
    bytes.fill(0xff, at, at + Number(meta_data?.total_compressed_size))
  }
  writeFileSync(path, bytes)
}

const rowsIn = (bytes: Buffer) => Number(parquetMetadata(new Uint8Array(bytes).buffer).num_rows)

t.test('a date that fails when some of its bars are written already is left out', async t => {
  const whole = await run('whole', '{date}', 1)
  t.same(Object.keys(whole.files).sort(), ['2026-02-03.parquet', '2026-02-04.parquet'])
  const both = await run('both', 'bars', 1)
  const [first, second] = ['2026-02-03', '2026-02-04'].map(day => whole.files[`${day}.parquet`])
  t.equal(rowsIn(both.files['bars.parquet']), rowsIn(first) + rowsIn(second))

  damage(pathOf(DAYS[0]))
  const create = PendingFile.create
  t.teardown(() => (PendingFile.create = create))
  const opened: string[] = []
  PendingFile.create = path => {
    if (path.endsWith('.parquet')) opened.push(basename(path))
    return create.call(PendingFile, path)
  }
  for (const workers of [1, 2]) {
    opened.length = 0
    const daily = await run(`daily-${workers}`, '{date}', workers)
    t.same(daily.failed, ['bars@2026-02-03'])
    // With threads, the last listing may be read before the first.
    if (workers === 1)
      t.same(
        opened,
        DAYS.map(day => `${day}.parquet`),
        'bars of the failed date were under way',
      )
    t.same(Object.keys(daily.files), ['2026-02-04.parquet'])
    t.ok(daily.files['2026-02-04.parquet'].equals(second), 'the other date is as it was')

    const one = await run(`one-${workers}`, 'bars', workers)
    t.same(one.failed, ['bars@2026-02-03'])
    t.same(Object.keys(one.files), ['bars.parquet'])
    t.equal(rowsIn(one.files['bars.parquet']), rowsIn(second), 'rows of the other date alone')
  }
})
