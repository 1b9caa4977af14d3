import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ColumnBinding, DataFile } from '../../lib/core/dataset.js'
import { BasaltError } from '../../lib/core/error.js'
import { describeFile, readTable } from '../../lib/io/dataset.js'
import { bindingsOf, rowsOf, sharedData } from './shared.js'

const close = (a: number, b: number) => a === b || Math.abs(a - b) <= 1e-12 * Math.abs(b) // the oracle scales decimals by a double

/** Compares one value with that of the oracle, which knows milliseconds and doubles only. */
function agrees(value: unknown, expected: unknown, { type, text }: ColumnBinding): boolean {
  if (value === null || expected === null || expected === undefined) return value === (expected ?? null)
  if (Array.isArray(expected) && type === 'str') return Buffer.from(expected).equals(Buffer.from(value as string)) // raw bytes
  if (text) return value === String(expected).toUpperCase()
  if (type === 'f64') return close(value as number, Number(expected))
  if (type === 'i64') return String(value) === String(expected) || Number(value) === expected
  if (type === 'i32') return value === expected
  if (type === 'ts') return Date.parse(`${(value as string).slice(0, 23)}Z`) === Date.parse(String(expected))
  if (type === 'date') return (value as number) * 86_400_000 === Date.parse(String(expected))
  return typeof expected === 'string'
    ? value === expected
    : JSON.stringify(JSON.parse(value as string)) === JSON.stringify(expected)
}

async function compare(file: DataFile, expected: Record<string, unknown>[] | unknown[][], binding: ColumnBinding) {
  const position = file.columns.findIndex(column => column.name === binding.name)
  const batches = await readTable([file], [binding])
  const values = rowsOf(batches, binding.name)
  const rows = expected.map(row => (Array.isArray(row) ? row[position] : row[binding.name]))
  const wrong = values.findIndex((value, i) => !agrees(value, rows[i], binding))
  if (values.length !== rows.length) return `${values.length} rows instead of ${rows.length}`
  return wrong < 0 ? undefined : `row ${wrong}: ${values[wrong]} instead of ${JSON.stringify(rows[wrong])}`
}

/** Bytes without a text type that are no UTF-8, and integers that no column type holds, are refused, not bent. */
const REFUSED = /no UTF-8 text|unsigned_int64, row 2: value 9223372036854775808 is beyond/

const samples = sharedData('parquet', 'hyparquet')
t.test(
  'flat columns of the sample files have the values of their JSON',
  { skip: samples ? false : 'set BASALT_SHARED to the folder that holds data/parquet to run it' },
  async t => {
    let compared = 0
    for (const name of readdirSync(samples!).filter(each => each.endsWith('.parquet'))) {
      const path = join(samples!, name)
      let file: DataFile
      try {
        file = await describeFile(path)
      } catch (error) {
        t.ok(error instanceof BasaltError, `${name}: ${(error as Error).message}`)
        continue
      }
      const expected = JSON.parse(readFileSync(path.replace(/\.parquet$/, '.json'), 'utf8'))
      for (const binding of bindingsOf(file)) {
        try {
          const difference = await compare(file, expected, binding)
          t.equal(difference, undefined, `${name}: ${binding.name}`)
          compared++
        } catch (error) {
          t.ok(error instanceof BasaltError && REFUSED.test(error.message), `${name}: ${(error as Error).message}`)
        }
      }
    }
    t.ok(compared > 150, `${compared} columns compared`)
  },
)

const valid = sharedData('parquet', 'apache-parquet-testing', 'valid')
t.test(
  'valid files are read or refused with a reason',
  { skip: valid ? false : 'set BASALT_SHARED to the folder that holds data/parquet to run it' },
  async t => {
    const refused: string[] = []
    for (const name of readdirSync(valid!).filter(each => each.endsWith('.parquet'))) {
      try {
        const file = await describeFile(join(valid!, name))
        const stated = file.rowGroups.reduce((sum, group) => sum + group.rows, 0)
        for (const binding of bindingsOf(file)) {
          const batches = await readTable([file], [binding])
          t.equal(
            batches.reduce((sum, batch) => sum + batch.numRows, 0),
            stated,
            `${name}: ${binding.name}`,
          )
        }
      } catch (error) {
        t.ok(error instanceof BasaltError, `${name}: ${(error as Error).message}`)
        refused.push(name)
      }
    }
    t.comment(refused.join(' '))
    t.ok(refused.includes('datapage_v1-corrupt-checksum.parquet'), 'a wrong checksum is refused')
    t.ok(refused.includes('rle-dict-uncompressed-corrupt-checksum.parquet'), 'a wrong checksum is refused')
  },
)

const bad = sharedData('parquet', 'apache-parquet-testing', 'bad')
t.test(
  'known-bad files end in typed errors that name file and column',
  { skip: bad ? false : 'set BASALT_SHARED to the folder that holds data/parquet to run it' },
  async t => {
    for (const name of readdirSync(bad!)) {
      const path = join(bad!, name)
      const outcome = await (async () => {
        const file = await describeFile(path)
        const nested = file.columns.filter(column => column.type === null)
        for (const binding of bindingsOf(file)) await readTable([file], [binding])
        for (const { name } of nested) await readTable([file], [{ name, type: 'f64', source: name }])
        return file
      })().catch(error => error)
      if (outcome instanceof Error) {
        t.ok(outcome instanceof BasaltError && ['data', 'limit'].includes(outcome.fault), `${name}: ${outcome.message}`)
        t.match(outcome.message, path, 'names the file')
      } else t.equal(name, 'ARROW-GH-43605.parquet', `${name} is read`)
    }
  },
)
