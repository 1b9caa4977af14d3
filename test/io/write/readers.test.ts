import { join } from 'node:path'
import t from 'tap'
import { writeRows } from './files.js'
import { difference, READERS } from './readers.js'
import { rowsOfKinds } from './rows.js'

const CODECS = ['none', 'snappy', 'zstd'] as const
const ENCODINGS = [undefined, 'plain', 'dictionary', 'delta'] as const

for (const [reader, read] of Object.entries(READERS)) {
  t.test(`${reader} reads every type, encoding and codec`, async t => {
    const path = join(t.testdir(), 'rows.parquet')
    for (const [k, nulls] of [0, 0.5, 1].entries()) {
      const rows = rowsOfKinds(k + 1, 700, nulls)
      for (const [i, encoding] of ENCODINGS.entries()) {
        const compression = CODECS[(i + k) % 3]
        const bytes = await writeRows(path, rows, { compression, rowGroupRows: 500 }, { encoding, pageBytes: 2048 })
        t.equal(difference(await read(path, bytes, rows), rows), undefined, `${nulls} ${encoding} ${compression}`)
      }
    }
  })
}
