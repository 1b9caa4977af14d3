import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { SpillSpace } from '../core/index.js'

/** Shares of the budget: from the first on nothing new is started, from the second on what waits goes to disk. */
const PAUSE = 0.85
const SPILL = 0.92
const LAST = 0.96 // from this share on garbage is collected however little the last collection gave back
const REST = 0.5 // of the budget: below it there is room for what dates leave
const REST_MS = 500
const LEAST_RUN = 4_194_304 // bytes
const SAMPLE_MS = 5 // what the system says of the process costs 15 µs, and 140 while other threads ask it for memory
const FAR_SAMPLE_MS = 50 // below half of the budget
const COLLECT_MS = 100 // a collection takes 10-20 ms on each thread
const COLLECT_MOST_MS = 3200
const WORTH = 8_000_000 // bytes that a collection should give back, or the next one waits twice as long

export interface LedgerOptions {
  /** Takes what waits when there is no room for it. */
  space?: SpillSpace
  /** It takes what waits whether there is room or not. */
  always?: boolean
  /** Says what the process holds: as the system counts it, when left out. */
  resident?: () => number
  /** Gives back what nobody needs any more, on other threads too. */
  collect?: () => void
  now?: () => number
}

/**
 * Counts large buffers of a run against its memory budget, and asks the system what the process really holds. Node
 * bounds no memory but the heap's, so nothing else would stop a run at its budget.
 */
export class Ledger {
  private held = 0
  private most = 0
  private sampled = { at: -Infinity, bytes: 0 }
  private collected = -Infinity
  private pause = COLLECT_MS

  constructor(
    /** Bytes of the whole process. */
    readonly budget: number,
    private readonly options: LedgerOptions = {},
  ) {
    const { resident = process.memoryUsage.rss, collect = collectGarbage, now = () => performance.now() } = options
    this.watch = { resident, collect, now }
  }

  private readonly watch: { resident: () => number; collect: () => void; now: () => number }

  /** Counts bytes that are taken, or given back where they are negative. */
  readonly count = (bytes: number): void => {
    this.held += bytes
    this.most = Math.max(this.most, this.held)
  }

  /** Bytes of the buffers that are counted. */
  get bytes(): number {
    return this.held
  }

  /** Bytes of the buffers that were counted at most. */
  get peak(): number {
    return this.most
  }

  /** Where what waits goes. */
  get space(): SpillSpace | undefined {
    return this.options.space
  }

  /** Bytes that are worth to go to disk. */
  get leastRun(): number {
    return this.options.always ? 1 : LEAST_RUN
  }

  /** Tells whether work should wait until some is done. */
  get full(): boolean {
    return this.above(PAUSE)
  }

  /** Has what nobody needs any more given back, where there is little room left. */
  look(): void {
    this.above(PAUSE)
  }

  /** Has what a date has left given back before the next one begins: however many there are, each finds the same room. */
  rest(): void {
    if (this.used >= this.budget * REST && this.watch.now() - this.collected >= REST_MS) this.collect()
  }

  /** Tells whether what waits should go to disk. */
  get over(): boolean {
    return this.options.always || this.above(SPILL)
  }

  /** Tells whether the process holds more than a share of the budget, when what nobody needs any more has gone. */
  private above(share: number): boolean {
    const limit = this.budget * share
    if (this.used < limit) return false
    const pause = this.used < this.budget * LAST ? this.pause : COLLECT_MS
    if (this.watch.now() - this.collected < pause) return true
    const before = this.used
    this.collect()
    const worth = before - this.used >= WORTH
    this.pause = worth ? COLLECT_MS : Math.min(COLLECT_MOST_MS, this.pause * 2)
    return this.used >= limit
  }

  private collect(): void {
    this.watch.collect()
    this.collected = this.watch.now()
    this.sampled.at = -Infinity
  }

  private get used(): number {
    const pause = this.sampled.bytes < this.budget / 2 ? FAR_SAMPLE_MS : SAMPLE_MS
    if (this.watch.now() - this.sampled.at >= pause)
      this.sampled = { at: this.watch.now(), bytes: this.watch.resident() }
    return this.sampled.bytes
  }
}

let gc: (() => void) | undefined

/**
 * Collects this thread's garbage. By itself the collector looks after its heap and waits for 64 MB of buffers behind it,
 * which a small budget does not have.
 */
export function collectGarbage(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc') as () => void
  }
  gc()
}
