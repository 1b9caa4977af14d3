import { Chunk, type ColumnSpec, faultOf, type PassPlan, pieceOf, type SpillPlace } from '../core/index.js'
import { decodeSegment } from '../io/segment.js'
import { SpillFile } from '../io/spill.js'
import type { PlacedChunk } from './placed-chunks.js'

/** Rows of one row group on disk, of one share of the listings. */
export interface Segment extends SpillPlace {
  rows: number
}

/** Where rows of a row group are, in their order. */
export interface ShreddedRows {
  path: string
  segments: Segment[]
  rows: number
}

export const ROW_NUMBER: ColumnSpec = { name: 'row number', type: 'i32' } // no binding has that name

/** Lists what a segment holds: the number that each row has in its row group, and the columns that a pass reads. */
export const specsOf = ({ bindings }: PassPlan): ColumnSpec[] => [
  ROW_NUMBER,
  ...bindings.map(({ name, type }) => ({ name, type })),
]

/** Yields the rows of segments, at most `batchRows` at a time. Bytes that were changed on disk are an io fault. */
export function* chunksOfSegments(
  { path, segments }: Pick<ShreddedRows, 'path' | 'segments'>,
  pass: PassPlan,
  batchRows: number,
): Generator<PlacedChunk, void, undefined> {
  if (segments.length === 0) return
  const specs = specsOf(pass)
  const types = specs.map(({ type }) => type)
  const from = opened(path)
  try {
    for (const { rows, ...place } of segments) {
      const bytes = new Uint8Array(place.length)
      from.get(place, bytes, `${rows} rows`)
      const whole = { rows, columns: new Map(decodeSegment(bytes, types).map((column, c) => [specs[c].name, column])) }
      for (let row = 0; row < rows; row += batchRows) {
        const { columns, rows: count } =
          row === 0 && rows <= batchRows ? whole : pieceOf(whole, row, Math.min(rows, row + batchRows))
        const numbers = columns.get(ROW_NUMBER.name)?.values as Int32Array
        yield { chunk: new Chunk(count, name => columns.get(name)), first: numbers[0], numbers }
      }
    }
  } finally {
    from.close()
  }
}

function opened(path: string): SpillFile {
  try {
    return new SpillFile(path, true)
  } catch (error) {
    throw faultOf(error, { file: path }, 'io')
  }
}
