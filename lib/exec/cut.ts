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
  private pending: { batch: RecordBatch; from: number }[] = []
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
    this.pending.push({ batch, from: 0 })
    this.held += batch.numRows
    while (this.held >= this.rows) yield this.next(this.rows)
  }

  /** Yields what is left. */
  *end(): Generator<RecordBatch> {
    if (this.held > 0) yield this.next(this.held)
  }

  /** Puts a batch's columns in order, as they are. */
  private shaped(batch: RecordBatch): RecordBatch {
    const columns = this.specs.map(({ name }) => columnOf(batch, name) as Column)
    return batchOf(this.specs, columns, batch.numRows, this.schema)
  }

  private next(rows: number): RecordBatch {
    const pieces: { batch: RecordBatch; from: number; count: number }[] = []
    for (let missing = rows; missing > 0; ) {
      const head = this.pending[0]
      const count = Math.min(missing, head.batch.numRows - head.from)
      pieces.push({ ...head, count })
      head.from += count
      missing -= count
      if (head.from === head.batch.numRows) this.pending.shift()
    }
    this.held -= rows
    const columns = this.specs.map(({ name }) => joined(pieces, name))
    return batchOf(this.specs, columns, rows, this.schema)
  }
}

function joined(pieces: { batch: RecordBatch; from: number; count: number }[], name: string): Column {
  const parts = pieces.map(({ batch, from, count }) => {
    const column = columnOf(batch, name) as Column
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
