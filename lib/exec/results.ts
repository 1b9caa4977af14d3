import {
  BasaltError,
  batchOfFrame,
  type ColumnSpec,
  type Frame,
  frameOf,
  joined,
  type RecordBatch,
  selected,
} from '../core/index.js'
import { bytesOfBatch, type SpillFile, SpillFolder } from '../io/index.js'
import type { DateRows } from './date-order.js'

/** Rows that are joined before they go to disk: fewer, longer blocks. */
const SPILLED_ROWS = 65_536

export interface ResultsOptions {
  /** always: everything goes through disk. */
  spill: 'auto' | 'always'
  /** Bytes that all results together may take in memory. */
  memory: number
  tempDir: string | null
}

/**
 * The shared context of a run: what passes leave for later ones, by name. It stays in memory while it is small, and
 * goes to files on disk when it is not; who reads it asks for the columns it needs.
 */
export class Results {
  private readonly stored = new Map<string, Stored>()
  private readonly folder: SpillFolder

  constructor(private readonly options: ResultsOptions) {
    this.folder = new SpillFolder(options.tempDir)
  }

  /** Opens the result of a pass for writing. Rows come in its output order; of their columns `specs` are kept. */
  open(pass: string, specs: readonly ColumnSpec[]): ResultWriter {
    const stored = new Stored(specs, this.folder, bytes => this.isFull(bytes))
    this.stored.set(pass, stored)
    return new ResultWriter(stored)
  }

  /** Tells whether something of this name was left and not yet forgotten. */
  has(pass: string): boolean {
    return this.stored.has(pass)
  }

  /** Yields what a pass left, with these columns alone, in its output order. */
  async *read(pass: string, columns: readonly string[]): AsyncGenerator<Frame> {
    yield* this.of(pass).frames(columns)
  }

  /** Returns how many rows a pass left, and the bytes of them that lie on disk. */
  size(pass: string): { rows: number; spilled: number } {
    const { rows, spilled } = this.of(pass)
    return { rows, spilled }
  }

  /** Forgets a result that no pass reads any more. */
  release(pass: string): void {
    this.stored.get(pass)?.close()
    this.stored.delete(pass)
  }

  close(): void {
    for (const pass of [...this.stored.keys()]) this.release(pass)
    this.folder.remove()
  }

  private of(pass: string): Stored {
    const stored = this.stored.get(pass)
    if (!stored) throw new BasaltError('internal', `pass ${pass} has left no rows`)
    return stored
  }

  private isFull(more: number): boolean {
    if (this.options.spill === 'always') return true
    let held = more
    for (const { bytes } of this.stored.values()) held += bytes
    return held > this.options.memory
  }
}

/** Takes the rows of a pass in. Those of a date count when it is complete: a date that failed leaves none. */
export class ResultWriter {
  private held: RecordBatch[] = []
  private readonly names: string[]

  constructor(private readonly stored: Stored) {
    this.names = stored.specs.map(({ name }) => name)
  }

  take(rows: DateRows): void {
    if ('batch' in rows) {
      this.held.push(selected(rows.batch, this.names))
      return
    }
    const held = this.held.splice(0)
    if (rows.end === 'complete') for (const batch of held) this.stored.append(batch)
  }

  /** Takes a whole result in. */
  put(frame: Frame): void {
    this.stored.append(batchOfFrame(frame, this.stored.specs))
  }
}

/** One result: batches in memory, or a file on disk. */
class Stored {
  private batches: RecordBatch[] = []
  private file: SpillFile | undefined
  private waiting: RecordBatch[] = []
  rows = 0
  /** Held in memory. */
  bytes = 0

  constructor(
    readonly specs: readonly ColumnSpec[],
    private readonly folder: SpillFolder,
    private readonly isFull: (bytes: number) => boolean,
  ) {}

  get spilled(): number {
    return this.file?.bytes ?? 0
  }

  append(batch: RecordBatch): void {
    if (batch.numRows === 0) return
    this.rows += batch.numRows
    const bytes = bytesOfBatch(batch)
    if (!this.file && !this.isFull(bytes)) {
      this.batches.push(batch)
      this.bytes += bytes
      return
    }
    this.file ??= this.folder.open()
    this.waiting.push(...this.batches.splice(0), batch)
    this.bytes = 0
    if (this.waiting.reduce((rows, { numRows }) => rows + numRows, 0) >= SPILLED_ROWS) this.flush()
  }

  *frames(columns: readonly string[]): Generator<Frame> {
    this.flush()
    if (this.file) yield* this.file.read(columns)
    for (const batch of this.batches) {
      yield frameOf(selected(batch, columns))
    }
  }

  close(): void {
    this.batches = []
    this.waiting = []
    this.file?.close()
    this.file = undefined
  }

  private flush(): void {
    if (this.waiting.length === 0 || !this.file) return
    const frames = this.waiting.splice(0).map(frameOf)
    this.file.append(batchOfFrame(joined(frames), this.specs))
  }
}
