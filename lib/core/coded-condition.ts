import type { Column } from './batch.js'
import { Chunk } from './chunk.js'
import { withValues } from './columns.js'
import type { Expr } from './expr.js'

/** A column as codes into distinct values. Its identity, `of`, tells whether two chunks share a dictionary. */
export interface Coded {
  codes: Int32Array
  of: object
  size: number
  entries: () => Column
}

/** What a condition on one column says of each entry of its dictionary, and of rows without a value. */
export interface Verdicts {
  of: object
  bytes: Uint8Array
  ofNull: boolean
  /** What it says of every entry, where that is the same. */
  same: boolean | undefined
}

const MOST_ENTRIES = 65_536 // of numbers: deciding as many is no quicker than deciding the rows

/** Returns a column as codes; undefined where it has none, or more entries than pay. */
export function codedOf(column: Column): Coded | undefined {
  if (column.type === 'str') {
    const { values, dictionary } = column
    const size = dictionary.words.length
    return { codes: values, of: dictionary, size, entries: () => ({ ...column, values: numbered(size), valid: null }) }
  }
  if (column.type === 'bool' || column.type === 'date' || !column.coded) return undefined
  const { codes, dictionary } = column.coded
  const size = dictionary.values.length
  return size > MOST_ENTRIES ? undefined : { codes, of: dictionary, size, entries: () => dictionary }
}

const numbered = (size: number) => Int32Array.from({ length: size }, (_, code) => code)

/** Decides a condition once an entry; `decide` evaluates it for the rows of a chunk. */
export function decideEntries(
  { of, size, entries }: Coded,
  name: string,
  condition: Expr,
  decide: (chunk: Chunk, condition: Expr) => Uint8Array,
): Verdicts {
  const column = withNull(entries(), size)
  const decided = decide(new Chunk(size + 1, asked => (asked === name ? column : undefined)), condition)
  const bytes = decided.slice(0, size)
  const same = bytes.every(byte => byte === bytes[0]) ? bytes[0] === 1 : undefined
  return { of, bytes, ofNull: decided[size] === 1, same }
}

/** Returns a column of a dictionary's entries, and a null behind them. */
function withNull(column: Column, size: number): Column {
  const { values, valid } = column
  const Values = values.constructor as new (length: number) => typeof values
  const all = new Values(size + 1)
  all.set(values.subarray(0, size) as never)
  const present = new Uint8Array(size + 1)
  present.set(valid ? valid.subarray(0, size) : new Uint8Array(size).fill(1))
  return withValues(column, all, present)
}
