/** Reads the parts of candles by row: bodies between open and close, shadows beyond them. */
export class Candles {
  constructor(
    readonly open: Float64Array,
    readonly high: Float64Array,
    readonly low: Float64Array,
    readonly close: Float64Array,
  ) {}

  /** Returns 1 for a white candle, whose close is not below its open, and -1 for a black one. */
  color(i: number): 1 | -1 {
    return this.close[i] >= this.open[i] ? 1 : -1
  }

  isWhite(i: number): boolean {
    return this.close[i] >= this.open[i]
  }

  isBlack(i: number): boolean {
    return this.close[i] < this.open[i]
  }

  body(i: number): number {
    return Math.abs(this.close[i] - this.open[i])
  }

  top(i: number): number {
    return Math.max(this.open[i], this.close[i])
  }

  bottom(i: number): number {
    return Math.min(this.open[i], this.close[i])
  }

  upper(i: number): number {
    return this.high[i] - this.top(i)
  }

  lower(i: number): number {
    return this.bottom(i) - this.low[i]
  }

  /** Tells whether the body of a candle is above that of another. */
  bodyAbove(i: number, other: number): boolean {
    return this.bottom(i) > this.top(other)
  }

  bodyBelow(i: number, other: number): boolean {
    return this.top(i) < this.bottom(other)
  }

  /** Tells whether a candle is above another, with its shadows. */
  above(i: number, other: number): boolean {
    return this.low[i] > this.high[other]
  }

  below(i: number, other: number): boolean {
    return this.high[i] < this.low[other]
  }

  /** Tells whether a value is within a distance of another. */
  static near(value: number, other: number, distance: number): boolean {
    return value <= other + distance && value >= other - distance
  }
}
