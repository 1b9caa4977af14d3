import type { Memory } from '../../wasm/memory.js'
import { expandBits, RunCursor } from '../../wasm/runs.js'
import { Scratch } from '../../wasm/scratch.js'
import type { DataPage } from './page.js'

/** Reads which rows of a page are present, some rows at a time. */
export class LevelReader {
  /** How many of the rows read last are present. */
  present = 0
  private readonly runs: RunCursor
  private readonly valid: Scratch<Uint8Array>
  private levels: DataPage['levels'] = null
  private row = 0

  constructor(private readonly memory: Memory) {
    this.runs = new RunCursor(memory)
    this.valid = new Scratch(memory, n => memory.u8(n))
  }

  /** Begins with the levels of a page. */
  start(levels: DataPage['levels']): void {
    this.levels = levels
    this.row = 0
    if (levels && !levels.bitPacked) this.runs.start(levels.bytes, 1)
  }

  /** Reads the next n rows: a byte a row, 1 = present, or null when all are. Throws when the levels end before. */
  read(n: number): Uint8Array | null {
    this.present = n
    if (!this.levels) return null
    const valid = this.valid.of(n)
    if (this.levels.bitPacked) this.present = expandBits(this.memory, this.levels.bytes, this.row, n, valid, true)
    else this.present = this.runs.levels(n, valid)
    this.row += n
    return this.present === n ? null : valid
  }

  /** Gives the reader's memory back. */
  close(): void {
    this.runs.close()
    this.valid.close()
  }
}
