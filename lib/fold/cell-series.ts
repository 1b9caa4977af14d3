import { type Frame, take } from '../core/index.js'
import { frameFrom, type Made } from './made.js'
import { LOG, type SeriesRows, written } from './series-log.js'

/** Logged rows of some cells: row index[k], ascending, is of the cell in place places[k] of those listed. */
interface CellRows {
  index: Int32Array
  places: Int32Array
}

/** Returns copies of the logged rows of listed cells, in the order of logging; a row's `cell` is its cell's place in the list. */
export function copyRows(rows: SeriesRows, cells: Int32Array, known: number): Frame {
  const { index, places } = rowsIn(rows, cells, known)
  const columns = written(rows).map((column): Made => {
    const { name } = column.spec
    if (name === LOG.cell) return [name, { type: 'i32', values: places, valid: null }]
    return [name, take(column.view(), index, index.length)]
  })
  return frameFrom(columns, index.length)
}

/** Keeps the logged rows of listed cells, which are numbered from 0 in that order, and forgets all others. */
export function keepRows(rows: SeriesRows, cells: Int32Array, known: number): void {
  const { index, places } = rowsIn(rows, cells, known)
  const [cell] = rows.columns
  // Of a listing that fills row group after row group all rows stay: they are not copied each time.
  if (index.length < cell.length) for (const column of rows.columns) column.keep(index, index.length)
  ;(cell.view().values as Int32Array).set(places)
}

function rowsIn({ columns: [cell] }: SeriesRows, cells: Int32Array, known: number): CellRows {
  if (cells.length === 0) return { index: new Int32Array(0), places: new Int32Array(0) }
  const wanted = new Int32Array(known).fill(-1)
  for (let c = 0; c < cells.length; c++) wanted[cells[c]] = c
  const cellOf = cell.view().values as Int32Array
  // Rows of one cell mostly follow one another: they are looked at a run at a time, twice.
  const runs: number[] = []
  let count = 0
  for (let row = 0; row < cellOf.length; ) {
    const start = row
    const cell = cellOf[row]
    do row++
    while (row < cellOf.length && cellOf[row] === cell)
    if (wanted[cell] < 0) continue
    runs.push(start, row)
    count += row - start
  }
  const [index, places] = [new Int32Array(count), new Int32Array(count)]
  let k = 0
  for (let r = 0; r < runs.length; r += 2) {
    const place = wanted[cellOf[runs[r]]]
    for (let row = runs[r]; row < runs[r + 1]; row++) {
      index[k] = row
      places[k++] = place
    }
  }
  return { index, places }
}
