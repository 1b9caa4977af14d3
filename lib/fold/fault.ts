import { BasaltError, type Column, columnsOf, type Expr, stampText, valueText } from '../core/index.js'

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
  const shown = keys.map(({ name, column }) => `${name} ${valueText(column, entity)}`)
  if (bucket !== null) shown.push(`${bucket} ${stampText(label)}`)
  return new BasaltError(error.fault, `${shown.join(', ')}: ${error.problem}`, {
    field: columnsOf(...inputs).join(', '),
  })
}
