import { Random } from '../../../operators/simulation/random.js'
import type { DataSet } from './data.js'
import { drawEntries, type Entry } from './entries.js'
import { drawFilter, type Filter } from './filters.js'

export const WIDTHS = [0.1, 1, 7, 30, 60, 90.5, 300, 3600, 7200, 86_400]
export const MODES = ['sparse_digitised', 'sparse_original', 'daily_analytics'] as const
export const ORIGINS = [
  { time_bucket_origin: '09:30:00', time_zone: 'America/New_York' },
  { time_bucket_origin: '01:30:00', time_zone: 'Europe/London' },
  { time_bucket_origin: '02:15:30', time_zone: 'America/New_York' },
  { time_bucket_origin: '08:00:17.5', time_zone: 'UTC' },
]

export interface TradeAnalytics {
  base_filter?: Filter
  price_filter?: Filter
  volume_filter?: Filter
  annualisation_seconds?: number
  enable_retail_imbalance?: boolean
  retail_imbalance?: { weight: string }
  [family: string]: unknown
}

export interface Pass {
  time_bucket_seconds: number
  time_bucket_anchor: 'end' | 'start'
  time_bucket_closed: 'right' | 'left'
  time_bucket_origin?: string
  time_zone?: string
  timeline_mode: (typeof MODES)[number]
  trade_analytics: TradeAnalytics
}

/** One drawn config: what Basalt is given beside DATA, and the order of its stream. */
export interface Drawn {
  index: number
  pass: Pass
  execution: Record<string, unknown>
  sessionEnd: string | null
  order: 'listing' | 'time'
}

/** Draws config `index`; the same seed and index give the same config, whatever else is drawn. */
export function drawConfig(seed: number, index: number): Drawn {
  const random = new Random(seed, index, 2)
  const timeline_mode = random.chance(0.7) ? MODES[0] : random.pick(MODES.slice(1))
  const analytics: TradeAnalytics = {}
  const base = random.uniform()
  if (base < 0.3) analytics.base_filter = {}
  else if (base < 0.6) analytics.base_filter = drawFilter(random)
  if (random.chance(0.25)) analytics.price_filter = drawFilter(random)
  if (random.chance(0.25)) analytics.volume_filter = random.chance(0.3) ? {} : drawFilter(random)
  if (random.chance(0.2)) analytics.annualisation_seconds = 31_536_000
  if (random.chance(0.15)) {
    analytics.enable_retail_imbalance = true
    analytics.retail_imbalance = { weight: random.pick(['NotionalEUR', 'Notional', 'Size']) }
  }
  // No entry at all asks for the default metrics.
  if (random.chance(0.93)) Object.assign(analytics, drawEntries(random, timeline_mode))
  const pass: Pass = {
    time_bucket_seconds: WIDTHS[(index * 7 + random.below(2)) % WIDTHS.length],
    time_bucket_anchor: random.pick(['end', 'start'] as const),
    time_bucket_closed: random.pick(['right', 'left'] as const),
    ...(random.chance(0.35) && random.pick(ORIGINS)),
    timeline_mode,
    trade_analytics: analytics,
  }
  const execution = {
    // Threads to start, batches of few rows and listings one by one cost far more than they find.
    workers: index % 33 === 5 ? 2 : 1,
    batch_rows: random.chance(0.1) ? 23 : random.pick([400, 5000, 65_536]),
    memory_budget: random.chance(0.1) ? '20KB' : '1GB',
    batching_strategy: random.pick(['heuristic', 'streaming']),
  }
  return {
    index,
    pass,
    execution,
    sessionEnd: random.chance(0.3) ? random.pick(['12:00:00', '16:30:00']) : null,
    order: random.pick(['listing', 'time'] as const),
  }
}

/** Returns the config that Basalt is given. */
export function configOf({ pass, execution, sessionEnd }: Drawn, { settings, DATA }: DataSet) {
  const { dates } = settings
  return {
    START_DATE: dates[0],
    END_DATE: dates[dates.length - 1],
    EXCLUDE_WEEKENDS: false,
    DATA: { ...DATA, ...(sessionEnd && { session_end: sessionEnd }) },
    EXECUTION: execution,
    PASSES: [{ name: 'drawn', modules: ['trade'], ...pass }],
  }
}

/** Lists the entries of a config with their families, in the order of the file. */
export function entriesOf({ trade_analytics: analytics }: Pass, families: readonly string[]) {
  return families.flatMap(family => ((analytics[family] as Entry[]) ?? []).map(entry => ({ family, entry })))
}
