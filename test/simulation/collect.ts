import { createHash } from 'node:crypto'
import { columnOf, type RecordBatch } from '../../lib/core/index.js'
import type { SimulatedTable } from '../../operators/simulation/desk.js'
import { type SimulationOptions, simulate } from '../../operators/simulation/market.js'

export type Row = Record<string, string | number | bigint | null>

export const DAY = 20_487 // 2026-02-03

export const small: SimulationOptions = {
  listings: 7,
  tradesPerDay: 4000,
  days: [DAY],
  markets: ['XLON', 'XPAR'],
  seed: 1,
  tables: ['reference', 'trades', 'marketstate'],
}

/** Reads a batch as rows; dictionary codes become words. */
export function rowsOf(batch: RecordBatch): Row[] {
  const rows: Row[] = Array.from({ length: batch.numRows }, () => ({}))
  for (const { name } of batch.schema.fields) {
    const column = columnOf(batch, name)!
    for (let i = 0; i < batch.numRows; i++) {
      const value = column.values[i]
      const known = column.type === 'str' ? column.dictionary.words[Number(value)] : value
      rows[i][name] = column.valid && !column.valid[i] ? null : known
    }
  }
  return rows
}

/** Runs a simulation and returns each table's rows in the order in which they came. */
export function collect(options: SimulationOptions) {
  const none = { trades: [], reference: [], marketstate: [], l2: [], l3: [], cbbo: [], imbalance: [] }
  const tables: Record<SimulatedTable, Row[]> = none
  for (const { table, batch } of simulate(options)) tables[table].push(...rowsOf(batch))
  return tables
}

/** Hashes every value of every column, whatever the batches. */
export function contentHash(rows: readonly Row[]): string {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(`${Object.values(row).map(String).join('|')}\n`)
  return hash.digest('hex').slice(0, 16)
}
