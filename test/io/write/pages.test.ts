import { join } from 'node:path'
import t from 'tap'
import { writeRows } from './files.js'
import { difference, READERS } from './readers.js'
import { rowsOfKinds } from './rows.js'

t.test('columns that allow no null, one row, and pages of any size', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  for (const [count, pageBytes] of [
    [1, 1],
    [2, 1],
    [9, 8],
    [129, 64],
    [700, 777],
    [900, 1 << 20],
  ]) {
    const rows = rowsOfKinds(count, count, 0, false)
    for (const encoding of count < 100 ? ([undefined, 'plain', 'dictionary', 'delta'] as const) : [undefined]) {
      const bytes = await writeRows(path, rows, { compression: 'none' }, { pageBytes, encoding })
      for (const [name, read] of Object.entries(READERS)) {
        t.equal(difference(await read(path, bytes, rows), rows), undefined, `${name} ${count} ${encoding}`)
      }
    }
  }
})
