import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { EnabledStatistics, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm'
import t from 'tap'
import type { Wanted } from '../../lib/core/dataset.js'
import { columnsOf } from '../../lib/core/expr.js'
import { describeFile } from '../../lib/io/dataset.js'
import { close, scan } from '../../lib/io/parquet/index.js'
import { Random } from '../../operators/simulation/random.js'
import { folderFor } from '../exec/folder.js'
import { bindingsOf, valuesOf } from './shared.js'
import { conditionOf, FORMS, fileOf, meeting, ROWS, read, SEED, same } from './wanted-rows.js'

t.setTimeout(300_000)
t.teardown(() => close())

t.test('pages that are not read change no row', async t => {
  const folder = folderFor(t)
  const random = new Random(SEED, 0x9a9e)
  let total = 0
  for (const k of FORMS.keys()) {
    const file = await fileOf(folder, k)
    const columns = bindingsOf(file)
    const whole = await read(file, columns, 4096)
    let unread = 0
    let less = 0
    const TRIALS = 24
    for (let trial = 0; trial < TRIALS; trial++) {
      const where = conditionOf(random, columns, whole.rows)
      const some = columns.filter(({ name }) => random.chance(0.15) || columnsOf(where).includes(name))
      const found = await read(file, some, random.pick([100, 4096, 65_536]), { where, columns })
      const what = `form ${k}, trial ${trial}: ${JSON.stringify(where)}`
      const lost = (await meeting(file, columns, where)).find(row => !found.rows.has(row))
      if (lost !== undefined) t.fail(`${what}: row ${lost} is lost`)
      const places = some.map(each => columns.indexOf(each))
      for (const [row, values] of found.rows) {
        const expected = whole.rows.get(row)!
        if (
          !same(
            values,
            places.map(place => expected[place]),
          )
        )
          t.fail(`${what}: row ${row} is another`)
      }
      unread += found.unread
      if (found.unread > 0) less++
    }
    t.comment(`form ${k}: ${less} of ${TRIALS} read less, ${Math.round((100 * unread) / TRIALS / ROWS)} % of all rows`)
    total += unread
  }
  t.ok(total > FORMS.length * 24 * ROWS * 0.2)
})

t.test('page indexes of another writer are used', async t => {
  const path = join(folderFor(t), 'other.parquet')
  const count = 60_000
  const table = tableFromArrays({
    a: BigInt64Array.from({ length: count }, (_, i) => BigInt(i >> 4)),
    s: Array.from({ length: count }, (_, i) => `L${100_000 + (i >> 6)}`),
  })
  const properties = new WriterPropertiesBuilder()
    .setDataPageSizeLimit(8192)
    .setWriteBatchSize(512)
    .setStatisticsEnabled(EnabledStatistics.Page)
    .build()
  writeFileSync(path, writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream')), properties))
  const file = await describeFile(path)
  const columns = bindingsOf(file)
  const wanted: Wanted = { where: { op: 'in', args: [{ op: 'col', name: 's' }], values: ['L100500'] }, columns }
  let rows = 0
  let found = 0
  for await (const chunk of scan({ file, rowGroup: 0, columns, batchRows: 1000, wanted })) {
    rows += chunk.rows
    found += valuesOf(chunk.required('s'), chunk.rows).filter(word => word === 'L100500').length
  }
  t.equal(found, 64)
  t.ok(rows < count / 2, `${rows} of ${count} rows were read`)
})
