import {
  type AggregateParameters,
  BasaltError,
  type Column,
  type ColumnType,
  type Expr,
  type Frame,
  GrowingColumn,
  type Kernel,
  keyOf,
  type Order,
  type Program,
  type Registry,
  type SequenceKernel,
  type SeriesKernel,
} from '../core/index.js'
import type { Selection } from './selection.js'
import { identityColumn } from './series-identity.js'

/** Series folds that take the same rows share one log of them. */
export interface SeriesGroup {
  where: Expr
  inputs: Expr[]
  /** How each is kept. */
  types: ColumnType[]
  /** The order of rows is kept. */
  timed: boolean
  /** Fold number, its kernel, and which of the log's columns it reads. */
  folds: { fold: number; kernel: SeriesKernel; columns: number[] }[]
  /** Makes rows of all columns, of each entity by itself. */
  sequence?: SequenceKernel
}

export interface ScalarFold {
  fold: number
  kernel: Kernel
  where: Expr
  input: Expr | null
}

/** Splits a plan's folds into those with a state a group and those that need the rows themselves. */
export function splitFolds(
  { folds, sequence }: AggregateParameters,
  registry: Registry,
): { scalars: ScalarFold[]; groups: SeriesGroup[] } {
  const scalars: ScalarFold[] = []
  const groups = new Map<string, SeriesGroup & { positions: Map<string, number> }>()
  const sequences: SeriesGroup[] = []
  for (const [fold, { kernel: name, inputs, where, types }] of folds.entries()) {
    const kernel = registry.get('kernels', name)
    if (kernel.kind === 'kernel') {
      scalars.push({ fold, kernel, where, input: inputs[0] ?? null })
      continue
    }
    if (kernel.kind === 'sequence') {
      if (sequence?.fold !== fold) {
        throw new BasaltError(
          'config',
          `kernel '${name}' makes rows, not a value a group; 'sequence' must name its fold`,
        )
      }
      const kept = inputs.map((_, i) => sequence.inputs[i])
      sequences.push({ where, inputs, types: kept, timed: true, folds: [], sequence: kernel })
      continue
    }
    const key = keyOf(where)
    let group = groups.get(key)
    if (!group)
      groups.set(key, (group = { where, inputs: [], types: [], timed: false, folds: [], positions: new Map() }))
    const columns = inputs.map((input, i) => {
      const type = types?.[i] ?? 'f64'
      const position = `${type} ${keyOf(input)}`
      const known = group.positions.get(position)
      if (known !== undefined) return known
      group.positions.set(position, group.inputs.length)
      group.types.push(type)
      return group.inputs.push(input) - 1
    })
    group.folds.push({ fold, kernel, columns })
    group.timed ||= kernel.unordered !== true
  }
  return { scalars, groups: [...groups.values(), ...sequences] }
}

/** Names of a log's columns, as they travel between threads. */
export const LOG = { cell: 'cell', time: 'time', source: 'source', number: 'number', column: (j: number) => `c${j}` }

/** Makes the empty log of a group: cell, time, feed, sequence number, inputs. */
export function logColumns(group: SeriesGroup): GrowingColumn[] {
  const number = (name: string, type: ColumnType) => new GrowingColumn({ name, type, nullable: true })
  return [
    number(LOG.cell, 'i32'),
    number(LOG.time, 'f64'),
    number(LOG.source, 'i64'),
    number(LOG.number, 'i64'),
    ...group.types.map((type, j) => number(LOG.column(j), type)),
  ]
}

/** The rows logged for one series group: cell, time, feed, sequence number, inputs. */
export interface SeriesRows {
  group: SeriesGroup
  columns: GrowingColumn[]
}

/** Logs rows of the chunk that a program has at hand; `slots` holds their cells. */
export function logRows(
  { group, columns }: SeriesRows,
  program: Program,
  slots: Int32Array,
  { index, count }: Selection,
  order: Order,
): void {
  const [cell, time, source, number, ...values] = columns
  cell.appendValues(slots, index, count)
  for (const [j, input] of group.inputs.entries()) {
    if (group.types[j] === 'f64') values[j].appendValues(program.f64(input), index, count)
    else if (group.sequence) values[j].append(columnAsRead(program, input, group.types[j]), index, count)
    else values[j].append(identityColumn(program, input, group.types[j]), index, count)
  }
  if (!group.timed) return
  time.appendValues(order.time, index, count)
  if (order.source) source.append({ type: 'i64', values: order.source, valid: order.sourceValid }, index, count)
  if (order.number) number.append({ type: 'i64', values: order.number, valid: order.numberValid }, index, count)
}

/** Returns a column as it is read; only columns are planned to be kept so. */
function columnAsRead(program: Program, input: Expr, type: ColumnType): Column {
  const column = input.op === 'col' ? program.column(input.name) : undefined
  if (column?.type !== type) throw new BasaltError('internal', `an input of a sequence is no column of type ${type}`)
  return column
}

/** Logs rows index[0..count) of logged rows again; `cells` are the new numbers of their cells, by row. */
export function logAgain(
  { columns }: SeriesRows,
  logged: Frame,
  cells: Int32Array,
  index: Int32Array,
  count: number,
): void {
  for (const column of columns) {
    const { name } = column.spec
    const from = logged.columns.get(name)
    if (name === LOG.cell) column.appendValues(cells, index, count)
    else if (from) column.append(from, index, count)
  }
}

/** Lists a log's columns that have been written: feeds, sequence numbers and times may not be. */
export function written({ columns }: SeriesRows): GrowingColumn[] {
  return columns.filter(({ length }) => length === columns[0].length)
}
