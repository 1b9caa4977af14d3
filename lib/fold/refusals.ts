import {
  type AggregateParameters,
  BasaltError,
  type Chunk,
  type Column,
  type Expr,
  type GrowingColumn,
  valueText,
} from '../core/index.js'
import type { CellTable } from '../wasm/index.js'
import type { Reach } from './touch.js'

/** Throws for the first row that meets a condition that none may. `held` evaluates it for the rows that are still in. */
export function refuseRows(
  chunk: Chunk,
  refused: AggregateParameters['refused'],
  held: (where: Expr) => Uint8Array,
): void {
  for (const { where, problem, fields } of refused) {
    const row = held(where).subarray(0, chunk.rows).indexOf(1)
    if (row < 0) continue
    const shown = fields.map(name => `${name} = ${shownValue(chunk.required(name), row)}`).join(', ')
    throw new BasaltError('data', `${problem} (${shown})`, { row, field: fields[0] })
  }
}

/** Tells that no row can meet a condition: without the columns it needs, a check costs no pass over the rows. */
export function never(where: Expr): boolean {
  if (where.op === 'not') return where.args[0].op === 'true'
  return where.op === 'and' && where.args.some(never)
}

/** Throws for a row whose time is outside of its footer's: bars are finished early on the word of footers. */
export function refuseOutside(
  chunk: Chunk,
  time: Float64Array,
  range: { least: number; greatest: number },
  { span: { first, last } }: Reach,
  field: string | null,
): void {
  if (range.least >= first && range.greatest <= last) return
  const row = time.findIndex((at, row) => row < chunk.rows && chunk.holds(row) && (at < first || at > last))
  if (row < 0) return
  const problem = 'the event time lies outside of what the footer states of its row group: the statistics are wrong'
  throw new BasaltError('data', problem, { row, field: field ?? undefined })
}

/** Throws where a cell from `from` on, new in its row group, is of a listing that its footer does not state. */
export function refuseStrangers({ owners }: CellTable, from: number, key: GrowingColumn, stated: Reach): void {
  const listings = key.view()
  for (let cell = from; cell < owners.length; cell++) {
    if (stated.mayHold(owners[cell], listings)) continue
    const listing = valueText(listings, owners[cell])
    const problem = `listing ${listing} is not among those that the footer states of its row group: the statistics are wrong`
    throw new BasaltError('data', problem, { field: key.spec.name })
  }
}

function shownValue(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  return column.type === 'str' ? `'${column.dictionary.words[column.values[row]]}'` : String(column.values[row])
}
