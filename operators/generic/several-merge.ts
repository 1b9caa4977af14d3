import {
  BasaltError,
  type Column,
  type Frame,
  frameColumn,
  growState,
  Interner,
  makeState,
  type State,
} from '../../lib/core/index.js'
import { several } from '../kernels/several.js'
import type { MergedFold } from './merge-accumulator.js'

/** Merges whether buckets hold several words: one that does decides, and so do two that hold one word each, and differ. */
export class SeveralMerge implements MergedFold {
  private readonly words = new Interner()
  private readonly state: State
  private capacity = 1024

  /** `value` names the column of 1 or 0, `word` that of one of the bucket's words. */
  constructor(
    private readonly value: string,
    private readonly word: string,
  ) {
    this.state = makeState(several.fields, this.capacity)
  }

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.grow(count)
    const value = frameColumn(frame, this.value)
    const differs = Float64Array.from(value.values as BigInt64Array, (each, i) =>
      value.valid && !value.valid[i] ? 0 : Number(each),
    )
    several.merge(this.state, groups, { word: this.codesOf(frameColumn(frame, this.word)), differs }, frame.rows)
  }

  column(count: number): Column {
    this.grow(count)
    const values = BigInt64Array.from({ length: count }, (_, g) => several.read(this.state, g) as bigint)
    return { type: 'i64', values, valid: null }
  }

  states(count: number): Record<string, Column> {
    this.grow(count)
    const codes: Int32Array = this.state.word.slice(0, count)
    const valid = Uint8Array.from(codes, code => Number(code >= 0))
    const values = codes.map(code => Math.max(code, 0))
    const word: Column = { type: 'str', values, valid, dictionary: this.words.snapshot() }
    return { value: this.column(count), word }
  }

  /** Returns a text column's codes as those of this fold's words, -1 where null. */
  private codesOf(column: Column): Int32Array {
    if (column.type !== 'str') throw new BasaltError('internal', `'${this.word}' is no text`, { field: this.word })
    const { valid } = column
    const table = this.words.translate(column.dictionary)
    return Int32Array.from(column.values, (code, i) => (valid && !valid[i] ? -1 : table[code]))
  }

  private grow(count: number): void {
    if (count <= this.capacity) return
    this.capacity = Math.max(count, 2 * this.capacity)
    growState(this.state, several.fields, this.capacity)
  }
}
