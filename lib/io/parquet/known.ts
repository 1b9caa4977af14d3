import type { ColumnBinding, DataFile, FileColumn, Hint } from '../../core/dataset.js'
import type { Scalar } from '../../core/expr.js'
import type { Known } from '../../core/may-meet.js'
import { compareBytes } from '../../core/rank.js'
import { partitionValue } from './fill.js'

type Value = NonNullable<Known['least']>

const NS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n, auto: 1n } as const
const NS_PER_DAY = 86_400_000_000_000n

/**
 * Returns what is known of the column that a binding makes, in `rows` rows of a file of which it says `hint`. Bounds are
 * of what the file holds: they count where the values are the same, or are made of them in a way that keeps their order.
 */
export function knownOf(
  binding: ColumnBinding,
  file: DataFile,
  rows: number,
  hint: Hint | undefined,
): Known | undefined {
  const { type, source, partition, constant } = binding
  if (source === null) return knownConstant(binding, partition ? partitionValue(file, partition) : (constant ?? null))
  const column = file.columns.find(({ name }) => name === source)
  if (!column) return { type, nulls: 'all' } // a file that lacks a column has nulls there
  if (!hint || !column.type) return undefined
  const known: Known = { type, nulls: nullsOf(column, rows, hint.nulls) }
  const least = hint.min === undefined ? undefined : readBound(binding, column, hint.min)
  const greatest = hint.max === undefined ? undefined : readBound(binding, column, hint.max)
  if (least !== undefined && greatest !== undefined && beyond(least, greatest)) return known // no order that is known
  return { ...known, least, greatest }
}

/** Returns what is known of the column that a binding makes, in a whole row group. */
export function knownInRowGroup(binding: ColumnBinding, file: DataFile, rowGroup: number): Known | undefined {
  const { rows, bounds, hints } = file.rowGroups[rowGroup]
  const { source } = binding
  return knownOf(binding, file, rows, source === null ? undefined : (bounds[source] ?? hints?.[source]))
}

function nullsOf({ type }: FileColumn, rows: number, nulls: number | undefined): Known['nulls'] {
  if (nulls === rows) return 'all'
  return nulls === 0 && type !== 'f64' ? 'none' : 'some' // NaN is read as null, and no count has it
}

/** Returns the value that a bound of the file is read as; undefined where values may be read in another order. */
function readBound(binding: ColumnBinding, column: FileColumn, bound: Scalar): Value | undefined {
  const { type, codes, scale, text } = binding
  // Old writers ordered unsigned integers as signed ones.
  if (codes || scale !== undefined || column.physical.includes('UINT')) return undefined
  const integer = column.type === 'i64' || column.type === 'i32'
  switch (type) {
    case 'i64':
      return integer ? BigInt(bound) : undefined
    case 'i32':
      return integer ? Number(bound) : undefined
    case 'f64':
      return integer || (column.type === 'f64' && typeof bound === 'number') ? Number(bound) : undefined
    case 'str':
      if (column.type === 'bool') return text ? String(bound).toUpperCase() : undefined
      return column.type === 'str' && typeof bound === 'string' ? bound : undefined
    case 'ts':
      return stampOf(binding, column, bound)
    case 'date':
      if (column.type === 'date') return Number(bound)
      return dayOfStamp(stampOf(binding, column, bound))
  }
}

/** Returns ns since the epoch. Bounds of naive stamps are wall times: those of a zone are elsewhere, in another order. */
function stampOf({ type, timeUnit, timeZone = 'UTC' }: ColumnBinding, column: FileColumn, bound: Scalar) {
  if (column.type === 'ts') return timeZone === 'UTC' || column.physical.includes('UTC') ? BigInt(bound) : undefined
  if (column.type !== 'i64' && column.type !== 'i32') return undefined
  if (type === 'date' && timeUnit === undefined) return undefined // integers are no dates
  return BigInt(bound) * NS[timeUnit ?? 'auto']
}

function dayOfStamp(ns: bigint | undefined): number | undefined {
  if (ns === undefined) return undefined
  const rest = ns % NS_PER_DAY
  return Number((ns - (rest < 0n ? rest + NS_PER_DAY : rest)) / NS_PER_DAY)
}

function beyond(a: Value, b: Value): boolean {
  return typeof a === 'string' || typeof b === 'string' ? compareBytes(String(a), String(b)) > 0 : a > b
}

/** Returns what is known of a column that holds one value, where its type holds it as it is. */
function knownConstant({ type, codes }: ColumnBinding, value: Scalar | null): Known | undefined {
  if (value === null) return { type, nulls: 'all' }
  const one = (same: Value): Known => ({ type, least: same, greatest: same, nulls: 'none' })
  if (codes) return undefined
  if (type === 'str') return one(String(value))
  if (type === 'i64' || type === 'ts') return /^[+-]?\d{1,18}$/.test(String(value)) ? one(BigInt(value)) : undefined
  return typeof value === 'number' && Number.isInteger(value) ? one(value) : undefined
}
