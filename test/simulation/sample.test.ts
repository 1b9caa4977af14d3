import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import t from 'tap'
import { type SampleOptions, TRADE_TABLES, writeSample } from '../../lib/sample/write.js'

const options = { listings: 6, trades: 3000, days: 2, start: '2026-02-06', rowGroupRows: 1000 }
const small = { ...options, tables: TRADE_TABLES }

/** Writes a sample below the test's own directory and returns each file's path there and its hash. */
async function hashes(out: string, chosen: Omit<SampleOptions, 'out'>) {
  const sample = await writeSample({ out, ...chosen })
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

t.test('order books come with the rest, to the same bytes, and leave the files of trades as they are', async t => {
  const dir = t.testdir()
  const all = { ...options, days: 1, layout: 'bmll' } as const
  const one = await hashes(`${dir}/one`, all)
  const { files: two } = await hashes(`${dir}/two`, all)
  t.same(one.files, two)
  const books = [
    'CBBO/XLON/2026/02/06/cbbo-XLON-20260206.parquet',
    'CBBO/XPAR/2026/02/06/cbbo-XPAR-20260206.parquet',
    'Equity-L3/XLON/2026/02/06/l3-XLON-20260206.parquet',
    'Equity-L3/XPAR/2026/02/06/l3-XPAR-20260206.parquet',
    'Equity/XLON/2026/02/06/XLON-20260206.parquet',
    'Equity/XPAR/2026/02/06/XPAR-20260206.parquet',
    'Imbalance/XLON/2026/02/06/imbalance-XLON-20260206.parquet',
    'Imbalance/XPAR/2026/02/06/imbalance-XPAR-20260206.parquet',
  ]
  const { files: trades } = await hashes(`${dir}/trades`, { ...all, tables: TRADE_TABLES })
  t.same(Object.keys(one.files).sort(), [...Object.keys(trades), ...books].sort())
  for (const [path, hash] of Object.entries(trades)) t.equal(one.files[path], hash, path)
  const { sample, files: orders } = await hashes(`${dir}/orders`, { ...all, tables: ['l3'] })
  t.match(sample, { rows: 0, tables: ['l3'] }, 'no trades were written')
  t.same(Object.keys(orders), books.slice(2, 4))
  for (const [path, hash] of Object.entries(orders)) t.equal(one.files[path], hash, path)

  const footer = async (path: string) => parquetMetadataAsync(await asyncBufferFromFile(`${dir}/one/${path}`))
  for (const path of [books[2], books[4]]) {
    const groups = (await footer(path)).row_groups.map(group => Number(group.num_rows))
    t.ok(
      groups.length > 2 && groups.slice(0, -1).every(rows => rows === 1000),
      'row groups are as long as was asked for',
    )
  }
  await t.rejects(writeSample({ out: dir, ...options, tables: ['l4' as 'l3'] }), { message: /no table 'l4'/ })
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
