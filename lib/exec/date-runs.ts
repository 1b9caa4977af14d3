import { batchOfFrame, type ColumnSpec, type Frame, frameOf, joined, type RecordBatch, sorted } from '../core/index.js'
import { bytesOfBatch } from '../io/index.js'
import { Results } from './results.js'
import { SortedRuns } from './sorted-runs.js'

const BY_TIME = ['Date', 'TimeBucket', 'ListingId']
const LEAST_RUN = 4_194_304 // bytes: of shorter runs there would be many, and of each a block is in memory
const RUNS = 64 // of one date that are merged with a long block of each in memory; of more, blocks are shorter

/** What rows that wait may use. */
export interface RunsRoom {
  /** Bytes of rows that wait before they become a run, and of runs before they go to disk. */
  memory: number
  spill: 'auto' | 'always'
  tempDir: string | null
  /** Has memory given back that nobody needs any more, where little is left. */
  look: () => void
}

/**
 * Rows of a date that come in another order than by time: they are sorted a part at a time, on disk where there is no
 * room, and merged when the date is over. Rows of equal keys stay in the order in which they came.
 */
export class DateRuns {
  private readonly results: Results
  private waiting: Frame[] = []
  private bytes = 0
  private runs: SortedRuns | undefined

  constructor(
    private readonly specs: readonly ColumnSpec[],
    private readonly room: RunsRoom,
  ) {
    this.results = new Results(room)
  }

  add(batch: RecordBatch): void {
    this.waiting.push(frameOf(batch))
    this.bytes += bytesOfBatch(batch)
    const { memory, spill } = this.room
    if (this.bytes >= (spill === 'always' ? LEAST_RUN : Math.max(LEAST_RUN, memory))) this.sort()
  }

  /** Yields the rows in order and forgets them. */
  *batches(): Generator<RecordBatch> {
    if (!this.runs && this.waiting.length === 0) return
    if (this.runs || this.room.spill === 'always') this.sort()
    const frames = this.runs?.frames() ?? [sorted(joined(this.waiting), BY_TIME)]
    for (const frame of frames) {
      yield batchOfFrame(frame, this.specs)
      this.room.look()
    }
    this.forget()
  }

  forget(): void {
    this.waiting = []
    this.bytes = 0
    this.runs?.close()
    this.runs = undefined
  }

  close(): void {
    this.forget()
    this.results.close()
  }

  private sort(): void {
    if (this.waiting.length === 0) return
    const { memory } = this.room
    this.runs ??= new SortedRuns(this.results, this.specs, BY_TIME, () => {}, { runs: RUNS, memory })
    this.runs.add(joined(this.waiting.splice(0)))
    this.bytes = 0
    this.room.look()
  }
}
