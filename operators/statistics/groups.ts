import {
  BasaltError,
  type Column,
  type ColumnType,
  type Frame,
  frameColumn,
  KeyTable,
  rankRows,
  rowNumbers,
  take,
} from '../../lib/core/index.js'

/** A column to group by. */
export interface Key {
  name: string
  type: ColumnType
}

/** Rows of a frame by group. Groups are in ascending order of their keys, null last. */
export interface Groups {
  count: number
  /** The groups' keys, a column each. */
  keys: Column[]
  /** Row numbers of the frame, group after group. */
  rows: Int32Array
  /** Group g has `rows[starts[g]..starts[g + 1])`. */
  starts: Int32Array
}

/**
 * Groups the rows of a frame. Inside a group they are in ascending order of `time`, where one is given, and else as the
 * frame has them; rows of equal time keep their order. A row without a time is a data fault.
 */
export function groupRows(frame: Frame, by: readonly Key[], time?: string): Groups {
  const { rows } = frame
  const table = new KeyTable(by)
  const numbers = table.resolve(rows === 0 ? [] : by.map(({ name }) => frameColumn(frame, name)), rows)
  const { count } = table
  const views = table.keys.map(key => key.view())
  const order = rankRows(views, count)
  const place = new Int32Array(count)
  for (let position = 0; position < count; position++) place[order[position]] = position
  const starts = new Int32Array(count + 1)
  for (let row = 0; row < rows; row++) starts[place[numbers[row]] + 1]++
  for (let g = 0; g < count; g++) starts[g + 1] += starts[g]
  const next = starts.slice()
  const sorted = new Int32Array(rows)
  for (const row of time === undefined ? rowNumbers(rows) : inTime(frame, time)) {
    sorted[next[place[numbers[row]]]++] = row
  }
  return { count, keys: views.map(view => take(view, order, count)), rows: sorted, starts }
}

function inTime(frame: Frame, time: string): Int32Array {
  if (frame.rows === 0) return new Int32Array(0)
  const column = frameColumn(frame, time)
  if (column.valid?.includes(0)) {
    throw new BasaltError('data', 'a row of the source has no time; filter it out in an earlier pass', { field: time })
  }
  return rankRows([column], frame.rows)
}

/** Returns the key columns of result rows, given the group of each. */
export function keyColumns({ keys }: Groups, by: readonly Key[], groups: Int32Array): [string, Column][] {
  return by.map(({ name }, i) => [name, take(keys[i], groups, groups.length)])
}

/** Returns the values of these rows. */
export function gather(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < out.length; i++) out[i] = column[rows[i]]
  return out
}
