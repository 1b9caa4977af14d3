import { type Column, rowOperator } from '../../lib/core/index.js'

const NS_PER_DAY = 86_400_000_000_000n

/** Adds the UTC date of a time column as the partition date, for files whose path and columns hold none. */
export const partitionDate = rowOperator<{ time: string; as: string }>({
  name: 'partition_date',
  doc: 'adds the UTC date of a time column',
  rows:
    ({ time, as }) =>
    chunk => {
      const stamps = chunk.required(time) as Column & { type: 'ts' }
      const days = new Int32Array(chunk.rows)
      for (let i = 0; i < days.length; i++) {
        const ns = stamps.values[i]
        const rest = ns % NS_PER_DAY
        days[i] = Number((ns - (rest < 0n ? rest + NS_PER_DAY : rest)) / NS_PER_DAY)
      }
      chunk.set(as, { type: 'date', values: days, valid: stamps.valid })
      return [{ name: as, type: 'date', nullable: true }]
    },
})
