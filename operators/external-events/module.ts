import {
  type BucketRule,
  gathered,
  type LaterOffer,
  laterModule,
  NS_PER_DAY,
  type Outline,
  type Source,
} from '../../lib/core/index.js'
import { planColumns } from './columns.js'
import { eventRows, type RowsParameters } from './rows.js'
import { type EventConfig, eventSettings, nanoseconds } from './settings.js'

/** Rows at the times of events and around them, with the metrics that are known by then. */
export const externalEvents = laterModule({
  name: 'external_events',
  doc: 'a row for each event of an earlier pass, and rows around it, with the metrics of another pass as of then',
  block: 'external_event_analytics',
  settings: eventSettings,
  sources: (config: EventConfig) => [
    { field: 'source_pass', name: config.source_pass },
    {
      field: 'metrics',
      name: null,
      otherwise: {
        fits: source => isKeyedBy(source, config.symbol_col ?? 'ListingId'),
        problem: 'no earlier pass has metrics for module external_events, a row for each ListingId and TimeBucket',
        hint: 'put modules as trade into a pass before it, or name one: module_inputs: {external_events: {metrics: PASS}}',
      },
    },
  ],
  joinsOwnRows: true,
  outline,
  async run([events, metrics], parameters: RowsParameters) {
    return eventRows(await gathered(events), await gathered(metrics), parameters)
  },
})

/** Tells whether a row is named by who it is about and its label. */
function isKeyedBy({ keys }: Source, symbol: string): boolean {
  const own = keys.filter(key => key !== 'Date')
  return own.length === 2 && own.includes('TimeBucket') && (own.includes(symbol) || own.includes('ListingId'))
}

function outline(offer: LaterOffer): Outline | null {
  const config: EventConfig = offer.config
  const [events, metrics] = offer.sources
  const made = planColumns(offer)
  if ((config.radius_seconds === 0) !== (config.extra_observations === 0)) {
    const [set, other] =
      config.radius_seconds === 0 ? ['extra_observations', 'radius_seconds'] : ['radius_seconds', 'extra_observations']
    offer.warn(set, `has no effect: ${other} is 0`, `set ${other}, too`)
  }
  const delay = delayOf(metrics, offer)
  if (!made) return null
  const parameters: RowsParameters = {
    listing: made.listing,
    events: made.events,
    spacing: {
      radius: nanoseconds(config.radius_seconds),
      directions: config.directions,
      extra: config.extra_observations,
      scale: config.scale_factor,
    },
    known: {
      delay,
      tolerance: config.tolerance_seconds === null ? null : nanoseconds(config.tolerance_seconds),
    },
    metrics: made.metrics,
  }
  return {
    keys: made.keys,
    columns: made.columns,
    reads: [
      [
        ...new Set([
          made.events.listing,
          made.events.time,
          ...[...made.events.keys, ...made.events.others].map(nameOf),
        ]),
      ],
      [made.listing.name, 'TimeBucket', ...made.metrics.map(nameOf)],
    ],
    rule: { ...(metrics.rule ?? events.rule ?? POINTS), mode: 'sparse_original' },
    scope: made.listing.name === 'ListingId' ? 'symbol' : 'all',
    cuts: [{ columns: [[made.events.listing], [made.listing.name]] }],
    holdsRows: true,
    parameters,
  }
}

const nameOf = ({ name }: { name: string }) => name

/** Rows of events are instants. */
const POINTS: BucketRule = {
  mode: 'sparse_original',
  width: 60e9,
  anchor: 'end',
  closed: 'right',
  origin: null,
  zone: 'UTC',
}

/** Returns how many ns after its label a row is known: when its bucket has closed, and not before. */
function delayOf({ rule, name }: Source, offer: LaterOffer): number {
  if (!rule) {
    const problem = `nothing says how labels of ${name} were made; each of its rows counts as known at its label`
    offer.warn('source_pass', problem, 'regroup it in a pass of module generic')
    return 0
  }
  if (rule.mode === 'sparse_original' || rule.anchor === 'end') return 0
  return rule.mode === 'daily_analytics' ? NS_PER_DAY : rule.width
}
