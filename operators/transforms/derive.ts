import {
  type Column,
  type DerivedColumn,
  doublesOf,
  type Frame,
  frameColumn,
  frameOperator,
  type Metric,
} from '../../lib/core/index.js'

export interface DeriveParameters {
  /** Columns passed through, in order, before the derived ones. */
  keep: string[]
  columns: DerivedColumn[]
}

/** Computes metric values from folds. Values that are not finite become null, or 0 for additive metrics. */
export const derive = frameOperator<DeriveParameters>({
  name: 'derive',
  doc: 'computes output columns from folds f0, f1, … and drops the folds',
  frame:
    ({ keep, columns }, { registry }) =>
    frame => {
      const made = new Map<string, Column>()
      for (const name of keep) {
        const column = frame.columns.get(name)
        if (column) made.set(name, column)
      }
      for (const each of columns) {
        const metric = each.metric === null ? null : registry.get('metrics', each.metric)
        made.set(each.name, metric?.value ? computed(frame, each, metric.value) : passed(frame, each))
      }
      return { rows: frame.rows, columns: made }
    },
})

/** Passes the only fold on: i64 stays 64-bit exact; NaN becomes a real null. */
function passed(frame: Frame, { folds, zero, type }: DerivedColumn): Column {
  const [number] = Object.values(folds)
  const column = frameColumn(frame, `f${number}`)
  if (column.type === 'f64' && type === 'i64') {
    return { type: 'i64', ...integers(column.values) }
  }
  if (column.type === 'f64') return { type: 'f64', ...nullable(column.values, zero) }
  if (zero && column.valid && column.type === 'i64') {
    const values = column.values.slice()
    return { type: 'i64', values, valid: null }
  }
  return column
}

function computed(frame: Frame, column: DerivedColumn, value: NonNullable<Metric['value']>): Column {
  const { folds, parameters, zero } = column
  const row = rowOf(column)
  row.inputs = Object.values(folds).map(number => numbersOf(frameColumn(frame, `f${number}`)))
  const values = new Float64Array(frame.rows)
  for (row.at = 0; row.at < values.length; row.at++) values[row.at] = value(row.folds, parameters)
  return { type: 'f64', ...nullable(values, zero) }
}

/** The folds of one row at a time, by name: `folds` reads row `at` of the inputs. */
interface FoldsOfRow {
  folds: Record<string, number>
  inputs: Float64Array[]
  at: number
}

const rows = new WeakMap<DerivedColumn, FoldsOfRow>()

/** Returns a column's view of rows; kept, for code is compiled for it. Writing an object a row costs 5 times as much. */
function rowOf(column: DerivedColumn): FoldsOfRow {
  const known = rows.get(column)
  if (known) return known
  const row: FoldsOfRow = { folds: {}, inputs: [], at: 0 }
  for (const [f, name] of Object.keys(column.folds).entries())
    Object.defineProperty(row.folds, name, { enumerable: true, get: () => row.inputs[f][row.at] })
  rows.set(column, row)
  return row
}

const numbersOf = (column: Column): Float64Array => (column.type === 'f64' ? column.values : doublesOf(column))

/** Makes what is not finite null, or 0; the values themselves where all are finite. */
function nullable(values: Float64Array, zero: boolean): { values: Float64Array; valid: Uint8Array | null } {
  let first = 0
  while (first < values.length && Number.isFinite(values[first])) first++
  if (first === values.length) return { values, valid: null }
  const finite = values.slice()
  const valid = zero ? null : new Uint8Array(values.length).fill(1)
  for (let i = first; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue
    finite[i] = 0
    if (valid) valid[i] = 0
  }
  return { values: finite, valid }
}

function integers(values: Float64Array): { values: BigInt64Array; valid: Uint8Array | null } {
  const { values: finite, valid } = nullable(values, false)
  return { values: BigInt64Array.from(finite, value => BigInt(value)), valid }
}
