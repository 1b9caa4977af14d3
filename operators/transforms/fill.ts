import { batchOf, type Column, columnOf, columnsOfBatch, type FillRule, operator } from '../../lib/core/index.js'
import { SESSION } from './laid-rows.js'
import { ListingDays } from './listing-days.js'

export interface FillParameters {
  rules: FillRule[]
  /** Rows have a column `Session` (see `dense`), which is dropped; no value is carried from one session to the next. */
  session: boolean
}

/**
 * Fills nulls of rows that come in output order: with 0, or with the last value of the listing on that day (semantics
 * 2.7). Values are carried by rows, whatever the batches; none is carried over another listing's or day's rows.
 */
export const fill = operator<FillParameters>({
  name: 'fill',
  doc: 'fills nulls with 0 or with the last value of the listing on that day',
  async *run(input, { rules, session }) {
    const fills = rules.map(rule => (rule.how === 'zero' ? null : new Carry(rule.limit ?? Number.POSITIVE_INFINITY)))
    const days = new ListingDays()
    for await (const batch of input) {
      if (batch.numRows === 0) continue
      const { specs, columns } = columnsOfBatch(batch)
      const starts = days.starts(
        columnOf(batch, 'Date') as Column & { type: 'date' },
        columnOf(batch, 'ListingId') as Column,
      )
      const marks = session ? (columnOf(batch, SESSION) as Column & { type: 'i32' }).values : null
      for (const [i, rule] of rules.entries()) {
        const at = specs.findIndex(({ name }) => name === rule.column)
        if (at < 0) continue
        columns[at] = fills[i]?.fill(columns[at], starts, marks) ?? zeroed(columns[at])
      }
      const kept = specs.map((_, i) => i).filter(i => !session || specs[i].name !== SESSION)
      yield batchOf(
        kept.map(i => specs[i]),
        kept.map(i => columns[i]),
        batch.numRows,
      )
    }
  },
})

function zeroed(column: Column): Column {
  if (!column.valid) return column
  const values = column.values.slice()
  const zero = (values instanceof BigInt64Array ? 0n : 0) as never
  for (let i = 0; i < values.length; i++) if (!column.valid[i]) values[i] = zero
  return { ...column, values, valid: null } as Column
}

/** Carries the last value of one column over nulls, from batch to batch. */
class Carry {
  private value: number | bigint | string | null = null
  private mark = 0
  private over = 0 // rows it was carried over

  constructor(private readonly limit: number) {}

  fill(column: Column, starts: Uint8Array, marks: Int32Array | null): Column {
    const { valid } = column
    const rows = starts.length
    const from = new Int32Array(rows) // the row whose value a row gets: itself, KEPT for that of a batch before, or NONE
    let source = this.value === null ? NONE : KEPT
    let { mark, over } = this
    let changed = false
    for (let row = 0; row < rows; row++) {
      if (starts[row]) source = NONE
      if (!valid || valid[row]) {
        source = row
        over = 0
        if (marks) mark = marks[row]
        from[row] = row
      } else if (source !== NONE && over < this.limit && (!marks || reaches(mark, marks[row]))) {
        over++
        changed = true
        from[row] = source
      } else from[row] = NONE
    }
    const filled = changed ? copied(column, from, this.value) : column
    if (source === NONE) this.value = null
    else if (source !== KEPT) this.value = valueAt(column, source)
    this.mark = mark
    this.over = over
    return filled
  }
}

const NONE = -1
const KEPT = -2

/** Tells whether a value at one place among sessions may be carried to another: not past the start of a next session. */
const reaches = (from: number, to: number): boolean => to < 2 * (((from + 1) >> 1) + 1)

function valueAt(column: Column, row: number): number | bigint | string {
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : column.values[row]
}

/** Copies a column, each row with the value of row `from` of it; `kept` is the value of a batch before. */
function copied(column: Column, from: Int32Array, kept: number | bigint | string | null): Column {
  const values = column.values.slice()
  const valid = new Uint8Array(from.length)
  let { dictionary } = column as Column & { type: 'str' }
  let known: number | bigint = 0
  if (column.type === 'str' && typeof kept === 'string') {
    known = dictionary.words.indexOf(kept)
    if (known < 0) {
      known = dictionary.words.length
      dictionary = { words: [...dictionary.words, kept] }
    }
  } else if (kept !== null) known = kept as number | bigint
  for (let row = 0; row < from.length; row++) {
    if (from[row] === NONE) continue
    valid[row] = 1
    if (from[row] === row) continue
    values[row] = (from[row] === KEPT ? known : column.values[from[row]]) as never
  }
  return { ...column, values, valid, coded: undefined, ...(column.type === 'str' && { dictionary }) } as Column
}
