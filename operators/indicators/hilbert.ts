/**
 * Measures the dominant cycle of a series with Ehlers' Hilbert transformer.
 * Source: Ehlers, Rocket Science for Traders (2001), chapters 6 to 9; constants as TA-Lib rounds them.
 */

const NEAR = 0.0962
const FAR = 0.5769
export const DEGREES = 180 / (4 * Math.atan(1))

/** Filters every second row by itself: what it holds of rows of one parity never meets the other. */
class Transformer {
  // By parity: three weighted values, then the weighted and the plain value of the last row.
  private readonly state = [new Float64Array(5), new Float64Array(5)]

  step(parity: number, slot: number, value: number, factor: number): number {
    const held = this.state[parity]
    const weighted = NEAR * value
    let result = -held[slot]
    held[slot] = weighted
    result += weighted
    result -= held[3]
    held[3] = FAR * held[4]
    result += held[3]
    held[4] = value
    return result * factor
  }
}

/** Follows a series row by row. After `next()` its fields are those of the row it has just passed. */
export class DominantCycle {
  /** The row last passed. */
  row: number
  /** The series, averaged over four rows with weights 4 to 1. */
  smooth = 0
  inPhase = 0
  quadrature = 0
  /** Rows of the cycle, between 6 and 50 but for the start, and the same smoothed once more. */
  period = 0
  smoothPeriod = 0

  private plain: number
  private weighted: number
  private leaving = 0
  private slot = 0
  private readonly detrender = new Transformer()
  private readonly quadratures = new Transformer()
  private readonly inPhaseAhead = new Transformer()
  private readonly quadratureAhead = new Transformer()
  // The detrended values of earlier rows that become in-phase components, by parity of the row that will use them.
  private readonly waiting = new Float64Array(2)
  private readonly ready = new Float64Array(2)
  private i2 = 0
  private q2 = 0
  private re = 0
  private im = 0

  /** Begins at row `from` and passes 3 rows and `warmUp` more, of which only the average is kept. */
  constructor(
    private readonly x: Float64Array,
    from: number,
    warmUp: number,
  ) {
    this.plain = x[from] + x[from + 1] + x[from + 2]
    this.weighted = x[from] + x[from + 1] * 2 + x[from + 2] * 3
    this.row = from + 2
    for (let k = 0; k < warmUp; k++) this.average()
  }

  private average(): void {
    const value = this.x[++this.row]
    this.plain += value
    this.plain -= this.leaving
    this.weighted += value * 4
    this.leaving = this.x[this.row - 3]
    this.smooth = this.weighted * 0.1
    this.weighted -= this.plain
  }

  next(): void {
    this.average()
    const factor = 0.075 * this.period + 0.54
    const parity = this.row % 2
    const detrended = this.detrender.step(parity, this.slot, this.smooth, factor)
    const q1 = this.quadratures.step(parity, this.slot, detrended, factor)
    const i1 = this.ready[parity]
    const jI = this.inPhaseAhead.step(parity, this.slot, i1, factor)
    const jQ = this.quadratureAhead.step(parity, this.slot, q1, factor)
    if (parity === 0 && ++this.slot === 3) this.slot = 0
    this.ready[1 - parity] = this.waiting[1 - parity]
    this.waiting[1 - parity] = detrended
    this.inPhase = i1
    this.quadrature = q1
    this.measure(0.2 * (i1 - jQ) + 0.8 * this.i2, 0.2 * (q1 + jI) + 0.8 * this.q2)
  }

  /** Turns the phase between two rows into the period, within bounds of the one before. */
  private measure(i2: number, q2: number): void {
    this.re = 0.2 * (i2 * this.i2 + q2 * this.q2) + 0.8 * this.re
    this.im = 0.2 * (i2 * this.q2 - q2 * this.i2) + 0.8 * this.im
    this.i2 = i2
    this.q2 = q2
    const before = this.period
    let period = before
    if (this.im !== 0 && this.re !== 0) period = 360 / (Math.atan(this.im / this.re) * DEGREES)
    if (period > 1.5 * before) period = 1.5 * before
    if (period < 0.67 * before) period = 0.67 * before
    if (period < 6) period = 6
    else if (period > 50) period = 50
    this.period = 0.2 * period + 0.8 * before
    this.smoothPeriod = 0.33 * this.period + 0.67 * this.smoothPeriod
  }
}
