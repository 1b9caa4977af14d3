import type { RecordBatch, Schema, Sink, WrittenFile } from '../core/index.js'
import { type EncodeGroup, openSink, type SinkType } from '../io/index.js'
import {
  type DateBatch,
  datesInFile,
  filesOf,
  type OutputNaming,
  type OutputTarget,
  outputPath,
} from '../plan/index.js'

export interface Publication extends OutputNaming {
  targets: readonly OutputTarget[]
  /** Files appear when the pass is done, not one after another: until then something may keep all of them back. */
  together: boolean
  metadata: Record<string, string>
  /** Columns that rows are sorted by. */
  sortedBy: readonly string[]
  /** Paths of files that are there already, as they would be written: they are left alone. */
  standing: ReadonlySet<string>
  /** Told of each file before it becomes visible, in the place of another one perhaps. */
  onReplace: (path: string, target: OutputTarget) => Promise<void>
  /** Told of each file as it becomes visible. */
  onWritten: (file: WrittenFile, target: OutputTarget) => Promise<void>
}

/** Nowhere: rows that other passes read, and nobody else. */
export const UNPUBLISHED: Publication = {
  targets: [],
  together: false,
  frequency: null,
  names: { datasetname: '', pass: '', universe: '' },
  dates: { from: 0, to: 0 },
  metadata: {},
  sortedBy: [],
  standing: new Set(),
  onReplace: async () => {},
  onWritten: async () => {},
}

/** What the files of a target are made of, besides rows. */
export interface TargetRun extends Omit<Publication, 'targets'> {
  schema: Schema
  /** Dates of the run's units. */
  days: ReadonlySet<number | null>
  encode: EncodeGroup | undefined
}

interface OpenFile {
  dates: DateBatch
  path: string
  sink: Sink
}

/** The files of one target, one after another. Each is opened for its first rows and appears whole, by `commit`. */
export class TargetFiles {
  private open: OpenFile | undefined
  private readonly finished: OpenFile[] = [] // whole, and not visible yet

  constructor(
    private readonly target: OutputTarget,
    private readonly run: TargetRun,
  ) {}

  /** Tells whether the format cuts rows by itself, into row groups, and copies them; of the others, one keeps batches. */
  get cuts(): boolean {
    return this.target.type === 'parquet'
  }

  /** Tells whether every file holds one date of the run alone: its rows can be written before the date is complete. */
  get oneDateEach(): boolean {
    return filesOf(this.target, this.run, this.run.days).every(({ days }) => days.length === 1)
  }

  /** Tells whether the file of a date is there already. */
  stands(day: number | null): boolean {
    const { names, standing } = this.run
    return standing.has(outputPath(this.target, names, datesInFile(this.target, this.run, day)))
  }

  /** Opens a file without rows: the columns alone. */
  async openEmpty(): Promise<void> {
    await this.sinkFor(this.run.dates)
  }

  /** Makes every file visible that is not yet, the earliest first. */
  async commit(): Promise<void> {
    if (this.open) this.finished.push(this.open)
    this.open = undefined
    for (let file = this.finished[0]; file; file = this.finished[0]) {
      await this.run.onReplace(file.path, this.target)
      const files = await file.sink.commit()
      this.finished.shift()
      for (const file of files) await this.run.onWritten(file, this.target)
    }
  }

  /** Removes every file that is not visible yet. */
  async abort(reason: unknown): Promise<void> {
    await this.open?.sink.abort(reason)
    this.open = undefined
    for (const { sink } of this.finished.splice(0)) await sink.abort(reason)
  }

  /** Removes the file of a date, where rows of it were written and it is not visible yet. */
  async drop(day: number | null, reason: unknown): Promise<void> {
    if (this.open?.dates.from !== datesInFile(this.target, this.run, day).from) return
    await this.open.sink.abort(reason)
    this.open = undefined
  }

  /** Writes rows of a date; the file of another one is finished first. */
  async write(day: number | null, batch: RecordBatch): Promise<void> {
    const sink = await this.sinkFor(datesInFile(this.target, this.run, day))
    await sink?.write(batch)
  }

  /** Returns the sink of a file; undefined where the file is there already. */
  private async sinkFor(dates: DateBatch): Promise<Sink | undefined> {
    if (this.open?.dates.from === dates.from) return this.open.sink
    await this.turn()
    const { names, schema, metadata, encode, sortedBy, standing } = this.run
    const path = outputPath(this.target, names, dates)
    if (standing.has(path)) return undefined
    const sink = await openSink(this.target.type as SinkType, {
      path,
      schema,
      compression: this.target.compression,
      rowGroupRows: this.target.row_group_rows,
      sortedBy,
      metadata,
      encode,
    })
    this.open = { dates, path, sink }
    return sink
  }

  /** Ends the open file, as rows of another one come. */
  private async turn(): Promise<void> {
    if (!this.run.together) return this.commit()
    if (!this.open) return
    await this.open.sink.finish?.() // a sink that cannot end before it is visible stays open
    this.finished.push(this.open)
    this.open = undefined
  }
}
