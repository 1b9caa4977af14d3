import {
  BasaltError,
  batchOfFrame,
  type Column,
  type ColumnSpec,
  type ColumnType,
  type Context,
  columnOfDoubles,
  doublesOf,
  type FillRule,
  type Frame,
  firstKnown,
  frameColumn,
  frameOf,
  gathered,
  KeyTable,
  laterModule,
  rowNumbers,
  SESSION,
  sorted,
  takeFound,
  takeRows,
} from '../../lib/core/index.js'

/** The rows that modules of one table make for a pass of several. */
export interface TableShare {
  /** Columns by what they are called in the joined rows. */
  columns: Record<string, string>
  /** Those that are 0 where the table has rows of the listing that day, but none in the bucket (semantics 4.2). */
  zero: string[]
  /** Counts the rows that make the bucket exist; left out where every bucket exists. */
  own: string | null
}

export interface JoinedParameters {
  keys: ColumnSpec[]
  tables: TableShare[]
  /** Columns of the result behind the keys; one that several tables have is taken from the first that knows it. */
  columns: { name: string; type: ColumnType }[]
  /** Columns that are divided by others, which are no columns of the result. */
  ratios: { column: string; by: string }[]
  /** Columns that belong to a listing and day, whichever of its rows tells them. */
  attributes: string[]
  fill: FillRule[]
}

/**
 * Joins what modules of several tables make of one pass: a full outer join on the keys of the pass. A row of a table
 * that makes no bucket of its own only tells that the table has its listing that day.
 */
export const joinedTables = laterModule({
  name: 'joined_tables',
  doc: 'joins the rows that modules of several tables make for one pass',
  block: 'joined_tables',
  internal: true,
  settings: {},
  sources: () => [],
  outline: () => null,
  async run(inputs, parameters: JoinedParameters, context) {
    const frames: Frame[] = []
    for (const input of inputs) frames.push(await gathered(input))
    const joined = joinTables(frames, parameters)
    return parameters.fill.length > 0 ? filled(joined, parameters, context) : joined
  },
})

/** Joins the frames of tables; rows ascend by the keys. */
export function joinTables(
  frames: readonly Frame[],
  { keys, tables, columns, attributes, ratios }: JoinedParameters,
): Frame {
  const table = new KeyTable(keys)
  const listings = new KeyTable(keys.filter(isOfDay))
  const shares = frames.map((frame, i) => {
    const { own } = tables[i]
    const rows = own === null ? rowNumbers(frame.rows) : ownRows(frameColumn(frame, own))
    const made = own === null ? frame : takeRows(frame, rows)
    const numbers = table.resolve(
      keys.map(({ name }) => frameColumn(made, name)),
      made.rows,
    )
    return { frame, made, numbers: Int32Array.from(numbers) }
  })
  const joined = new Map<string, Column>(keys.map(({ name }, k) => [name, table.keys[k].view()]))
  const day = listings.resolve(
    keys.filter(isOfDay).map(({ name }) => joined.get(name) as Column),
    table.count,
  )
  const dayOf = Int32Array.from(day)
  for (const [i, { frame, made, numbers }] of shares.entries()) {
    const rows = new Int32Array(table.count).fill(-1)
    for (let row = 0; row < made.rows; row++) rows[numbers[row]] = row
    const seen = rowsByDay(frame, keys, listings)
    for (const [from, name] of Object.entries(tables[i].columns)) {
      const isAttribute = attributes.includes(name)
      let column = isAttribute
        ? takeFound(
            frameColumn(frame, from),
            dayOf.map(day => seen.get(day) ?? -1),
          )
        : takeFound(frameColumn(made, from), rows)
      if (tables[i].zero.includes(from)) column = zeroWhere(column, row => rows[row] < 0 && seen.has(dayOf[row]))
      const known = joined.get(name)
      joined.set(name, known ? firstKnown(known, column) : column)
    }
  }
  for (const { column, by } of ratios) joined.set(column, quotient(joined, column, by))
  const names = [...keys, ...columns].map(({ name }) => name)
  const frame = { rows: table.count, columns: new Map(names.map(name => [name, joined.get(name) as Column])) }
  return sorted(
    frame,
    keys.map(({ name }) => name),
  )
}

/** Tells whether a key is that of a listing's day, and not of one of its buckets. */
const isOfDay = ({ name }: ColumnSpec): boolean => name !== 'TimeBucket' && name !== SESSION.name

/** Lists rows that are there in their own right: of rows that were laid between others nothing is counted. */
function ownRows({ values, valid }: Column): Int32Array {
  const rows: number[] = []
  for (let row = 0; row < values.length; row++) if ((valid && !valid[row]) || values[row]) rows.push(row)
  return Int32Array.from(rows)
}

/** Returns a row of each listing and day that a table has, by number. */
function rowsByDay(frame: Frame, keys: readonly ColumnSpec[], listings: KeyTable): Map<number, number> {
  const columns = keys.filter(isOfDay).map(({ name }) => frameColumn(frame, name))
  const rows = new Map<number, number>()
  for (const [row, day] of listings.resolve(columns, frame.rows).entries()) if (!rows.has(day)) rows.set(day, row)
  return rows
}

function zeroWhere(column: Column, isZero: (row: number) => boolean): Column {
  if (!column.valid || column.type === 'str') return column
  const values = column.values.slice()
  const valid = column.valid.slice()
  const zero = (values instanceof BigInt64Array ? 0n : 0) as never
  for (let row = 0; row < valid.length; row++) {
    if (valid[row] || !isZero(row)) continue
    values[row] = zero
    valid[row] = 1
  }
  return { ...column, values, valid } as Column
}

/** Divides a column by another; null where either is, and where that is 0. */
function quotient(columns: ReadonlyMap<string, Column>, dividend: string, divisor: string): Column {
  const [of, by] = [dividend, divisor].map(name => doublesOf(columns.get(name) as Column))
  return columnOfDoubles(of.map((value, row) => (by[row] === 0 ? Number.NaN : value / by[row])))
}

/** Fills nulls of joined rows, which come listing by listing as the keys do. */
async function filled(frame: Frame, { fill, keys, columns }: JoinedParameters, context: Context): Promise<Frame> {
  const specs = [...keys, ...columns]
  const batch = batchOfFrame(frame, specs)
  const rows = (async function* () {
    yield batch
  })()
  const operator = context.registry.get('operators', 'fill')
  for await (const each of operator.run(rows, { rules: fill, session: false }, context)) return frameOf(each)
  if (frame.rows === 0) return frame
  throw new BasaltError('internal', 'rows were lost while they were filled')
}
