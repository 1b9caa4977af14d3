import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import t from 'tap'
import { type SampleOptions, writeSample } from '../../lib/sample/write.js'

const small = { listings: 6, trades: 3000, days: 2, start: '2026-02-06', rowGroupRows: 1000 }

/** Writes a sample below the test's own directory and returns each file's path there and its hash. */
async function hashes(out: string, options: Omit<SampleOptions, 'out'>) {
  const sample = await writeSample({ out, ...options })
  const entries = sample.files.map(async ({ path, bytes }): Promise<[string, string]> => {
    const content = await readFile(path)
    t.equal(content.length, bytes)
    return [relative(out, path), createHash('sha256').update(content).digest('hex')]
  })
  return { sample, files: Object.fromEntries(await Promise.all(entries)) }
}

t.test('the same seed writes the same bytes, in layout hive', async t => {
  const dir = t.testdir()
  const progress: number[] = []
  const onProgress = ({ rows }: { rows: number }) => progress.push(rows)
  const one = await hashes(`${dir}/one`, { ...small, onProgress })
  const two = await hashes(`${dir}/two`, small)
  t.same(one.files, two.files)
  t.same(one.sample.days, ['2026-02-06', '2026-02-09'], 'weekends are skipped')
  t.match(one.sample, { rows: 6000, listings: 6 })
  t.equal(progress.at(-1), 6000)
  t.same(Object.keys(one.files).sort(), [
    'marketstate/date=2026-02-06/mic=XLON/part-0.parquet',
    'marketstate/date=2026-02-06/mic=XPAR/part-0.parquet',
    'marketstate/date=2026-02-09/mic=XLON/part-0.parquet',
    'marketstate/date=2026-02-09/mic=XPAR/part-0.parquet',
    'reference/date=2026-02-06/part-0.parquet',
    'reference/date=2026-02-09/part-0.parquet',
    'trades/date=2026-02-06/mic=XLON/part-0.parquet',
    'trades/date=2026-02-06/mic=XPAR/part-0.parquet',
    'trades/date=2026-02-09/mic=XLON/part-0.parquet',
    'trades/date=2026-02-09/mic=XPAR/part-0.parquet',
  ])
  const other = await hashes(`${dir}/other`, { ...small, seed: 2 })
  t.not(other.files['trades/date=2026-02-06/mic=XLON/part-0.parquet'], Object.values(one.files)[1])
})

t.test('files can be read by another reader', async t => {
  const dir = t.testdir()
  const { files } = await writeSample({ out: dir, ...small })
  let rows = 0
  for (const { path } of files.filter(file => file.path.includes('/trades/'))) {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    t.ok(metadata.row_groups.length > 1)
    rows += Number(metadata.num_rows)
    const [first] = await parquetReadObjects({ file, rowEnd: 1 })
    t.match(first, { MIC: /^X/, Classification: 'LIT_AUCTION', IsBlock: '-' })
  }
  t.equal(rows, 6000)
})

t.test('layout bmll has one file a market, reference included', async t => {
  const dir = t.testdir()
  const { files } = await hashes(dir, { ...small, days: 1, layout: 'bmll' })
  t.same(Object.keys(files).sort(), [
    'MarketState/XLON/2026/02/06/market-state-XLON-20260206.parquet',
    'MarketState/XPAR/2026/02/06/market-state-XPAR-20260206.parquet',
    'Reference/XLON/2026/02/06/reference-XLON-20260206.parquet',
    'Reference/XPAR/2026/02/06/reference-XPAR-20260206.parquet',
    'Trades-Plus/XLON/2026/02/06/trades-plus-XLON-20260206.parquet',
    'Trades-Plus/XPAR/2026/02/06/trades-plus-XPAR-20260206.parquet',
  ])
})

t.test('a market without trades has files without rows', async t => {
  const { files, rows } = await writeSample({ out: t.testdir(), ...small, listings: 1, trades: 0, days: 1 })
  t.equal(rows, 0)
  t.equal(files.filter(file => file.path.includes('/trades/') && file.rows === 0).length, 2)
})

t.test('a bad start or number of days is a config fault', async t => {
  const out = t.testdir()
  await t.rejects(writeSample({ out, ...small, start: '2026-02-30' }), { message: /start must be a date/ })
  await t.rejects(writeSample({ out, ...small, days: 0 }), { message: /days must be/ })
  await t.rejects(writeSample({ out, ...small, rowGroupRows: 0 }), { message: /rowGroupRows must be/ })
})
