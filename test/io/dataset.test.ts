import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { batchOf, type ColumnSpec, schemaOf } from '../../lib/core/batch.js'
import { dayOf } from '../../lib/core/time.js'
import { type DatasetSpec, discover } from '../../lib/io/dataset.js'
import { openSink } from '../../lib/io/sinks/index.js'

const specs: ColumnSpec[] = [{ name: 'n', type: 'i32' }]
const bmll = { folder: 'Trades-Plus', prefix: 'trades-plus-' }

async function filled(root: string, paths: string[]): Promise<string> {
  for (const path of paths) {
    const sink = await openSink('parquet', { path: join(root, path), schema: schemaOf(specs) })
    await sink.write(batchOf(specs, [{ type: 'i32', values: Int32Array.of(1), valid: null }], 1))
    await sink.commit()
  }
  return root
}

const spec = (root: string, rest: Partial<DatasetSpec> = {}): DatasetSpec => ({
  root,
  layout: 'bmll',
  table: 'trades',
  bmll,
  ...rest,
})
const day = (text: string) => dayOf(text)!

t.test('layout bmll: file order, wanted days and markets, what is missing', async t => {
  const at = (mic: string, date: string) => {
    const [y, m, d] = date.split('-')
    return `Trades-Plus/${mic}/${y}/${m}/${d}/trades-plus-${mic}-${y}${m}${d}.parquet`
  }
  const paths = [at('XPAR', '2026-02-03'), at('XAMS', '2026-02-04'), at('XAMS', '2026-02-03'), at('XLON', '2025-12-31')]
  const root = await filled(t.testdir(), paths)
  const all = await discover(spec(root))
  t.strictSame(
    all.files.map(file => file.relative),
    [paths[3], paths[2], paths[0], paths[1]],
  )
  t.strictSame([all.files[0].day, all.files[0].mic, all.files[0].rowGroups[0].rows], [day('2025-12-31'), 'XLON', 1])
  t.equal(all.missing.length, 5)

  const days = [day('2026-02-03'), day('2026-02-04')]
  const some = await discover(spec(root, { markets: ['XAMS', 'XPAR'], days }))
  t.strictSame(
    some.files.map(file => file.relative),
    [paths[2], paths[0], paths[1]],
  )
  t.strictSame(some.missing, [{ day: day('2026-02-04'), mic: 'XPAR' }])
  const none = await discover(spec(root, { days: [day('2024-01-01')], markets: ['XAMS'] }))
  t.strictSame([none.files, none.missing], [[], [{ day: day('2024-01-01'), mic: 'XAMS' }]])
  t.match(none.patterns[0], 'Trades-Plus/{mic}/{yyyy}')
})

t.test('layout hive: keys in any order and case, further keys, broken files', async t => {
  const paths = [
    'trades/MIC=XPAR/Date=2026-02-03/b.parquet',
    'trades/MIC=XPAR/Date=2026-02-03/a.parquet',
    'trades/date=2026-02-03/mic=XAMS/session=a%20b/part.parquet',
    'trades/date=2026-02-05/x.parquet',
  ]
  const root = await filled(t.testdir(), paths)
  for (const path of ['trades/date=2026-02-04/mic=XAMS/bad.parquet', 'trades/date=2026-02-30/mic=XAMS/never.parquet']) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'PAR1 is not enough')
  }
  writeFileSync(join(root, 'trades/.hidden.parquet'), '')
  writeFileSync(join(root, 'trades/_SUCCESS'), '')
  const found = await discover(spec(root, { layout: 'hive' }))
  t.strictSame(
    found.files.map(file => file.relative),
    [paths[2], paths[1], paths[0], paths[3]],
  )
  t.strictSame(found.files[0].keys, { date: '2026-02-03', mic: 'XAMS', session: 'a b' })
  t.strictSame([found.files[3].day, found.files[3].mic], [day('2026-02-05'), null])
  t.strictSame(
    found.broken.map(({ relative, day, mic, error }) => [relative, day, mic, error.fault]),
    [
      ['trades/date=2026-02-04/mic=XAMS/bad.parquet', day('2026-02-04'), 'XAMS', 'data'],
      ['trades/date=2026-02-30/mic=XAMS/never.parquet', null, 'XAMS', 'data'],
    ],
  )
})

t.test('templates and path overrides', async t => {
  const root = await filled(t.testdir(), [
    'raw/trades_2026-02-03_XAMS.parquet',
    'raw/trades_2026-02-04_XPAR.parquet',
    'static.parquet',
  ])
  const template = await discover(spec(root, { layout: 'raw/{table}_{date}_{mic}.parquet', markets: ['XPAR'] }))
  t.strictSame(
    template.files.map(({ day, mic }) => [day, mic]),
    [[day('2026-02-04'), 'XPAR']],
  )
  const star = await discover(spec(root, { path: ['raw/*_{date}_*.parquet', join(root, 'raw/trades_*.parquet')] }))
  t.equal(star.files.length, 2)
  const reference = await discover(spec(root, { path: ['static.parquet'], days: [day('2026-02-03')] }))
  t.strictSame(
    reference.files.map(({ day, mic }) => [day, mic]),
    [[null, null]],
  )
  t.strictSame(reference.missing, [])
  const wrong = await discover(spec(root, { layout: 'raw/{dat}.parquet' })).catch(error => error)
  t.match(wrong, { fault: 'config', message: /'\{dat\}'.*did you mean '\{date\}'/ })
})
