import { BasaltError, mul, series } from '../../../lib/core/index.js'
import { durationOf, durationTag } from '../duration.js'
import { quoteMid } from '../quote.js'
import { microstructure } from './family.js'

const LEAST_BINS = 3

export const kyleLambda = microstructure({
  pick: 'KyleLambda',
  takes: ['interval'],
  unit: 'bps/EUR',
  doc:
    'price impact of order flow (Kyle 1985, estimated as Hasbrouck 2009): moves of the mid at trades against signed ' +
    'value in bins of interval, counted from T0; moves count from the last mid of the day before the bin',
  formula: 'least-squares slope of 10⁴·Δm/m on Σ D·TradeNotionalEUR; null below 3 bins or without variance',
  merge: '–',
  empty: 'null',
  filter: 'price',
  uses({ interval }, { bucketSeconds, closed }) {
    const width = durationOf(interval ?? '5m') as number
    if (bucketSeconds * 1e9 < LEAST_BINS * width) {
      throw new BasaltError(
        'config',
        `interval ${durationTag(width)} leaves KyleLambda fewer than 3 bins in buckets of ${bucketSeconds} s; shorten it`,
      )
    }
    return {
      lambda: series('kyle', [mul('Direction', 'TradeNotionalEUR'), quoteMid()], {
        interval_ns: width,
        closed,
      }),
    }
  },
})
