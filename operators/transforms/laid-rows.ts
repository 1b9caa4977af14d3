import { batchOf, type Column, type ColumnSpec, columnOf, type RecordBatch } from '../../lib/core/index.js'
import { DayClock } from './day-clock.js'
import { ColumnBuilder, type LaidColumn } from './laid-column.js'

/** Column of the place of each row among the sessions of its listing; see `dense`. */
export const SESSION = 'Session'

/** Rows of a batch: those of a cut output, so that it is not cut again. */
export const LAID_ROWS = 8192

/** Lists the columns of laid rows as specs. */
export const laidSpecs = (columns: readonly LaidColumn[], session: boolean): ColumnSpec[] => [
  ...columns.map(({ name, type }) => ({ name, type })),
  ...(session ? [{ name: SESSION, type: 'i32' as const }] : []),
]

/** Rows on their way out: those of one batch after another, and empty ones between them. */
export class LaidRows {
  /** Labels of the source's rows, ns after the midnight of their date. */
  labels: Float64Array = new Float64Array(0)
  private readonly full: RecordBatch[] = []
  private readonly builders: ColumnBuilder[]
  private readonly specs: ColumnSpec[]
  private sources: (Column | null)[] = []
  private days: Int32Array = new Int32Array(0)
  private readonly clock = new DayClock()
  private built = 0
  // Rows that are not built yet, all of one source.
  private waiting = 0
  private empty = 0
  private readonly from = new Int32Array(LAID_ROWS) // row of the source; -1 for an empty one
  private readonly like = new Int32Array(LAID_ROWS) // row of the source whose listing it is
  private readonly label = new Float64Array(LAID_ROWS)
  private mark = new Int32Array(LAID_ROWS)

  constructor(
    private readonly columns: readonly LaidColumn[],
    private readonly session: boolean,
  ) {
    this.builders = columns.map(({ type, role }) => new ColumnBuilder(type, role === 'zero', LAID_ROWS))
    this.specs = laidSpecs(columns, session)
  }

  /** Says which batch rows are of from now on. */
  begin(source: RecordBatch): void {
    this.build()
    this.sources = this.columns.map(({ name }) => columnOf(source, name) ?? null)
    const label = this.columns.findIndex(({ role }) => role === 'label')
    this.days = (columnOf(source, 'Date') as Column & { type: 'date' }).values
    this.labels = this.clock.offsets((this.sources[label] as Column & { type: 'ts' }).values, this.days)
  }

  /** Puts a row: one of the source, or (`from` -1) an empty one like row `like`. `mark` is its place among sessions. */
  put(from: number, like: number, label: number, mark: number): void {
    const at = this.waiting++
    this.from[at] = from
    this.like[at] = like
    this.label[at] = label
    this.mark[this.built + at] = mark
    if (from < 0) this.empty++
    if (this.built + this.waiting === LAID_ROWS) this.cut()
  }

  /** Yields the batches that became full. */
  *take(): Generator<RecordBatch> {
    yield* this.full.splice(0)
  }

  /** Yields all rows that were put. */
  *rest(): Generator<RecordBatch> {
    if (this.built + this.waiting > 0) this.cut()
    yield* this.take()
  }

  private cut(): void {
    this.build()
    const made = this.builders.map(builder => builder.take(this.built))
    if (this.session) {
      made.push({ type: 'i32', values: this.mark.slice(0, this.built), valid: null })
      this.mark = new Int32Array(LAID_ROWS)
    }
    this.full.push(batchOf(this.specs, made, this.built))
    this.built = 0
  }

  /** Copies what was put, before the source changes or a batch is full. */
  private build(): void {
    const { waiting: count, from, like, built, empty } = this
    if (count === 0) return
    const present = empty > 0 ? new Uint8Array(count) : null
    if (present) for (let k = 0; k < count; k++) present[k] = from[k] < 0 ? 0 : 1
    const data = { from, count, present }
    const listing = { from: like, count, present: null }
    for (const [c, { role }] of this.columns.entries()) {
      if (role === 'label') this.builders[c].addStamps(this.stamps(count), built)
      else this.builders[c].add(this.sources[c], role === 'key' || role === 'attribute' ? listing : data, built)
    }
    this.built += count
    this.waiting = 0
    this.empty = 0
  }

  private stamps(count: number): BigInt64Array {
    const days = new Int32Array(count)
    for (let k = 0; k < count; k++) days[k] = this.days[this.like[k]]
    return this.clock.stamps(this.label, days)
  }
}
