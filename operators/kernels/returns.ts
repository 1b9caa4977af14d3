import { seriesKernel } from '../../lib/core/index.js'

/**
 * Annualises the deviation of log returns between consecutive rows of a bucket: their sample deviation times the root
 * of how many such returns a year would hold at the bucket's pace. A price that is not positive has no returns.
 */
export const tradeVolatility = seriesKernel({
  name: 'trade_volatility',
  span: true,
  scope: 'cell',
  doc: 'sd(r)·√(K·n/B) of the n log returns between consecutive rows of a bucket; null below two returns',
  inputs: ['price'],
  evaluate({ columns: [price] }, cells, out, { annualisation_seconds, bucket_seconds }) {
    const perReturn = Number(annualisation_seconds) / Number(bucket_seconds)
    for (let cell = 0; cell < cells.count; cell++) {
      let n = 0
      let mean = 0
      let m2 = 0
      for (let i = cells.from[cell] + 1; i < cells.to[cell]; i++) {
        if (!(price[i] > 0 && price[i - 1] > 0)) continue
        const value = Math.log(price[i] / price[i - 1])
        const delta = value - mean
        n++
        mean += delta / n
        m2 += delta * delta * ((n - 1) / n)
      }
      out[cell] = n < 2 ? Number.NaN : Math.sqrt(m2 / (n - 1)) * Math.sqrt(perReturn * n)
    }
  },
})
