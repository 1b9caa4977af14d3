import type { RecordBatch, Schema, Sink, WrittenFile } from '../core/index.js'
import { type EncodeGroup, openSink, type SinkType } from '../io/index.js'
import { batchOfDay, type DateBatch, isDaily, type OutputTarget, outputPath } from '../plan/index.js'
import type { DateRows } from './date-order.js'

export interface Publication {
  targets: readonly OutputTarget[]
  /** Files appear when the pass is done, not one after another: until then something may keep all of them back. */
  together: boolean
  frequency: 'D' | 'W' | '2W' | 'M' | 'A' | null
  names: { datasetname: string; pass: string; universe: string }
  /** First and last date of the run, days since the epoch. */
  dates: DateBatch
  metadata: Record<string, string>
  /** Columns that rows are sorted by. */
  sortedBy: readonly string[]
}

/** What the files of a target are made of, besides rows. */
export interface TargetRun extends Publication {
  schema: Schema
  /** Dates of the run's units. */
  days: ReadonlySet<number | null>
  encode: EncodeGroup | undefined
}

/** The files of one target, one after another. Each is opened for its first rows and appears whole, by `commit`. */
export class TargetFiles {
  private open: { dates: DateBatch; sink: Sink } | undefined
  private held: RecordBatch[] = []
  private readonly finished: Sink[] = [] // whole, and not visible yet
  private readonly datesIn = new Map<number, number>() // how many dates a file has, by its first one

  constructor(
    private readonly target: OutputTarget,
    private readonly run: TargetRun,
    private readonly onWritten: (file: WrittenFile) => void,
  ) {
    for (const day of run.days) {
      const { from } = this.datesOf(day)
      this.datesIn.set(from, (this.datesIn.get(from) ?? 0) + 1)
    }
  }

  /** Takes rows in, or learns what became of those of a date. */
  async take(rows: DateRows): Promise<void> {
    const { day } = rows
    const { from } = this.datesOf(day)
    const alone = this.datesIn.get(from) === 1
    if ('batch' in rows) {
      // A date that fails takes its file along; where the file has rows of other dates, they wait for its end.
      if (alone) await this.write(day, rows.batch)
      else this.held.push(rows.batch)
      return
    }
    const held = this.held.splice(0)
    if (rows.end === 'complete') for (const batch of held) await this.write(day, batch)
    else if (alone && this.open?.dates.from === from) await this.drop(rows)
  }

  /** Opens a file without rows: the columns alone. */
  async openEmpty(): Promise<void> {
    await this.openFor(this.run.dates)
  }

  /** Makes every file visible that is not yet, the earliest first. */
  async commit(): Promise<void> {
    if (this.open) this.finished.push(this.open.sink)
    this.open = undefined
    for (let sink = this.finished[0]; sink; sink = this.finished[0]) {
      const files = await sink.commit()
      this.finished.shift()
      for (const file of files) this.onWritten(file)
    }
  }

  /** Removes every file that is not visible yet. */
  async abort(reason: unknown): Promise<void> {
    await this.drop(reason)
    for (const sink of this.finished.splice(0)) await sink.abort(reason)
  }

  /** Removes the open file. */
  private async drop(reason: unknown): Promise<void> {
    await this.open?.sink.abort(reason)
    this.open = undefined
  }

  /** Ends the open file, as rows of another one come. */
  private async turn(): Promise<void> {
    if (!this.run.together) return this.commit()
    if (!this.open) return
    const { sink } = this.open
    await sink.finish?.() // a sink that cannot end before it is visible stays open
    this.finished.push(sink)
    this.open = undefined
  }

  /** Writes rows of a date; the file of another one is finished first. */
  async write(day: number | null, batch: RecordBatch): Promise<void> {
    const dates = this.datesOf(day)
    if (this.open && this.open.dates.from !== dates.from) await this.turn()
    const { sink } = this.open ?? (await this.openFor(dates))
    await sink.write(batch)
  }

  private async openFor(dates: DateBatch): Promise<{ sink: Sink }> {
    const { names, schema, metadata, encode, sortedBy } = this.run
    const sink = await openSink(this.target.type as SinkType, {
      path: outputPath(this.target, names, dates),
      schema,
      compression: this.target.compression,
      rowGroupRows: this.target.row_group_rows,
      sortedBy,
      metadata,
      encode,
    })
    this.open = { dates, sink }
    return this.open
  }

  /** Returns the dates that share a file with one. */
  datesOf(day: number | null): DateBatch {
    const { dates, frequency } = this.run
    if (day === null) return dates
    return isDaily(this.target) ? { from: day, to: day } : batchOfDay(day, dates.from, dates.to, frequency)
  }
}
