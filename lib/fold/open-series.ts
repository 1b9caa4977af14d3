import { type AggregateParameters, type Frame, frameColumn, rowNumbers, takeRows } from '../core/index.js'
import type { Made } from './made.js'
import { evaluateCells } from './series-evaluation.js'
import { LOG, logAgain, logColumns, type SeriesGroup, type SeriesRows } from './series-log.js'

/** Rows of open cells that one row group sent for one series group. */
interface Piece {
  part: number
  rows: Frame
  cells: Int32Array // those that its rows name by place
}

/** The rows that series folds need of open cells, until the cells close. */
export class OpenSeries {
  private readonly pieces: Piece[][]

  constructor(
    private readonly parameters: AggregateParameters,
    private readonly groups: readonly SeriesGroup[],
  ) {
    this.pieces = groups.map(() => [])
  }

  /** Takes in a part's rows, a frame for each group; `cells` are the cells of which it sent states. */
  add(series: readonly Frame[], cells: Int32Array, part: number): void {
    for (const [g, rows] of series.entries()) if (rows.rows > 0) this.pieces[g].push({ part, rows, cells })
  }

  /**
   * Takes out the rows of closing cells and returns the values of all series folds. `slots` numbers these cells from 0
   * and says -1 of others; `labels` are theirs.
   */
  close(slots: Int32Array, labels: Float64Array): Made[] {
    return this.groups.flatMap((group, g) => {
      const rows: SeriesRows = { group, columns: logColumns(group) }
      // Parts come in any order; rows are logged in file and row order, which settles ties.
      const pieces = this.pieces[g].sort((a, b) => a.part - b.part)
      this.pieces[g] = pieces.flatMap(piece => moveRows(piece, slots, rows))
      return evaluateCells(rows, this.parameters, rowNumbers(labels.length), labels, labels.length)
    })
  }
}

/** Logs a piece's rows of closing cells; returns what is left of it. */
function moveRows(piece: Piece, slots: Int32Array, rows: SeriesRows): Piece[] {
  const { part, rows: logged, cells } = piece
  const slotOf = cells.map(cell => slots[cell])
  const places = frameColumn(logged, LOG.cell).values as Int32Array
  const [going, staying, own] = [0, 1, 2].map(() => new Int32Array(places.length))
  let taken = 0
  let left = 0
  for (let row = 0; row < places.length; row++) {
    own[row] = slotOf[places[row]]
    if (own[row] < 0) staying[left++] = row
    else going[taken++] = row
  }
  if (taken === 0) return [piece]
  logAgain(rows, logged, own, going, taken)
  return left === 0 ? [] : [{ part, rows: takeRows(logged, staying, left), cells }]
}
