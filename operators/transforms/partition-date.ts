import { type Column, columnOf, operator } from '../../lib/core/index.js'
import { extended } from './columns.js'

const NS_PER_DAY = 86_400_000_000_000n

/** Adds the UTC date of a time column as the partition date, for files whose path and columns hold none. */
export const partitionDate = operator<{ time: string; as: string }>({
  name: 'partition_date',
  doc: 'adds the UTC date of a time column',
  async *run(input, { time, as }) {
    for await (const batch of input) {
      const stamps = columnOf(batch, time) as Column & { type: 'ts' }
      const days = new Int32Array(batch.numRows)
      for (let i = 0; i < days.length; i++) {
        const ns = stamps.values[i]
        const rest = ns % NS_PER_DAY
        days[i] = Number((ns - (rest < 0n ? rest + NS_PER_DAY : rest)) / NS_PER_DAY)
      }
      yield extended(
        batch,
        { name: as, type: 'date', nullable: true },
        { type: 'date', values: days, valid: stamps.valid },
      )
    }
  },
})
