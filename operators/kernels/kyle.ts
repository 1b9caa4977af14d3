import { seriesKernel } from '../../lib/core/index.js'
import { slotOf } from './slots.js'

/**
 * Measures how far the mid moves for each unit of signed flow: the least-squares slope of mid changes on the flow of
 * the same bin. A change counts from the mid that stood before the bin, also one of an earlier bucket of the day; flow
 * of bins without a mid is added to the next one that has one.
 * Sources: Kyle, Econometrica 53 (1985); Hasbrouck, Journal of Financial Econometrics 7 (2009).
 */
export const kyle = seriesKernel({
  name: 'kyle',
  span: true,
  doc: 'slope of mid changes (bps) on signed flow over bins of interval_ns; null below three bins or without variance',
  inputs: ['flow', 'mid'],
  evaluate({ time, columns: [flow, mid] }, cells, out, { interval_ns, closed }) {
    let before = Number.NaN
    let pending = 0
    for (let cell = 0; cell < cells.count; cell++) {
      const slope = new Slope()
      for (let i = cells.from[cell]; i < cells.to[cell]; ) {
        const bin = slotOf(time[i], cells.start[cell], Number(interval_ns), closed)
        let close = Number.NaN
        for (; i < cells.to[cell] && slotOf(time[i], cells.start[cell], Number(interval_ns), closed) === bin; i++) {
          if (!Number.isNaN(flow[i])) pending += flow[i]
          if (!Number.isNaN(mid[i])) close = mid[i]
        }
        if (Number.isNaN(close)) continue
        if (!Number.isNaN(before)) slope.add(pending, (1e4 * (close - before)) / before)
        before = close
        pending = 0
      }
      out[cell] = slope.read()
    }
  },
})

/** Least-squares slope of y on x, by updates that do not cancel. */
class Slope {
  private n = 0
  private meanX = 0
  private meanY = 0
  private xx = 0
  private xy = 0

  add(x: number, y: number): void {
    const dx = x - this.meanX
    this.n++
    this.meanX += dx / this.n
    this.meanY += (y - this.meanY) / this.n
    this.xx += dx * (x - this.meanX)
    this.xy += dx * (y - this.meanY)
  }

  read(): number {
    return this.n < 3 || this.xx === 0 ? Number.NaN : this.xy / this.xx
  }
}
