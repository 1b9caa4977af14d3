import type { Column } from './batch.js'
import { Interner } from './interner.js'
import { pick } from './pick.js'

/** Returns a column like another one, of other values: what was told of the old ones does not hold. */
export function withValues(column: Column, values: Column['values'], valid: Uint8Array | null): Column {
  const told = { coded: undefined, uniform: undefined, whole: undefined, voided: undefined }
  return { ...column, ...told, values, valid } as Column
}

/** Joins columns of one type end to end, in memory of their own. Words of text columns are numbered afresh. */
export function concat(parts: readonly Column[]): Column {
  const [first] = parts
  const rows = parts.reduce((total, part) => total + part.values.length, 0)
  const Values = first.values.constructor as new (length: number) => typeof first.values
  const values = new Values(rows)
  const valid = parts.some(part => part.valid) ? new Uint8Array(rows).fill(1) : null
  const interner = new Interner()
  let at = 0
  for (const part of parts) {
    if (part.type === 'str') {
      const table = interner.translate(part.dictionary)
      for (let i = 0; i < part.values.length; i++) values[at + i] = table[part.values[i]] ?? 0
    } else {
      // biome-ignore lint/suspicious/noExplicitAny: columns of one type have one array type.
      values.set(part.values as any, at)
    }
    if (part.valid) valid?.set(part.valid, at)
    at += part.values.length
  }
  const joined = withValues(first, values, valid)
  return joined.type === 'str' ? { ...joined, dictionary: interner.snapshot() } : joined
}

/** Copies rows `rows[0..count)` of a column into a new one. Used where a filter or a sort rewrites a batch. */
export function take(column: Column, rows: Int32Array, count: number): Column {
  if (column.coded) return takeCoded(column.coded, column.valid, rows, count)
  const Values = column.values.constructor as new (length: number) => typeof column.values
  const values = new Values(count)
  pick(column.values, rows, count, values)
  let valid: Uint8Array | null = null
  if (column.valid) {
    valid = new Uint8Array(count)
    pick(column.valid, rows, count, valid)
  }
  return { ...column, values, valid, coded: undefined } as Column
}

/** Copies rows by their codes: values of other rows, which may not have been looked up yet, are not. */
function takeCoded(
  { codes, dictionary }: NonNullable<Column['coded']>,
  present: Uint8Array | null,
  rows: Int32Array,
  count: number,
): Column {
  const own = new Int32Array(count)
  pick(codes, rows, count, own)
  const taken = take({ ...dictionary, valid: null, coded: undefined } as Column, own, count)
  if (!present) return taken
  const valid = new Uint8Array(count)
  pick(present, rows, count, valid)
  const nothing = taken.type === 'f64' ? Number.NaN : taken.type === 'i64' || taken.type === 'ts' ? 0n : 0
  for (let k = 0; k < count; k++) if (!valid[k]) taken.values[k] = nothing as never
  return { ...taken, valid, whole: undefined } as Column
}

/** Returns rows of a column, null where the row is -1. */
export function takeFound(column: Column, rows: Int32Array): Column {
  if (!rows.includes(-1)) return take(column, rows, rows.length)
  const Values = column.values.constructor as new (length: number) => typeof column.values
  const valid = new Uint8Array(rows.length)
  if (column.values.length === 0) return withValues(column, new Values(rows.length), valid)
  const taken = take(
    column,
    rows.map(row => Math.max(row, 0)),
    rows.length,
  )
  const nothing = taken.values instanceof BigInt64Array ? 0n : 0
  for (let i = 0; i < rows.length; i++) {
    valid[i] = rows[i] >= 0 && (!taken.valid || taken.valid[i]) ? 1 : 0
    // Arrow writes what lies under a null, too: it must not depend on other rows.
    if (rows[i] < 0) taken.values[i] = nothing
  }
  return withValues(taken, taken.values, valid)
}

/** Returns the values of one column and, where it has none, of another of its type. */
export function firstKnown(first: Column, other: Column): Column {
  if (!first.valid) return first
  const both = concat([first, other])
  const rows = first.values.length
  return take(
    both,
    Int32Array.from(first.valid, (known, row) => (known ? row : row + rows)),
    rows,
  )
}
