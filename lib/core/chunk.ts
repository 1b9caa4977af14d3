import type { RecordBatch } from 'apache-arrow'
import { batchOf, type Column, type ColumnSpec, columnOf, columnTypeOf } from './batch.js'
import { take } from './columns.js'
import { BasaltError } from './error.js'
import { scriptLoops } from './loops.js'

/**
 * Some thousand rows on their way through the steps of a pass, as columns. Columns are borrowed: valid until the next
 * chunk. Rows that a step drops stay in place and are marked, so that a row's number keeps telling where it came from.
 */
export class Chunk {
  private readonly columns = new Map<string, Column>()
  /** One byte a row, 1 where it is still in; null while no row was dropped. */
  kept: Uint8Array | null = null
  /** Number of its first row in the files of its table and date, where rows come from files. */
  first = 0

  constructor(
    readonly rows: number,
    private readonly find: (name: string) => Column | undefined = () => undefined,
  ) {}

  /** Returns a column, or undefined when the chunk has none of that name. */
  column(name: string): Column | undefined {
    let column = this.columns.get(name)
    if (!column) {
      column = this.find(name)
      if (column) this.columns.set(name, column)
    }
    return column
  }

  /** Returns a column that a plan promises. */
  required(name: string): Column {
    const column = this.column(name)
    if (!column) throw new BasaltError('internal', `no column '${name}' in the batch`, { field: name })
    return column
  }

  set(name: string, column: Column): void {
    this.columns.set(name, column)
  }

  /** Drops the rows where a mask is 0. The mask is borrowed, as columns are. */
  keep(mask: Uint8Array): void {
    this.kept = this.kept ? this.kept.slice(0, this.rows).map((byte, row) => byte & mask[row]) : mask
  }

  /** Tells whether a row is still in. */
  holds(row: number): boolean {
    return !this.kept || this.kept[row] === 1
  }
}

/** Views a batch as a chunk. */
export function chunkOf(batch: RecordBatch): Chunk {
  return new Chunk(batch.numRows, name => columnOf(batch, name))
}

/**
 * Returns a batch with what steps did to its chunk: rows dropped, columns added or replaced. Undefined when no row is
 * left. Columns of types that no stage can hold are left out as soon as anything changed.
 */
export function batchAfter(batch: RecordBatch, chunk: Chunk, added: readonly ColumnSpec[]): RecordBatch | undefined {
  if (!chunk.kept && added.length === 0) return batch
  const specs: ColumnSpec[] = batch.schema.fields
    .filter(field => columnTypeOf(field.type) && columnOf(batch, field.name) && !added.some(a => a.name === field.name))
    .map(({ name, nullable, metadata }) => ({
      name,
      type: (columnOf(batch, name) as Column).type,
      nullable,
      metadata: Object.fromEntries(metadata),
    }))
  const all = [...specs, ...added]
  const columns = all.map(({ name }) => chunk.required(name))
  if (!chunk.kept) return batchOf(all, columns, batch.numRows)
  const index = new Int32Array(batch.numRows + 1)
  const count = scriptLoops.rowsWhere(chunk.kept, batch.numRows, index)
  if (count === 0) return undefined
  return batchOf(
    all,
    columns.map(column => take(column, index, count)),
    count,
  )
}
