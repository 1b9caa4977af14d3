import {
  batchOf,
  type Column,
  type ColumnSpec,
  columnOf,
  concat,
  type RecordBatch,
  type Schema,
} from '../core/index.js'

/** Rows of an output batch: cut in the final order, never by arrival (semantics 3.2). */
export const OUTPUT_ROWS = 8192

/** Cuts a stream of rows into batches of `rows` rows, the last one shorter, each in memory of its own. */
export class Cutter {
  /** Rows that wait, from row `from` of a batch on. Its columns are viewed once: a view unpacks what is null in all rows. */
  private pending: { columns: Column[]; rows: number; from: number }[] = []
  private held = 0

  constructor(
    private readonly schema: Schema,
    private readonly specs: readonly ColumnSpec[],
    private readonly rows = OUTPUT_ROWS,
  ) {}

  /** Takes rows in and yields the batches that became full. */
  *push(batch: RecordBatch): Generator<RecordBatch> {
    if (batch.numRows === 0) return
    if (this.held === 0 && batch.numRows === this.rows) {
      yield this.shaped(batch)
      return
    }
    this.pending.push({ columns: this.views(batch), rows: batch.numRows, from: 0 })
    this.held += batch.numRows
    while (this.held >= this.rows) yield this.next(this.rows)
  }

  /** Yields what is left. */
  *end(): Generator<RecordBatch> {
    if (this.held > 0) yield this.next(this.held)
  }

  /** Puts a batch's columns in order, as they are. */
  private shaped(batch: RecordBatch): RecordBatch {
    return batchOf(this.specs, this.views(batch), batch.numRows, this.schema)
  }

  private views(batch: RecordBatch): Column[] {
    return this.specs.map(({ name }) => columnOf(batch, name) as Column)
  }

  private next(rows: number): RecordBatch {
    const pieces: Piece[] = []
    for (let missing = rows; missing > 0; ) {
      const head = this.pending[0]
      const count = Math.min(missing, head.rows - head.from)
      pieces.push({ columns: head.columns, from: head.from, count })
      head.from += count
      missing -= count
      if (head.from === head.rows) this.pending.shift()
    }
    this.held -= rows
    const columns = this.specs.map((_, c) => joined(pieces, c))
    return batchOf(this.specs, columns, rows, this.schema)
  }
}

interface Piece {
  columns: Column[]
  from: number
  count: number
}

function joined(pieces: readonly Piece[], c: number): Column {
  const parts = pieces.map(({ columns, from, count }) => {
    const column = columns[c]
    return {
      ...column,
      values: column.values.slice(from, from + count),
      valid: part(column.valid, from, count),
    } as Column
  })
  return parts.length === 1 ? parts[0] : concat(parts)
}

function part(valid: Uint8Array | null, from: number, count: number): Uint8Array | null {
  return valid?.slice(from, from + count) ?? null
}
