import type { Column } from '../../core/batch.js'
import type { ColumnBinding, DataFile } from '../../core/dataset.js'
import { BasaltError } from '../../core/error.js'
import type { Scalar } from '../../core/expr.js'
import { dayOf } from '../../core/time.js'

/** Returns a column whose rows all hold one value, or null. Text that the type cannot hold is a data fault. */
export function filledColumn(binding: ColumnBinding, value: Scalar | null, rows: number): Column {
  return { ...filled(binding, value, rows), uniform: true }
}

function filled(binding: ColumnBinding, value: Scalar | null, rows: number): Column {
  const { type } = binding
  const valid = value === null ? new Uint8Array(rows) : null
  switch (type) {
    case 'str':
      return { type, values: new Int32Array(rows), valid, dictionary: { words: [value === null ? '' : String(value)] } }
    case 'f64':
      return { type, values: new Float64Array(rows).fill(value === null ? NaN : number(binding, value)), valid }
    case 'i64':
    case 'ts':
      return { type, values: new BigInt64Array(rows).fill(value === null ? 0n : integer(binding, value)), valid }
    case 'i32':
      return { type, values: new Int32Array(rows).fill(value === null ? 0 : small(binding, value)), valid }
    case 'date':
      return { type, values: new Int32Array(rows).fill(value === null ? 0 : day(binding, value)), valid }
  }
}

/** Returns what a file's path says under a key: its text, the day of `date`, or null. Keys are matched in any case. */
export function partitionValue(file: DataFile, key: string): Scalar | null {
  const lower = key.toLowerCase()
  const written = Object.keys(file.keys).find(each => each.toLowerCase() === lower)
  if (written !== undefined) return file.keys[written] === NULL_PARTITION ? null : file.keys[written]
  if (lower === 'date') return file.day
  return lower === 'mic' ? file.mic : null
}

const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__'

function misfit({ name, type }: ColumnBinding, value: Scalar): BasaltError {
  return new BasaltError('data', `value '${value}' is no ${type}`, { field: name })
}

function number(binding: ColumnBinding, value: Scalar): number {
  const result = typeof value === 'string' && value.trim() === '' ? NaN : Number(value)
  if (!Number.isFinite(result)) throw misfit(binding, value)
  return result
}

function integer(binding: ColumnBinding, value: Scalar): bigint {
  if (/^[+-]?\d+$/.test(String(value))) {
    const result = BigInt(value)
    if (BigInt.asIntN(64, result) === result) return result
  }
  throw misfit(binding, value)
}

function small(binding: ColumnBinding, value: Scalar): number {
  if (binding.codes) {
    const word = typeof value === 'boolean' ? String(value).toUpperCase() : String(value)
    if (Object.hasOwn(binding.codes, word)) return binding.codes[word]
  }
  const result = Number(integer(binding, value))
  if ((result | 0) !== result) throw misfit(binding, value)
  return result
}

function day(binding: ColumnBinding, value: Scalar): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  const text = String(value)
  const result = dayOf(/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text)
  if (result === undefined) throw misfit(binding, value)
  return result
}
