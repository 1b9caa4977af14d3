import { advanced } from './advanced.js'
import { lifetimeOfOrders, ofOrders } from './order.js'

const USUAL_THRESHOLD_MS = 100
const NS_PER_MS = 1_000_000

const thresholdNs = (ms: number | null | undefined) => (ms ?? USUAL_THRESHOLD_MS) * NS_PER_MS

const FOLLOWED = { hindsight: true, merge: 'R' } as const

const resting = 'time to the first execution or removal of the order, or to the last message of its listing on the date'

export const avgRestingTime = advanced({
  ...FOLLOWED,
  pick: 'AvgRestingTime',
  priority: 'C',
  unit: 'ns',
  doc: 'mean time that inserted orders rest before they are executed or removed; open ones count up to the end',
  formula: `mean over inserts of the ${resting}`,
  uses: (_, offer) => ({ resting: ofOrders(offer, 'resting'), inserts: ofOrders(offer, 'inserts') }),
  value: ({ resting, inserts }) => resting / inserts,
})

export const fleetingLiquidityRatio = advanced({
  ...FOLLOWED,
  pick: 'FleetingLiquidityRatio',
  takes: ['fleeting_threshold_ms'],
  priority: 'C',
  unit: 'share',
  doc: 'share of inserted quantity that rests for less than fleeting_threshold_ms',
  formula: `Σ Size of inserts with resting time < threshold / Σ Size of inserts; resting time is the ${resting}`,
  uses: ({ fleeting_threshold_ms }, offer) => ({
    fleeting: ofOrders(offer, 'fleeting', thresholdNs(fleeting_threshold_ms)),
    inserted: ofOrders(offer, 'inserted'),
  }),
  value: ({ fleeting, inserted }) => fleeting / inserted,
})

export const fleetingCancelRatio = advanced({
  ...FOLLOWED,
  pick: 'FleetingCancelRatio',
  takes: ['fleeting_threshold_ms'],
  name: ({ fleeting_threshold_ms }) => `FleetingCancelRatio${fleeting_threshold_ms ?? USUAL_THRESHOLD_MS}ms`,
  priority: 'B',
  unit: 'share',
  doc: 'share of inserted orders that are cancelled unexecuted within fleeting_threshold_ms',
  formula: 'inserts cancelled before any execution, no later than the threshold after the insert / inserts',
  uses: ({ fleeting_threshold_ms }, offer) => ({
    cancelled: ofOrders(offer, 'cancelled', thresholdNs(fleeting_threshold_ms)),
    inserts: ofOrders(offer, 'inserts'),
  }),
  value: ({ cancelled, inserts }) => cancelled / inserts,
})

export const orderLifetimeMedian = advanced({
  ...FOLLOWED,
  pick: 'OrderLifetimeMedian',
  priority: 'B',
  unit: 'ns',
  doc: 'median lifetime of inserted orders, open ones censored; null when more than half are estimated to live on',
  formula: 'Kaplan-Meier median of insert → end: removal, or executed size ≥ inserted size',
  merge: '–',
  uses: (_, offer) => ({ lifetime: lifetimeOfOrders(offer) }),
})

export const censoredShare = advanced({
  ...FOLLOWED,
  pick: 'CensoredShare',
  priority: 'B',
  unit: 'share',
  doc: 'share of inserted orders that have no end on the date',
  formula: 'inserts neither removed nor executed in full / inserts',
  uses: (_, offer) => ({ censored: ofOrders(offer, 'censored'), inserts: ofOrders(offer, 'inserts') }),
  value: ({ censored, inserts }) => censored / inserts,
})
