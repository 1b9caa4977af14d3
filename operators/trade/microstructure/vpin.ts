import { BasaltError, col, type Expr, ne, type Offer, series } from '../../../lib/core/index.js'
import { reportedDirection } from '../../tables/trade-direction.js'
import { microstructure } from './family.js'

const USUAL_BUCKETS = 50

/** Sides found by the tick rule count, those found by quotes do not (semantics 5.1). */
const directionOf = ({ config, has }: Offer): Expr =>
  config.classify === 'quote' ? reportedDirection(has) : col('Direction')

export const tradeVpin = microstructure({
  pick: 'Vpin',
  takes: ['n', 'bucket_volume'],
  name: ({ n }) => `Vpin${n ?? USUAL_BUCKETS}`,
  unit: '0…1',
  doc:
    'volume-synchronised probability of informed trading (Easley, López de Prado, O’Hara 2012) at the end of the ' +
    'bucket; volume buckets of bucket_volume run through the day; trades of unknown side fill none, but with classify: tick they have the side that the tick rule finds',
  formula: 'mean of |V_ask - V_bid|/V over the last n full volume buckets of the day; null until there are n',
  merge: '–',
  empty: 'null',
  filter: 'volume',
  uses({ n, bucket_volume }, offer) {
    if ((bucket_volume ?? null) === null) {
      throw new BasaltError('config', 'Vpin needs bucket_volume, the quantity that fills one of its volume buckets')
    }
    const buckets = { n: n ?? USUAL_BUCKETS, bucket_volume }
    const direction = directionOf(offer)
    return { vpin: series('vpin', [direction, 'Size'], buckets, ne(direction, 0)) }
  },
})
