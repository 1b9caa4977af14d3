import { BasaltError, type Column, columnsOf, dayText, type Expr, stampText } from '../core/index.js'

/** Names the listing, the bucket and the columns of a cell whose state cannot be read. */
export function cellFault(
  keys: readonly { name: string; column: Column }[],
  entity: number,
  bucket: string | null,
  label: bigint,
  inputs: readonly Expr[],
  error: unknown,
): unknown {
  if (!(error instanceof BasaltError)) return error
  const shown = keys.map(({ name, column }) => `${name} ${shownKey(column, entity)}`)
  if (bucket !== null) shown.push(`${bucket} ${stampText(label)}`)
  return new BasaltError(error.fault, `${shown.join(', ')}: ${error.problem}`, {
    field: columnsOf(...inputs).join(', '),
  })
}

/** Writes a key for people. */
export function shownKey(column: Column, row: number): string {
  if (column.type === 'date') return dayText(column.values[row])
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}
