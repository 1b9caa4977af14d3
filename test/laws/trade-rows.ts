import type { Column, ColumnSpec } from '../../lib/core/batch.js'
import type { Rows } from '../io/write/rows.js'
import type { DuckRow } from '../support/duck.js'

const TYPES: Record<string, ColumnSpec['type']> = {
  ListingId: 'i64',
  Ticker: 'str',
  TradeTimestamp: 'ts',
  Price: 'f64',
  Size: 'f64',
  Thousand: 'i64',
  Venue: 'str',
  Late: 'i32',
  Odd: 'bool',
}

const ARRAYS = { i64: BigInt64Array, ts: BigInt64Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array } as const

/** Makes rows that DuckDB has returned into columns, as the project's own writer takes them. */
export function tradeRows(rows: readonly DuckRow[]): Rows {
  const specs = Object.entries(TYPES).map(([name, type]): ColumnSpec => ({ name, type, nullable: true }))
  const values = specs.map(({ name }) => rows.map(row => row[name]))
  const columns = specs.map(({ type }, i): Column => {
    const valid = values[i].includes(null) ? Uint8Array.from(values[i], value => (value === null ? 0 : 1)) : null
    if (type === 'str') {
      const words = [...new Set(values[i].map(value => String(value ?? '')))]
      const codes = new Map(words.map((word, code) => [word, code]))
      const codeOf = (value: unknown) => codes.get(String(value ?? ''))!
      return { type, values: Int32Array.from(values[i], codeOf), valid, dictionary: { words } }
    }
    const Values = ARRAYS[type as keyof typeof ARRAYS]
    const none = Values === BigInt64Array ? 0n : 0
    return {
      type,
      values: (Values as typeof Float64Array).from(values[i] as number[], v => v ?? (none as 0)),
      valid,
    } as Column
  })
  return { specs, columns, values: values as Rows['values'] }
}
