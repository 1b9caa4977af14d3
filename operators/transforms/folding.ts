import {
  BasaltError,
  type Column,
  type ColumnSpec,
  growState,
  Interner,
  makeState,
  type Order,
  type Program,
  type Rows,
  type State,
} from '../../lib/core/index.js'
import { translated } from './group-index.js'
import type { Selection } from './selection.js'
import type { ScalarFold } from './series-log.js'

/** A scalar fold at work: its state, and the rows object that is filled for every batch. */
export interface Folding {
  scalar: ScalarFold
  state: State
  capacity: number
  words: Interner
  rows: Rows
}

const NONE = new Int32Array(0)

/** Starts a scalar fold. */
export function folding(scalar: ScalarFold): Folding {
  const capacity = 1024
  const rows: Rows = {
    count: 0,
    index: NONE,
    slots: NONE,
    f64: new Float64Array(0),
    i64: new BigInt64Array(0),
    words: NONE,
    codes: NONE,
    valid: null,
    order: arrivalOrder(0),
  }
  return { scalar, state: makeState(scalar.kernel.fields, capacity), capacity, words: new Interner(), rows }
}

/** Order keys of rows that have none: each comes after the one before it. */
export function arrivalOrder(rows: number): Order {
  return { time: new Float64Array(rows), source: null, number: null, sourceValid: null, numberValid: null }
}

/** Folds the selected rows of the batch at hand; `groups` is how many there are by now. */
export function update(
  each: Folding,
  program: Program,
  slots: Int32Array,
  { index, count }: Selection,
  order: Order,
  groups: number,
): void {
  const { scalar, rows } = each
  if (groups > each.capacity) {
    each.capacity = Math.max(groups, each.capacity * 2)
    growState(each.state, scalar.kernel.fields, each.capacity)
  }
  rows.count = count
  rows.index = index
  rows.slots = slots
  rows.order = order
  bindInput(each, program)
  scalar.kernel.update(each.state, rows)
}

function bindInput({ scalar, rows, words }: Folding, program: Program): void {
  const { kernel, input } = scalar
  if (kernel.input === 'none' || input === null) return
  if (kernel.input === 'f64') {
    rows.f64 = program.f64(input)
    return
  }
  const name = input.op === 'col' ? input.name : ''
  const column = program.column(name)
  if (kernel.input === 'i64' && column.type === 'i64') {
    rows.i64 = column.values
    rows.words = new Int32Array(column.values.buffer, column.values.byteOffset, column.values.length * 2)
    rows.valid = column.valid
  } else if (kernel.input === 'code' && column.type === 'str') {
    const { codes, words: dictionary } = program.codes(name)
    rows.codes = translated(codes, dictionary, words)
  } else {
    throw new BasaltError('internal', `kernel '${kernel.name}' cannot fold '${name}'`, { field: name })
  }
}

/** Lists the states of folds as columns of a partial, named `{prefix}{fold}.{field}`. */
export function stateColumns(folds: Folding[], prefix: string, groups: number): { spec: ColumnSpec; column: Column }[] {
  return folds.flatMap(({ scalar, state, words }) =>
    Object.entries(scalar.kernel.fields).map(([field, { type }]) => {
      const name = `${prefix}${scalar.fold}.${field}`
      const values = state[field].subarray(0, groups)
      if (type !== 'code')
        return { spec: { name, type, nullable: false }, column: { type, values, valid: null } as Column }
      const valid = new Uint8Array(groups)
      const codes = new Int32Array(groups)
      for (let g = 0; g < groups; g++) {
        if (values[g] < 0) continue
        valid[g] = 1
        codes[g] = values[g]
      }
      const column: Column = { type: 'str', values: codes, valid, dictionary: words.snapshot() }
      return { spec: { name, type: 'str', nullable: true }, column }
    }),
  )
}
