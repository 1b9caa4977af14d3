import {
  BasaltError,
  batchOfFrame,
  type ColumnSpec,
  discardColumns,
  type Frame,
  frameOf,
  joined,
  type RecordBatch,
  selected,
} from '../core/index.js'
import { bytesOfBatch, SpillFile, SpillFolder } from '../io/index.js'

/** Rows that are joined before they go to disk. Longer blocks are read no quicker, and lie in memory as a whole. */
const SPILLED_ROWS = 16_384

/** Rows of a result that lie together, in memory or on disk, and can be read without the others. */
export interface ResultBlock {
  rows: number
  /** Its frames are read from disk, each time anew. */
  onDisk: boolean
  frame(columns: readonly string[]): Frame
}

/** Gives back what a frame of a block was read from disk to, at once; nothing may read it any more. */
export function letGo({ onDisk }: ResultBlock, frame: Frame): void {
  if (onDisk) discardColumns(frame.columns.values())
}

export interface ResultsOptions {
  /** always: everything goes through disk. */
  spill: 'auto' | 'always'
  /** Bytes that all results together may take in memory. */
  memory: number
  tempDir: string | null
}

/**
 * The shared context of a run: what passes leave for their targets and for later passes, by name. It stays in memory while
 * it is small, and goes to files on disk when it is not; who reads it asks for the columns it needs.
 */
export class Results {
  private readonly stored = new Map<string, Result>()
  private readonly runs = new Set<Result>()
  private readonly folder: SpillFolder

  constructor(private readonly options: ResultsOptions) {
    this.folder = new SpillFolder(options.tempDir)
  }

  /** Opens the result of a pass for writing. Rows come in its output order; of their columns `specs` are kept. */
  open(pass: string, specs: readonly ColumnSpec[]): Result {
    const result = new Result(specs, this.folder, bytes => this.isFull(bytes))
    this.stored.set(pass, result)
    return result
  }

  /** Opens room for the rows of a pass that is being computed, in blocks of `rows`; `close` it when they are no longer needed. */
  openRuns(specs: readonly ColumnSpec[], rows: number): Result {
    const result = new Result(specs, this.folder, bytes => this.isFull(bytes), rows)
    this.runs.add(result)
    return result
  }

  /** Opens a file for rows that wait; it is gone when it is closed. */
  openFile(): SpillFile {
    return this.folder.open()
  }

  closeRuns(result: Result): void {
    result.close()
    this.runs.delete(result)
  }

  /** Everything goes through disk. */
  get spillsAlways(): boolean {
    return this.options.spill === 'always'
  }

  /** Tells whether something of this name was left and not yet forgotten. */
  has(pass: string): boolean {
    return this.stored.has(pass)
  }

  /** Yields what a pass left, with these columns alone, in its output order. */
  async *read(pass: string, columns: readonly string[]): AsyncGenerator<Frame> {
    for (const part of this.of(pass).parts) yield* part.frames(columns)
  }

  /** Lists the blocks of what a pass left, in its output order. */
  blocks(pass: string): ResultBlock[] {
    return this.of(pass).parts.flatMap(part => part.blocks())
  }

  /** Returns the columns of what a pass left. */
  specs(pass: string): readonly ColumnSpec[] {
    return this.of(pass).specs
  }

  /** Returns how many rows a pass left, and the bytes of them that lie on disk. */
  size(pass: string): { rows: number; spilled: number } {
    const { parts } = this.of(pass)
    return {
      rows: parts.reduce((total, { rows }) => total + rows, 0),
      spilled: parts.reduce((total, { spilled }) => total + spilled, 0),
    }
  }

  /** Forgets a result that no pass reads any more. */
  release(pass: string): void {
    this.stored.get(pass)?.close()
    this.stored.delete(pass)
  }

  close(): void {
    for (const pass of [...this.stored.keys()]) this.release(pass)
    for (const result of this.runs) result.close()
    this.runs.clear()
    this.folder.remove()
  }

  private of(pass: string): Result {
    const result = this.stored.get(pass)
    if (!result) throw new BasaltError('internal', `pass ${pass} has left no rows`)
    return result
  }

  private isFull(more: number): boolean {
    if (this.options.spill === 'always') return true
    let held = more
    for (const { bytes } of this.stored.values()) held += bytes
    for (const { bytes } of this.runs) held += bytes
    return held > this.options.memory
  }
}

/** What a pass leaves: the rows of a date after those of another. A date that failed leaves none. */
export class Result {
  readonly parts: ResultPart[] = []
  private open: ResultPart | undefined
  private readonly names: string[]

  constructor(
    readonly specs: readonly ColumnSpec[],
    private readonly folder: SpillFolder,
    private readonly isFull: (bytes: number) => boolean,
    private readonly blockRows = SPILLED_ROWS,
  ) {
    this.names = specs.map(({ name }) => name)
  }

  /** Takes rows of the date at hand. With a `checkpoint`, they go to a file of that name that outlives the run. */
  take(batch: RecordBatch, checkpoint?: string): void {
    this.open ??= this.part(checkpoint)
    this.open.append(selected(batch, this.names))
  }

  private part(checkpoint: string | undefined): ResultPart {
    return new ResultPart(this.specs, this.folder, this.isFull, checkpoint, this.blockRows)
  }

  /** Ends the date at hand: its rows are part of the result from now on. `facts` are noted in its checkpoint. */
  complete(facts: unknown, checkpoint?: string): ResultPart {
    const part = this.open ?? this.part(checkpoint)
    this.open = undefined
    part.end(facts)
    this.parts.push(part)
    return part
  }

  /** Forgets the rows of the date at hand. */
  drop(): void {
    this.open?.close()
    this.open = undefined
  }

  /** Takes the rows of a date from the file that an earlier run left. */
  resume(file: SpillFile): ResultPart {
    const part = ResultPart.of(file, this.specs, this.folder, this.isFull)
    this.parts.push(part)
    return part
  }

  /** Takes a whole result in. */
  put(frame: Frame, checkpoint?: string): void {
    this.take(batchOfFrame(frame, this.specs), checkpoint)
    this.complete(null, checkpoint)
  }

  /** Held in memory. */
  get bytes(): number {
    return [...this.parts, ...(this.open ? [this.open] : [])].reduce((total, { bytes }) => total + bytes, 0)
  }

  close(): void {
    this.drop()
    for (const part of this.parts.splice(0)) part.close()
  }
}

/** The rows of a date: batches in memory, or a file on disk. */
export class ResultPart {
  private batches: RecordBatch[] = []
  private file: SpillFile | undefined
  private waiting: RecordBatch[] = []
  rows = 0
  /** Held in memory. */
  bytes = 0

  constructor(
    private readonly specs: readonly ColumnSpec[],
    private readonly folder: SpillFolder,
    private readonly isFull: (bytes: number) => boolean,
    private readonly checkpoint?: string,
    private readonly blockRows = SPILLED_ROWS,
  ) {}

  static of(file: SpillFile, ...options: ConstructorParameters<typeof ResultPart>): ResultPart {
    const part = new ResultPart(...options)
    part.file = file
    part.rows = file.rows
    return part
  }

  get spilled(): number {
    return this.file?.bytes ?? 0
  }

  append(batch: RecordBatch): void {
    if (batch.numRows === 0) return
    this.rows += batch.numRows
    const bytes = bytesOfBatch(batch)
    if (!this.file && this.checkpoint === undefined && !this.isFull(bytes)) {
      this.batches.push(batch)
      this.bytes += bytes
      return
    }
    this.openFile()
    this.waiting.push(...this.batches.splice(0), batch)
    this.bytes = 0
    if (this.waiting.reduce((rows, { numRows }) => rows + numRows, 0) >= this.blockRows) this.flush()
  }

  /** No more rows come. */
  end(facts: unknown): void {
    if (this.checkpoint === undefined) return
    const file = this.openFile()
    this.flush()
    file.seal(this.checkpoint, facts)
  }

  *frames(columns: readonly string[]): Generator<Frame> {
    for (const block of this.blocks()) yield block.frame(columns)
  }

  /** Lists its blocks, in the order of their rows. */
  blocks(): ResultBlock[] {
    this.flush()
    const { file } = this
    return [
      ...(file?.batches ?? []).map((rows, number) => ({
        rows,
        onDisk: true,
        frame: (columns: readonly string[]) => (file as SpillFile).batch(number, columns),
      })),
      ...this.batches.map(batch => ({
        rows: batch.numRows,
        onDisk: false,
        frame: (columns: readonly string[]) => frameOf(selected(batch, columns)),
      })),
    ]
  }

  /** Forgets all but these columns, where rows are in memory. */
  narrow(columns: readonly string[]): void {
    this.batches = this.batches.map(batch => selected(batch, columns))
    this.bytes = this.batches.reduce((total, batch) => total + bytesOfBatch(batch), 0)
  }

  /** Lets go of the rows. A checkpoint stays. */
  close(): void {
    this.batches = []
    this.waiting = []
    this.bytes = 0
    this.file?.close()
    this.file = undefined
  }

  private openFile(): SpillFile {
    this.file ??= this.checkpoint === undefined ? this.folder.open() : SpillFile.pending(this.checkpoint)
    return this.file
  }

  private flush(): void {
    const { file } = this
    let group: RecordBatch[] = []
    let rows = 0
    const write = () => {
      if (rows > 0) {
        const frame = joined(group.map(frameOf))
        file?.append(batchOfFrame(frame, this.specs))
        if (group.length > 1) discardColumns(frame.columns.values()) // its columns are copies
      }
      group = []
      rows = 0
    }
    if (!file) return
    // A block at a time: what has waited in memory until now would be there thrice.
    for (const batch of this.waiting.splice(0)) {
      group.push(batch)
      rows += batch.numRows
      if (rows >= this.blockRows) write()
    }
    write()
  }
}
