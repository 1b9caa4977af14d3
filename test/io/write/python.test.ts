import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { writeArrow, writeRows } from './files.js'
import { rowsOfKinds } from './rows.js'

const CODECS = ['zstd', 'snappy', 'none'] as const
const run = promisify(execFile)
const python = process.env.BASALT_PYTHON ?? 'python3'
const script = resolve(import.meta.dirname, '../../../../test/io/write/read.py')

async function missing(module: string): Promise<string | false> {
  const found = await run(python, ['-c', `import ${module}`]).catch(() => undefined)
  return found ? false : `name a Python that has ${module} in BASALT_PYTHON to enable this`
}

/** Returns a value as read.py prints it. */
function printed(type: string, value: unknown): string | null {
  if (value === null) return null
  if (type !== 'f64') return String(value)
  const bits = Buffer.alloc(8)
  bits.writeDoubleBE(value as number)
  return bits.toString('hex')
}

for (const module of ['pyarrow', 'polars']) {
  t.test(`${module} reads every type, encoding and codec`, { skip: await missing(module) }, async t => {
    const directory = t.testdir()
    const files = [undefined, 'plain', 'dictionary', 'delta'].map((encoding, k) => {
      const rows = rowsOfKinds(29 + k, 1500, [0, 0.4, 0.4, 1][k])
      return { path: join(directory, `${k}.parquet`), rows, encoding, compression: CODECS[k % 3] }
    })
    for (const { path, rows, encoding, compression } of files) {
      const options = { compression, rowGroupRows: 1000, sortedBy: [rows.specs[0].name] }
      await writeRows(path, rows, options, { encoding: encoding as never, pageBytes: 2048 })
    }
    const rows = rowsOfKinds(33, 1500, 0.4)
    const path = join(directory, 'rows.arrow')
    await writeArrow(path, rows)
    const all = [...files, { path, rows, encoding: 'arrow', compression: 'none' }]
    const paths = all.map(({ path }) => path)
    const { stdout } = await run(python, [script, module, ...paths], { maxBuffer: 2 ** 26 })
    for (const [k, found] of JSON.parse(stdout).entries()) {
      const { rows, encoding, compression } = all[k]
      for (const [i, { name, type }] of rows.specs.entries()) {
        const wanted = rows.values[i].map(value => printed(type, value))
        t.equal(found[name].join(), wanted.join(), `${name} ${encoding} ${compression}`)
      }
    }
  })
}
