import {
  type Column,
  type ColumnType,
  columnOfDoubles,
  doublesOf,
  type Frame,
  frameColumn,
  KeyTable,
} from '../../lib/core/index.js'
import { grown } from '../generic/accumulator.js'
import { daysOfRows } from './membership.js'

/** Totals of a member's weights by date, from a source that is read for them first. */
export class DailyWeights {
  private readonly keys: KeyTable
  private totals = new Float64Array(1024)
  private seen = new Uint8Array(1024)

  constructor(
    private readonly member: { name: string; type: ColumnType },
    private readonly anchor: 'end' | 'start',
  ) {
    this.keys = new KeyTable([member, { name: 'Date', type: 'date' }])
  }

  /** Adds up the rows of a source, which come in its output order: each total is one left-to-right sum. */
  async read(frames: AsyncIterable<Frame>, weight: string): Promise<this> {
    for await (const frame of frames) {
      const weights = doublesOf(frameColumn(frame, weight))
      const numbers = this.numbersOf(frame)
      this.totals = grown(this.totals, this.keys.count)
      this.seen = grown(this.seen, this.keys.count)
      for (let i = 0; i < frame.rows; i++) {
        if (Number.isNaN(weights[i])) continue
        this.totals[numbers[i]] += weights[i]
        this.seen[numbers[i]] = 1
      }
    }
    return this
  }

  /** Returns the total of each row's member on its date; null where the member has no weight on it. */
  of(frame: Frame): Column {
    const numbers = this.numbersOf(frame)
    const { totals, seen } = this
    return columnOfDoubles(Float64Array.from(numbers, number => (seen[number] ? totals[number] : Number.NaN)))
  }

  private numbersOf(frame: Frame): Int32Array {
    const days: Column = { type: 'date', values: daysOfRows(frame, this.anchor), valid: null }
    return this.keys.resolve([frameColumn(frame, this.member.name), days], frame.rows)
  }
}
