import { seriesKernel } from '../../lib/core/index.js'

/**
 * Averages the order imbalance of the last n equal volume buckets. Trades fill them one after another through the day;
 * a trade that overfills one goes on in the next. A time bucket reads what stands at its end.
 * Source: Easley, López de Prado, O'Hara, Review of Financial Studies 25 (2012); sides are those of the trades, not
 * bulk-classified.
 */
export const vpin = seriesKernel({
  name: 'vpin',
  doc: 'mean of |V_ask - V_bid|/V over the last n full volume buckets of the day; null until there are n',
  inputs: ['direction', 'size'],
  evaluate({ columns: [direction, size] }, cells, out, { n, bucket_volume }) {
    const buckets = new VolumeBuckets(Number(n), Number(bucket_volume))
    for (let cell = 0; cell < cells.count; cell++) {
      for (let i = cells.from[cell]; i < cells.to[cell]; i++) {
        const signed = direction[i] * size[i]
        if (Math.abs(signed) > 0) buckets.fill(signed)
      }
      out[cell] = buckets.mean()
    }
  },
})

/** A ring of the imbalances of the last n full buckets, and the one being filled. */
class VolumeBuckets {
  private readonly imbalances: Float64Array
  private full = 0
  private filled = 0
  private signed = 0

  constructor(
    n: number,
    private readonly volume: number,
  ) {
    this.imbalances = new Float64Array(n)
  }

  fill(signedSize: number): void {
    const direction = Math.sign(signedSize)
    let left = Math.abs(signedSize)
    const room = this.volume - this.filled
    if (left < room) return this.add(direction * left)
    this.add(direction * room)
    this.close()
    left -= room
    // A block may fill many buckets by itself; no more than n of them are ever read.
    const whole = Math.floor(left / this.volume)
    for (let k = Math.min(whole, this.imbalances.length); k > 0; k--) {
      this.add(direction * this.volume)
      this.close()
    }
    this.add(direction * (left - whole * this.volume))
  }

  private add(signed: number): void {
    this.signed += signed
    this.filled += Math.abs(signed)
  }

  private close(): void {
    this.imbalances[this.full++ % this.imbalances.length] = Math.abs(this.signed) / this.volume
    this.signed = 0
    this.filled = 0
  }

  mean(): number {
    const n = this.imbalances.length
    return this.full < n ? Number.NaN : this.imbalances.reduce((total, each) => total + each, 0) / n
  }
}
