import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { writeRows } from './files.js'
import { type Rows, rowsOfKinds, textOf } from './rows.js'

const parquetjs = createRequire(import.meta.url)('parquetjs-lite') // it has no types

// parquetjs-lite knows PLAIN, Snappy and integers up to 2 ** 53: what it can read, it has to read right.
const READABLE = [
  'i64_runs',
  'i64_steps',
  'i32_any',
  'i32_ends',
  'f64_any',
  'f64_few',
  'bool_any',
  'str_few',
  'str_own',
]

function readable(rows: Rows): Rows {
  const kept = READABLE.map(name => rows.specs.findIndex(spec => spec.name === name))
  const take = <Item>(items: Item[]) => kept.map(i => items[i])
  return { specs: take(rows.specs), columns: take(rows.columns), values: take(rows.values) }
}

t.test('parquetjs-lite reads plain pages', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  for (const nulls of [0, 0.4]) {
    const rows = readable(rowsOfKinds(23, 1500, nulls))
    for (const compression of ['snappy', 'none'] as const) {
      await writeRows(path, rows, { compression, rowGroupRows: 1000 }, { encoding: 'plain', pageBytes: 2048 })
      const reader = await parquetjs.ParquetReader.openFile(path)
      const cursor = reader.getCursor()
      const found: Record<string, unknown>[] = []
      for (let row = await cursor.next(); row; row = await cursor.next()) found.push(row)
      await reader.close()
      t.equal(found.length, 1500)
      for (const [i, { name }] of rows.specs.entries()) {
        t.strictSame(
          found.map(row => textOf(typeof row[name] === 'boolean' ? Number(row[name]) : (row[name] ?? null))),
          rows.values[i].map(textOf),
          `${name} ${nulls} ${compression}`,
        )
      }
    }
  }
})
