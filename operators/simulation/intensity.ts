import type { Random } from './random.js'
import type { Phase } from './session.js'

const KNOTS = 512

/**
 * Maps the share of a day's continuous trades to clock time: busy after the open and before the close, with random
 * bursts and lulls of about a minute, and nothing outside continuous trading.
 */
export class Intensity {
  private readonly start: number
  private readonly step: number // ns per knot
  private readonly shares = new Float64Array(KNOTS + 1) // cumulated, 0 to 1

  constructor(phases: readonly Phase[], random: Random) {
    const trading = phases.filter(phase => phase.state === 'CONTINUOUS_TRADING')
    this.start = trading[0].start
    const end = trading[trading.length - 1].end
    this.step = (end - this.start) / KNOTS
    for (let k = 0; k < KNOTS; k++) {
      const middle = this.start + (k + 0.5) * this.step
      const open = trading.some(phase => phase.start <= middle && middle < phase.end)
      const x = (2 * (k + 0.5)) / KNOTS - 1 // -1 at the open, 1 at the close
      const shape = 0.55 + 0.9 * x * x + 1.1 * x * x * x * x * (x > 0 ? 1.5 : 1)
      this.shares[k + 1] = this.shares[k] + (open ? shape * (0.3 + random.exponential()) : 0)
    }
    for (let k = 1; k <= KNOTS; k++) this.shares[k] /= this.shares[KNOTS]
  }

  /** Returns the time (ns after midnight UTC) by which `share` of the day's trades have happened. */
  timeOf(share: number): number {
    const { shares } = this
    let low = 0
    let high = KNOTS
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (shares[middle] <= share) low = middle
      else high = middle
    }
    const inside = (share - shares[low]) / (shares[high] - shares[low] || 1)
    return Math.floor(this.start + (low + inside) * this.step)
  }
}
