import type { ColumnSpec, RecordBatch, Words } from '../../lib/core/index.js'
import { Rows } from './rows.js'

// No power of two: the same row of all columns would fall into the same few lines of the cache.
const CHUNK = 2000

/** Rows, and the words that they alone have. */
interface Chunk {
  rows: Rows
  ids: string[]
}

/**
 * Collects the rows of one table of a market's day, as numbers (see `Rows`), and hands them out in batches. `words` are
 * the words of the text columns by name; a text column that is not among them holds what `id` returned.
 */
export class RowLog {
  private chunks: Chunk[] = []
  private taken = 0 // batches

  constructor(
    private readonly specs: readonly ColumnSpec[],
    private readonly day: number, // days since the epoch
    private readonly words: Readonly<Record<string, Words>>,
  ) {}

  /** Adds a row, to be filled in `values`, and returns where it is there. */
  add(): number {
    if (this.chunks.length === 0 || this.last.rows.full) {
      this.chunks.push({ rows: new Rows(this.specs, CHUNK), ids: [] })
    }
    return this.last.rows.length++
  }

  /** The columns in which the row lies that was added last. */
  get values(): readonly Float64Array[] {
    return this.last.rows.values
  }

  /** Returns the code of a word for the row that was added last, which no other row has. */
  id(word: string): number {
    return this.last.ids.push(word) - 1
  }

  /** Numbers the last `count` rows in a column; the last of them gets `to`. They must not have been taken. */
  number(column: number, count: number, to: number): void {
    let next = to
    let left = count
    for (let i = this.chunks.length - 1; left > 0; i--) {
      const { rows } = this.chunks[i]
      for (let row = rows.length - 1; row >= 0 && left > 0; row--, left--) rows.values[column][row] = next--
    }
  }

  /**
   * Returns the next full batch, or undefined when there is none. At the end the last one need not be full, and a day
   * without rows gives one empty batch, so that its file exists.
   */
  take(ended: boolean): RecordBatch | undefined {
    if (ended && this.taken === 0 && this.chunks.length === 0)
      this.chunks.push({ rows: new Rows(this.specs, 0), ids: [] })
    const [first] = this.chunks
    if (!first || !(ended || first.rows.full)) return undefined
    this.chunks.shift()
    this.taken++
    const ids: Words = { words: first.ids }
    return first.rows.batch(this.day, name => this.words[name] ?? ids)
  }

  private get last(): Chunk {
    return this.chunks[this.chunks.length - 1]
  }
}
