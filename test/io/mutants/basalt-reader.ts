import { type Column, columnOf, type RecordBatch } from '../../../lib/core/batch.js'
import type { ColumnBinding, DataFile } from '../../../lib/core/dataset.js'
import { BasaltError } from '../../../lib/core/error.js'
import { describeFile, readTable } from '../../../lib/io/dataset.js'
import { close } from '../../../lib/io/parquet/index.js'
import { bindingsOf } from '../shared.js'
import { ColumnDigest, type ColumnOutcome, type Outcome, type Refusal, type Tag } from './outcome.js'

/** Reads every column that a stage can hold; after a failure each alone, so that one bad column hides no other. */
export async function read(path: string, _wanted?: readonly number[], detail = false): Promise<Outcome> {
  let file: DataFile
  try {
    file = await describeFile(path)
  } catch (error) {
    return { refusal: refusalOf(error, path), names: [], columns: [] }
  }
  const names = file.columns.map(column => column.name)
  const columns: Outcome['columns'] = names.map(() => null)
  // Of columns of one name only the first can be asked for.
  const bindings = bindingsOf(file).filter((each, i, all) => all.findIndex(({ name }) => name === each.name) === i)
  try {
    const batches = bindings.length > 0 ? await readTable([file], bindings) : []
    for (const binding of bindings) columns[names.indexOf(binding.name)] = digested(batches, binding, file, detail)
  } catch (error) {
    for (const binding of bindings) {
      columns[names.indexOf(binding.name)] =
        bindings.length === 1 ? refusalOf(error, path) : await alone(file, binding, detail)
    }
  }
  await close(path)
  return { names, columns }
}

async function alone(file: DataFile, binding: ColumnBinding, detail: boolean): Promise<ColumnOutcome> {
  try {
    return digested(await readTable([file], [binding]), binding, file, detail)
  } catch (error) {
    return refusalOf(error, file.path)
  }
}

/** Describes an error: what Basalt owes is a BasaltError that names the file. */
export function refusalOf(error: unknown, path: string): Refusal {
  const refused = error instanceof Error ? error.message : String(error)
  const known = error instanceof BasaltError
  return { refused, fault: known ? error.fault : 'none', named: known && refused.includes(path) }
}

function digested(batches: RecordBatch[], binding: ColumnBinding, file: DataFile, detail: boolean): ColumnOutcome {
  const tag = tagOf(binding, file)
  const digest = new ColumnDigest(tag, detail)
  for (const batch of batches) add(digest, columnOf(batch, binding.name)!, binding)
  return digest.outcome()
}

const TAGS: Record<ColumnBinding['type'], Tag> = {
  f64: 'number',
  i64: 'int',
  i32: 'int',
  str: 'text',
  ts: 'stamp',
  date: 'day',
}

function tagOf({ name, type }: ColumnBinding, file: DataFile): Tag {
  return file.columns.find(column => column.name === name)!.type === 'bool' ? 'flag' : TAGS[type]
}

function add(digest: ColumnDigest, column: Column, { text }: ColumnBinding): void {
  const { values } = column
  const valid = column.valid?.slice(0, values.length) ?? new Uint8Array(values.length).fill(1)
  if (column.type === 'str') {
    const { words } = column.dictionary
    if (text) {
      digest.integers(
        BigInt64Array.from(column.values, code => (words[code] === 'TRUE' ? 1n : 0n)),
        valid,
      )
      return
    }
    const known = new Map<number, Buffer>()
    const encoded = (code: number) => {
      let bytes = known.get(code)
      if (!bytes) known.set(code, (bytes = Buffer.from(words[code])))
      return bytes
    }
    digest.texts(Array.from(column.values, (code, row) => (valid[row] ? encoded(code) : null)))
  } else if (column.type === 'f64') digest.numbers(column.values.slice(), valid)
  else if (values instanceof BigInt64Array) digest.integers(values.slice(), valid)
  else digest.integers(BigInt64Array.from(values as Int32Array, BigInt), valid)
}
