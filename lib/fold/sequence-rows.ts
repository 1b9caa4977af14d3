import {
  BasaltError,
  batchOf,
  byParameters,
  type Column,
  columnOfDoubles,
  columnsOfBatch,
  type Day,
  GrowingColumn,
  MS_PER_DAY,
  type Parameters,
  type RecordBatch,
  rowNumbers,
  type SequenceColumn,
  type SequenceFold,
  type SequenceKernel,
  take,
} from '../core/index.js'
import type { SeriesRows } from './series-log.js'
import { orderedRuns } from './series-order.js'

/** What a sequence kernel is given the rows of. */
export interface SequenceInput {
  plan: SequenceFold
  parameters: Parameters
  rows: SeriesRows
  /** One row an entity, in output order: its keys and attributes. */
  entities: RecordBatch
  /** The cell of each of these rows; each entity has one. */
  cells: Int32Array
  /** How many cells there are. */
  known: number
  /** Names the entity of a row in what its kernel throws. */
  faultAt: (row: number, error: unknown) => unknown
}

/**
 * Returns the rows that a sequence kernel makes of each entity's rows, beside the entity's own columns, and what it counted,
 * by `plan.counts`.
 */
export function sequenceRows({ plan, parameters, rows, entities, cells, known, faultAt }: SequenceInput): {
  batch: RecordBatch
  counts: number[]
} {
  const kernel = rows.group.sequence as SequenceKernel
  const shape = byParameters(kernel.columns, parameters)
  const { counts: counted = [] } = plan
  const counts = counted.map(() => 0)
  const count = (name: string, more: number) => {
    const at = counted.indexOf(name)
    if (at < 0) throw new BasaltError('internal', `kernel '${kernel.name}' does not declare that it counts ${name}`)
    counts[at] += more
  }
  const own = columnsOfBatch(entities)
  const date = own.columns.find(({ type }) => type === 'date')
  const owner = new GrowingColumn({ name: 'owner', type: 'i32' })
  const made = plan.columns.map(spec => new GrowingColumn(spec))
  const dayOf = daysOf(rows, cells, known)
  for (let row = 0; row < cells.length; row++) {
    const midnight = BigInt((date ? (date.values as Int32Array)[row] : 0) * MS_PER_DAY) * 1_000_000n
    let columns: Column[]
    try {
      const day = { midnight, ...dayOf(row) }
      columns = declared(kernel.name, shape, plan.columns, kernel.rows(day, parameters, count))
    } catch (error) {
      throw faultAt(row, error)
    }
    const length = columns[0].values.length
    const index = rowNumbers(length)
    for (const [c, column] of columns.entries()) made[c].append(column, index, length)
    owner.appendValues(new Int32Array(length).fill(row), index, length)
  }
  const owners = owner.view().values as Int32Array
  const batch = batchOf(
    [...own.specs, ...plan.columns],
    [...own.columns.map(column => take(column, owners, owners.length)), ...made.map(column => column.view())],
    owners.length,
  )
  return { batch, counts }
}

/** Returns the columns that a kernel made, NaN as null; what it did not declare is refused. */
function declared(
  name: string,
  columns: readonly SequenceColumn[],
  types: SequenceFold['columns'],
  made: Column[],
): Column[] {
  const refuse = (problem: string) => new BasaltError('internal', `kernel '${name}' ${problem}`)
  if (made.length !== columns.length) throw refuse(`made ${made.length} columns, not ${columns.length}`)
  return made.map((column, c) => {
    const [own, first] = [column.values.length, made[0].values.length]
    if (own !== first) throw refuse(`made ${own} values of ${columns[c].name} and ${first} of ${columns[0].name}`)
    if (column.type !== types[c].type)
      throw refuse(`made ${columns[c].name} of type ${column.type}, not ${types[c].type}`)
    return column.type === 'f64' && !column.valid ? columnOfDoubles(column.values) : column
  })
}

/** Returns a function that gives the rows of cell `cells[c]` in total order; they are copied a cell at a time. */
function daysOf(rows: SeriesRows, cells: Int32Array, known: number): (c: number) => Omit<Day, 'midnight'> {
  const [, time, , , ...inputs] = rows.columns.map(column => column.view())
  const { order, from, to } = orderedRuns(rows, cells, known)
  return c => {
    const length = to[c] - from[c]
    const index = order ? order.subarray(from[c], to[c]) : rowNumbers(length, from[c])
    return {
      length,
      time: take(time, index, length).values as Float64Array,
      columns: inputs.map(column => take(column, index, length)),
    }
  }
}
