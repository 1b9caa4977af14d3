import { type Column, originOffset, rowOperator } from '../../lib/core/index.js'
import { TimeOffsets } from './order-keys.js'

export interface SessionParameters {
  time: string
  date: string
  /** Wall time at which the session ends, ns after midnight in `zone`; null when unknown. */
  end: number | null
  zone: string
}

/** Adds TimeOfDay and SessionEnd: ns after the UTC midnight of the row's partition date, as doubles; SessionEnd may be null. */
export const session = rowOperator<SessionParameters>({
  name: 'session',
  doc: 'adds TimeOfDay and SessionEnd, ns after the partition date’s midnight',
  rows: ({ time, date, end, zone }) => {
    const offsets = new TimeOffsets()
    return chunk => {
      const dates = (chunk.required(date) as Column & { type: 'date' }).values
      const ends = new Float64Array(chunk.rows)
      let day = Number.NaN
      let known = Number.NaN
      for (let i = 0; i < ends.length; i++) {
        if (dates[i] !== day) {
          day = dates[i]
          known = end === null ? Number.NaN : originOffset({ origin: end, zone }, day)
        }
        ends[i] = known
      }
      const timeOfDay = offsets.of(chunk, time, date).slice(0, chunk.rows)
      chunk.set('TimeOfDay', { type: 'f64', values: timeOfDay, valid: null })
      chunk.set('SessionEnd', { type: 'f64', values: ends, valid: null })
      return [
        { name: 'TimeOfDay', type: 'f64' },
        { name: 'SessionEnd', type: 'f64' },
      ]
    }
  },
})
