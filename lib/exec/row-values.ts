import { ROW_NUMBER, type RowValues, type RowValuesPlan } from '../core/index.js'
import type { Results } from './results.js'
import { type Chosen, Entries, shared } from './taken-entries.js'

/** Values of single rows of the pass's own table. */
export class RowValuesSource {
  private readonly entries: Entries

  constructor(
    results: Results,
    plan: RowValuesPlan,
    private readonly names: readonly string[],
  ) {
    this.entries = new Entries(results, plan.source)
  }

  /** A row is put in order by its number, which takes as much again. */
  get rowBytes(): number {
    return 16 * (1 + this.names.length)
  }

  rows(unit: Chosen): Map<string, number> {
    return this.entries.rows(unit)
  }

  read(unit: Chosen): RowValues {
    const { names } = this
    const entries = this.entries.of(unit)
    const total = entries.reduce((sum, { rows }) => sum + rows, 0)
    const rows = shared(total)
    const values = names.map(() => shared(total))
    const read = this.entries.reader([ROW_NUMBER, ...names])
    let filled = 0
    for (const entry of entries) {
      read(entry, ([numbers, ...columns], from, to) => {
        for (let row = from; row < to; row++, filled++) {
          rows[filled] = (numbers.values as Float64Array)[row]
          for (const [v, { values: own, valid }] of columns.entries())
            values[v][filled] = valid && !valid[row] ? Number.NaN : (own as Float64Array | Int32Array)[row]
        }
      })
    }
    sortByFirst([rows, ...values])
    return { rows, values: Object.fromEntries(names.map((name, v) => [name, values[v]])) }
  }
}

const DIGIT = 65_536

/**
 * Sorts columns of numbers by the first of them, whole numbers from 0, in place, unless they are in order: by its digits,
 * the last one first, which takes 30 ns a row where comparing would take 200.
 */
function sortByFirst(columns: readonly Float64Array[]): void {
  const [first] = columns
  let row = 1
  while (row < first.length && first[row - 1] <= first[row]) row++
  if (row >= first.length) return
  const most = first.reduce((a, b) => Math.max(a, b))
  const digits = new Uint16Array(first.length)
  const order = new Int32Array(first.length)
  const before = new Float64Array(first.length)
  for (let unit = 1; unit <= most; unit *= DIGIT) {
    const next = new Int32Array(DIGIT + 1)
    for (let i = 0; i < digits.length; i++) {
      digits[i] = Math.floor(first[i] / unit) % DIGIT
      next[digits[i] + 1]++
    }
    for (let digit = 0; digit < DIGIT; digit++) next[digit + 1] += next[digit]
    for (let i = 0; i < digits.length; i++) order[next[digits[i]]++] = i
    for (const column of columns) {
      before.set(column)
      for (let i = 0; i < order.length; i++) column[i] = before[order[i]]
    }
  }
}
