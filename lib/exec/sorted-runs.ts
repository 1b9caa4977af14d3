import { batchOfFrame, type ColumnSpec, type Frame, pieceOf, sorted, takeRows } from '../core/index.js'
import { OUTPUT_ROWS } from './cut.js'
import { KeyOrder } from './key-order.js'
import { mergedRuns, type OnTwins, type SortedRun } from './merge-runs.js'
import type { Result, Results } from './results.js'

/** What a later pass has made: rows in one order, to be read as often as needed. */
export interface LaterRows {
  rows: number
  /** Yields them, of the columns those that are named. */
  frames(columns?: readonly string[]): Generator<Frame>
  /** Forgets them. */
  close(): void
}

/** Rows that are in memory, in their order. */
export function heldRows(frame: Frame): LaterRows {
  return {
    rows: frame.rows,
    *frames() {
      if (frame.rows > 0) yield frame
    },
    close() {},
  }
}

const LEAST_ROWS = 1024
const MOST_ROWS = 65_536

/**
 * Rows that come in frames of any order: each frame becomes a sorted run, in memory while there is room and on disk
 * otherwise, and runs are merged while they are read.
 */
export class SortedRuns implements LaterRows {
  rows = 0
  private readonly result: Result
  private readonly firsts: Frame[] = []

  /** `runs` is how many there will be, `memory` the bytes that one block of each may take. */
  constructor(
    private readonly results: Results,
    private readonly specs: readonly ColumnSpec[],
    private readonly keys: readonly string[],
    private readonly onTwins: OnTwins,
    { runs, memory }: { runs: number; memory: number },
  ) {
    const fitting = Math.floor(memory / (runs * specs.length * 9))
    this.result = results.openRuns(specs, Math.min(Math.max(fitting, LEAST_ROWS), MOST_ROWS))
  }

  add(frame: Frame): void {
    if (frame.rows === 0) return
    const run = sorted(frame, this.keys)
    this.rows += run.rows
    this.firsts.push(takeRows(this.keysOf(run), new Int32Array(1)))
    for (let from = 0; from < run.rows; from += OUTPUT_ROWS)
      this.result.take(batchOfFrame(pieceOf(run, from, Math.min(from + OUTPUT_ROWS, run.rows)), this.specs))
    this.result.complete(null)
  }

  *frames(columns: readonly string[] = this.specs.map(({ name }) => name)): Generator<Frame> {
    const read = this.specs.filter(({ name }) => columns.includes(name) || this.keys.includes(name))
    const runs = this.result.parts.map((part, i): SortedRun => ({ blocks: part.blocks(), first: this.firsts[i] }))
    yield* mergedRuns(runs, read, new KeyOrder(this.keys), this.onTwins)
  }

  close(): void {
    this.results.closeRuns(this.result)
  }

  private keysOf({ rows, columns }: Frame): Frame {
    return { rows, columns: new Map([...columns].filter(([name]) => this.keys.includes(name))) }
  }
}
