import {
  BasaltError,
  byParameters,
  type Column,
  columnOfDoubles,
  type Day,
  type Frame,
  GrowingColumn,
  MS_PER_DAY,
  type Parameters,
  rowNumbers,
  type SequenceColumn,
  type SequenceFold,
  type SequenceKernel,
  take,
  takeRows,
} from '../core/index.js'
import { frameFrom, type Made } from './made.js'
import type { SeriesRows } from './series-log.js'
import { orderedRuns } from './series-order.js'

/** What a sequence kernel is given the rows of. */
export interface SequenceInput {
  plan: SequenceFold
  parameters: Parameters
  rows: SeriesRows
  /** One row an entity, in output order: its keys and attributes. */
  entities: Frame
  /** The cell of each of these rows; each entity has one. */
  cells: Int32Array
  /** How many cells there are. */
  known: number
  /** Names the entity of a row in what its kernel throws. */
  faultAt: (row: number, error: unknown) => unknown
}

/** Rows that are made before they leave together. */
const ROWS_AT_ONCE = 65_536

/**
 * Makes the rows of each entity by a sequence kernel, beside the entity's own columns, in frames: they may be more than
 * those that they are made of. Returns what the kernel counted, by `plan.counts`.
 */
export function* sequenceRows(input: SequenceInput): Generator<Frame, number[]> {
  const { plan, parameters, rows, entities, cells, known, faultAt } = input
  const kernel = rows.group.sequence as SequenceKernel
  const shape = byParameters(kernel.columns, parameters)
  const { counts: counted = [] } = plan
  const counts = counted.map(() => 0)
  const count = (name: string, more: number) => {
    const at = counted.indexOf(name)
    if (at < 0) throw new BasaltError('internal', `kernel '${kernel.name}' does not declare that it counts ${name}`)
    counts[at] += more
  }
  const date = [...entities.columns.values()].find(({ type }) => type === 'date')
  const dayOf = daysOf(rows, cells, known)
  let made = new MadeRows(entities, plan.columns)
  for (let row = 0; row < cells.length; row++) {
    const midnight = BigInt((date ? (date.values as Int32Array)[row] : 0) * MS_PER_DAY) * 1_000_000n
    let columns: Column[]
    try {
      const day = { midnight, ...dayOf(row) }
      columns = declared(kernel.name, shape, plan.columns, kernel.rows(day, parameters, count))
    } catch (error) {
      throw faultAt(row, error)
    }
    made.add(row, columns)
    if (made.length < ROWS_AT_ONCE) continue
    yield made.frame()
    made = new MadeRows(entities, plan.columns)
  }
  yield made.frame()
  return counts
}

/**
 * Makes the rows of a piece of each entity's day, all that was logged of it; and a row for each piece with the
 * feed and sequence number of its first and its last row, where these are logged: pieces may share an instant.
 */
export function pieceRows({ plan, parameters, rows, entities, cells, known }: Omit<SequenceInput, 'faultAt'>): {
  bars: Frame
  edges: Frame
} {
  const kernel = rows.group.sequence as SequenceKernel
  if (!kernel.pieces) throw new BasaltError('internal', `kernel '${kernel.name}' makes no rows of pieces`)
  const dates = [...entities.columns.values()].find(({ type }) => type === 'date')?.values as Int32Array | undefined
  const [, time, source, number, ...inputs] = rows.columns.map(column => column.view())
  const { order, from, to } = orderedRuns(rows, cells, known)
  const gathered = (column: Column) => (order ? take(column, order, order.length) : column)
  const pieces = {
    time: gathered(time).values as Float64Array,
    columns: inputs.map(gathered),
    from,
    to,
    midnights: Array.from(cells, (_, c) => BigInt((dates?.[c] ?? 0) * MS_PER_DAY) * 1_000_000n),
  }
  const made = kernel.pieces(pieces, parameters)
  const columns = declared(kernel.name, byParameters(kernel.columns, parameters), plan.columns, made.columns)
  const { owners } = made
  const keys = takeRows(entities, owners)
  const rowAt = (place: number) => (order ? order[place] : place)
  const [firsts, lasts] = [from.map(rowAt), to.map(end => rowAt(end - 1))]
  const logged = { source, number }
  const edges = PIECE_EDGES.flatMap(({ name, of, last }): Made[] => {
    const column = logged[of]
    if (column.values.length === 0) return []
    return [[name, take(column, last ? lasts : firsts, from.length)]]
  })
  return {
    bars: frameFrom([...keys.columns, ...named(plan.columns, columns)], owners.length),
    edges: frameFrom(edges, from.length),
  }
}

/** What is told of the first and the last row of a piece beside its rows. */
export const PIECE_EDGES = [
  { name: 'first_source', of: 'source', last: false },
  { name: 'first_number', of: 'number', last: false },
  { name: 'last_source', of: 'source', last: true },
  { name: 'last_number', of: 'number', last: true },
] as const

/** Rows that have been made of entities. */
class MadeRows {
  private readonly owner = new GrowingColumn({ name: 'owner', type: 'i32' })
  private readonly made: GrowingColumn[]

  constructor(
    private readonly own: Frame,
    private readonly specs: SequenceFold['columns'],
  ) {
    this.made = specs.map(spec => new GrowingColumn(spec))
  }

  get length(): number {
    return this.owner.length
  }

  /** Adds rows of an entity. */
  add(entity: number, columns: readonly Column[]): void {
    const { length } = columns[0].values
    const index = rowNumbers(length)
    for (const [c, column] of columns.entries()) this.made[c].append(column, index, length)
    this.owner.appendValues(new Int32Array(length).fill(entity), index, length)
  }

  frame(): Frame {
    const owners = this.owner.view().values as Int32Array
    const made = this.made.map(column => column.view())
    return frameFrom([...takeRows(this.own, owners).columns, ...named(this.specs, made)], owners.length)
  }
}

const named = (specs: SequenceFold['columns'], columns: readonly Column[]): Made[] =>
  specs.map(({ name }, c) => [name, columns[c]])

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
