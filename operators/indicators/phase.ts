import { DEGREES, type DominantCycle } from './hilbert.js'
import { wave } from './wave.js'

/** Rows of the longest cycle. */
const LONGEST = 50

/**
 * Follows the phase of the dominant cycle: that of the cosine of its length that fits the smoothed series best.
 * Source: Ehlers, Rocket Science for Traders (2001), chapter 9.
 */
export class CyclePhase {
  degrees = 0
  private readonly smooth = new Float64Array(LONGEST)
  private at = 0

  /** Takes in the row that the cycle has just passed. */
  update({ smooth, smoothPeriod }: DominantCycle): void {
    const rows = Math.floor(smoothPeriod + 0.5)
    this.smooth[this.at] = smooth
    const parts = wave(rows)
    let sine = 0
    let cosine = 0
    for (let back = 0; back < rows; back++) {
      const value = this.smooth[(this.at - back + LONGEST) % LONGEST]
      sine += parts.sine[back] * value
      cosine += parts.cosine[back] * value
    }
    this.at = (this.at + 1) % LONGEST
    // Of a sum that is zero the phase is the one before, moved a quarter.
    if (cosine !== 0) this.degrees = Math.atan(sine / cosine) * DEGREES
    else if (sine < 0) this.degrees -= 90
    else if (sine > 0) this.degrees += 90
    this.degrees += 90
    // The smoothed series lags.
    this.degrees += 360 / smoothPeriod
    if (cosine < 0) this.degrees += 180
    if (this.degrees > 315) this.degrees -= 360
  }
}

/** Follows the trend: means over the length of the cycle, of which the last four are averaged. */
export class CycleTrend {
  value = 0
  private readonly means = new Float64Array(3)

  /** Takes in the row that the cycle has just passed. */
  update(x: Float64Array, { row, smoothPeriod }: DominantCycle): void {
    const rows = Math.floor(smoothPeriod + 0.5)
    let mean = 0
    for (let back = 0; back < rows; back++) mean += x[row - back]
    if (rows > 0) mean /= rows
    const [last, second, third] = this.means
    this.value = (4 * mean + 3 * last + 2 * second + third) / 10
    this.means[2] = second
    this.means[1] = last
    this.means[0] = mean
  }
}
