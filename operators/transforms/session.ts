import { type Column, columnOf, operator, originOffset, Program } from '../../lib/core/index.js'
import { extended } from './columns.js'
import { TimeOffsets } from './order-keys.js'

export interface SessionParameters {
  time: string
  date: string
  /** Wall time at which the session ends, ns after midnight in `zone`; null when unknown. */
  end: number | null
  zone: string
}

/** Adds TimeOfDay and SessionEnd: ns after the UTC midnight of the row's partition date, as doubles; SessionEnd may be null. */
export const session = operator<SessionParameters>({
  name: 'session',
  doc: 'adds TimeOfDay and SessionEnd, ns after the partition date’s midnight',
  async *run(input, { time, date, end, zone }) {
    const program = new Program()
    const offsets = new TimeOffsets()
    for await (const batch of input) {
      program.load(batch)
      const timeOfDay = offsets.of(program, time, date).slice(0, batch.numRows)
      const dates = (columnOf(batch, date) as Column & { type: 'date' }).values
      const ends = new Float64Array(batch.numRows)
      let day = Number.NaN
      let known = Number.NaN
      for (let i = 0; i < ends.length; i++) {
        if (dates[i] !== day) {
          day = dates[i]
          known = end === null ? Number.NaN : originOffset({ origin: end, zone }, day)
        }
        ends[i] = known
      }
      const withTime = extended(
        batch,
        { name: 'TimeOfDay', type: 'f64' },
        { type: 'f64', values: timeOfDay, valid: null },
      )
      yield extended(withTime, { name: 'SessionEnd', type: 'f64' }, { type: 'f64', values: ends, valid: null })
    }
  },
})
