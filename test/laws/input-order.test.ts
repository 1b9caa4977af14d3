import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { discover } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'
import { MARKET, marketConfig, smallMarket } from './market.js'
import { outputOf } from './outputs.js'
import { type Row, rowsOf } from './rows.js'
import { shuffleTrades } from './shuffled.js'

t.setTimeout(300_000)

/** Columns that add doubles in the order of rows; all others must not change at all. */
const ADDS = /Volume$|Notional|VWAP|AvgPrice|DiscrepancyToEBBO(Std)?$|Imbalance|Kyle/

t.test('the order in which files are listed changes nothing', async t => {
  const config = await smallMarket(folderFor(t), { trades: 1000 })
  const { root } = config.DATA
  const { files } = await discover({ root, layout: 'hive', table: 'trades', bmll: { folder: '', prefix: '' } })
  const paths = files.map(({ relative }) => relative)
  t.equal(paths.length, 4)
  const listed = (path: string[]) => outputOf({ ...config, DATA: { ...config.DATA, tables: { trades: { path } } } })
  const { hashes: expected } = await listed(paths)
  const orders = fc.shuffledSubarray(paths, { minLength: paths.length })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(orders, async path => {
        const { hashes } = await listed(path)
        for (const format of Object.keys(expected)) {
          if (hashes[format] !== expected[format]) throw new Error(`${format} differs for ${path}`)
        }
      }),
      { numRuns: 3 },
    ),
  )
})

t.test('unsorted input gives the values of sorted input', async t => {
  const folder = folderFor(t)
  const config = await smallMarket(folder)
  const expected = await rowsOf(basalt({ ...config, DATA: { ...config.DATA, tables: {} } }).stream())
  t.ok(expected.length > 100)
  for (const [seed, rowGroupRows, workers] of [
    [1, MARKET.rowGroupRows, 2],
    [2, 10_000, 1],
  ]) {
    const root = join(folder, `shuffled-${seed}`)
    await shuffleTrades(config.DATA.root, root, seed, rowGroupRows)
    const other = marketConfig(root)
    const found = await rowsOf(
      basalt({ ...other, DATA: { ...other.DATA, tables: {} }, EXECUTION: { workers } }).stream(),
    )
    t.equal(found.length, expected.length)
    t.same(differences(expected, found), [], `seed ${seed}`)
  }
})

/** Lists cells that differ: any bit of an exact column, more than rounding in a sum. */
function differences(expected: Row[], found: Row[]): string[] {
  return expected.flatMap((row, i) =>
    Object.entries(row).flatMap(([name, value]) => {
      const other = found[i]?.[name]
      if (Object.is(value, other)) return []
      const close = ADDS.test(name) && typeof value === 'number' && typeof other === 'number' && near(value, other)
      return close ? [] : [`row ${i} ${name}: ${value} became ${other}`]
    }),
  )
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
