import { setImmediate as turn } from 'node:timers/promises'
import { type ColumnSpec, type RecordBatch, type Schema, schemaOf } from '../core/index.js'
import { Cutter } from './cut.js'
import { DateRuns, type RunsRoom } from './date-runs.js'

/**
 * Finished rows with the partition date that they belong to, null where files state none; or, by date, what became of
 * the rows of a date: that no more come, or that they must not be seen, because a unit of it failed. Those of `stored`
 * dates were computed by an earlier run.
 */
export type DateRows = { day: number | null; stored?: true } & ({ batch: RecordBatch } | { end: 'complete' | 'failed' })

/** How rows leave. */
export interface RowsShape {
  order: 'listing' | 'time'
  /** Batches end with their date, and it is said what became of it. */
  byDate: boolean
  /** Batches have 8,192 rows, the last one fewer; otherwise they are as they come. */
  cut: boolean
}

/** Puts the rows of units in the order asked for, a date at a time, and cuts them. */
export class DateOrder {
  private readonly schema: Schema
  private cutter: Cutter
  private day: number | null | undefined
  private readonly waiting: DateRuns
  private spoiled = false

  constructor(
    private readonly specs: ColumnSpec[],
    private readonly shape: RowsShape,
    room: RunsRoom,
  ) {
    this.waiting = new DateRuns(specs, room)
    this.schema = schemaOf(specs)
    this.cutter = new Cutter(this.schema, this.specs)
  }

  /** A date is over when rows of the next one come. */
  async *turnTo(day: number | null): AsyncGenerator<DateRows> {
    if (day === this.day) return
    yield* this.endDate()
    this.day = day
  }

  /** Takes rows of the date at hand; those that are not in the order asked for wait for its end. */
  *push(batch: RecordBatch, inOrder: boolean): Generator<DateRows> {
    if (this.spoiled && this.shape.byDate) return
    if (this.shape.order === 'time' && !inOrder) this.waiting.add(batch)
    else yield* this.cut(batch)
  }

  /** Marks the date at hand as incomplete. */
  *spoil(): Generator<DateRows> {
    if (this.spoiled || !this.shape.byDate) return
    this.spoiled = true
    this.waiting.forget()
    this.cutter = new Cutter(this.schema, this.specs)
    yield { day: this.day as number | null, end: 'failed' }
  }

  async *end(): AsyncGenerator<DateRows> {
    yield* this.endDate()
    if (this.day !== undefined && !this.shape.byDate) yield* this.rest(this.day)
  }

  private async *endDate(): AsyncGenerator<DateRows> {
    const { spoiled, day } = this
    this.spoiled = false
    if (day === undefined || spoiled) return
    for (const batch of this.waiting.batches()) {
      yield* this.cut(batch)
      await turn() // signals and threads are heard while a date is put in order
    }
    if (!this.shape.byDate) return
    yield* this.rest(day)
    yield { day, end: 'complete' }
  }

  private *cut(batch: RecordBatch): Generator<DateRows> {
    const day = this.day as number | null
    if (this.shape.cut) for (const full of this.cutter.push(batch)) yield { day, batch: full }
    else if (batch.numRows > 0) yield { day, batch }
  }

  private *rest(day: number | null): Generator<DateRows> {
    for (const batch of this.cutter.end()) yield { day, batch }
    this.cutter = new Cutter(this.schema, this.specs)
  }

  /** Lets go of rows that wait. */
  close(): void {
    this.waiting.close()
  }
}
