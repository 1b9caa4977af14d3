import { BasaltError, ne, series } from '../../../lib/core/index.js'
import { microstructure } from './family.js'

const USUAL_BUCKETS = 50

export const tradeVpin = microstructure({
  pick: 'Vpin',
  takes: ['n', 'bucket_volume'],
  name: ({ n }) => `Vpin${n ?? USUAL_BUCKETS}`,
  unit: '0…1',
  doc:
    'volume-synchronised probability of informed trading (Easley, López de Prado, O’Hara 2012) at the end of the ' +
    'bucket; volume buckets of bucket_volume run through the day; trades of unknown side fill none',
  formula: 'mean of |V_ask - V_bid|/V over the last n full volume buckets of the day; null until there are n',
  merge: '–',
  empty: 'null',
  filter: 'volume',
  uses({ n, bucket_volume }) {
    if ((bucket_volume ?? null) === null) {
      throw new BasaltError('config', 'Vpin needs bucket_volume, the quantity that fills one of its volume buckets')
    }
    const buckets = { n: n ?? USUAL_BUCKETS, bucket_volume }
    return { vpin: series('vpin', ['Direction', 'Size'], buckets, ne('Direction', 0)) }
  },
})
