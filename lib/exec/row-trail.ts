import {
  type Batches,
  batchOf,
  type Column,
  columnOf,
  type DataFile,
  type RecordBatch,
  rowNumbers,
  schemaOf,
} from '../core/index.js'

const NUMBER = 'RowNumber'

/**
 * Remembers which rows of a file the batch at work holds, so that a fault can name the row: steps know rows by their
 * place in the batch. Batches carry a column of row numbers only where a filter may drop rows.
 */
export class RowTrail {
  private current: RecordBatch | undefined
  private seen = 0
  private readonly first: number // of the row group, in the file

  constructor(
    { rowGroups }: DataFile,
    rowGroup: number,
    private readonly filtered: boolean,
  ) {
    this.first = rowGroups.slice(0, rowGroup).reduce((total, { rows }) => total + rows, 0)
  }

  /** Adds row numbers to what a scan gives, when rows may be dropped before the trail is followed. */
  async *numbered(batches: Batches): Batches {
    let next = 0
    for await (const batch of batches) {
      yield this.filtered ? withNumbers(batch, next) : batch
      next += batch.numRows
    }
  }

  /** Passes batches on and notes the one at work. Stands behind the last step that drops rows. */
  async *follow(batches: Batches): Batches {
    for await (const batch of batches) {
      this.current = batch
      yield batch
      this.seen += batch.numRows
    }
  }

  /** Returns the file's row, counted from 0, that is row `row` of the batch at work. */
  rowOf(row: number): number {
    const numbers = this.filtered && this.current ? columnOf(this.current, NUMBER) : undefined
    return this.first + (numbers ? Number(numbers.values[row]) : this.seen + row)
  }
}

function withNumbers(batch: RecordBatch, from: number): RecordBatch {
  const numbers: Column = { type: 'i32', values: rowNumbers(batch.numRows, from), valid: null }
  const columns = batch.schema.fields.map(({ name }) => columnOf(batch, name) as Column)
  const schema = batch.schema.assign(schemaOf([{ name: NUMBER, type: 'i32', nullable: false }]))
  return batchOf([], [...columns, numbers], batch.numRows, schema)
}
