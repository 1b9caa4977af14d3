import type { TradeAnalytics } from './configs.js'
import type { Entry } from './entries.js'
import { filterSql } from './filters.js'
import type { DataSettings } from './settings.js'

/** Trade classes and flags of semantics 1.6, as SQL that is true or false. */
export function classesOf({ flags }: DataSettings): Record<string, string> {
  const known = (sql: string) => `coalesce(${sql}, false)`
  const [yes, no] = [`('Y', 'YES', 'T', 'TRUE', '1')`, `('', '-', 'FALSE')`]
  const set = (column: string) =>
    known(flags === 'yes_no' ? `upper(${column}) IN ${yes}` : `upper(${column}) NOT IN ${no}`)
  return {
    AuctionTrade: known(`contains(Classification, 'AUCTION')`),
    OTCTrade: `(${known(`contains(Classification, 'OTC')`)} OR ${known(`BMLLTradeType = 'OTC'`)})`,
    DarkTrade: known(`BMLLTradeType = 'DARK'`),
    LitTrade: known(`BMLLTradeType = 'LIT'`),
    NegotiatedTrade: set('NegotiatedTrade'),
    CrossTrade: set('CrossingTrade'),
    AlgorithmicTrade: set('AlgorithmicTrade'),
    BlockTrade: flags === 'yes_no' ? set('IsBlock') : known(`upper(IsBlock) IN ('TRUE', 'Y', '1')`),
    OddLotTrade: known(`replace(replace(upper(LotType), ' ', ''), '_', '') IN ('ODD', 'ODDLOT')`),
    Retail: known(`BMLLParticipantType = 'RETAIL'`),
    Si: known(`starts_with(Classification, 'SI_')`),
    OffBook: known(`starts_with(Classification, 'OFF_BOOK')`),
  }
}

const SIDE_ROWS: Record<string, string> = {
  Total: 'true',
  Bid: 'coalesce(side = 2, false)',
  Ask: 'coalesce(side = 1, false)',
  Unknown: 'coalesce(side = 0, true)',
}

/** Rows that a metric sees: semantics 1.2 (eligible), 5.0 (filters) and 5.1 (sides), in columns `base`, `pf` and `vf`. */
export class Scope {
  readonly classes: Record<string, string>
  private readonly kept = new Set<string>()
  private readonly named = new Map<string, string>()

  constructor(
    readonly settings: DataSettings,
    private readonly analytics: TradeAnalytics,
  ) {
    this.classes = classesOf(settings)
  }

  /** Columns that hold the filters of the module. */
  get filters(): string {
    const { base_filter = { Classification: ['LIT_CONTINUOUS'] }, price_filter, volume_filter } = this.analytics
    const [base, price, volume] = [base_filter, price_filter ?? base_filter, volume_filter ?? base_filter].map(
      filterSql,
    )
    return `${base} AS base, ${price} AS pf, ${volume} AS vf`
  }

  /** Rows that make a bucket exist: of a filter in force or of the class of a requested measure. */
  private get exists(): string {
    const { price_filter, volume_filter } = this.analytics
    return `q > 0 AND (${['base', price_filter && 'pf', volume_filter && 'vf', ...this.kept].filter(Boolean).join(' OR ')})`
  }

  /** Columns that hold the rows of the metrics so far, by the names under which the metrics know them. */
  get rows(): string {
    return [`(${this.exists}) AS exist`, ...[...this.named].map(([sql, name]) => `(${sql}) AS ${name}`)].join(', ')
  }

  price = (entry: Entry, side = 'Total') => this.name(`q > 0 AND p IS NOT NULL AND pf AND ${this.of(entry, side)}`)
  volume = (entry: Entry, side = 'Total') => this.name(`q > 0 AND vf AND ${this.of(entry, side)}`)

  /** Rows of a class of its own, which make buckets exist too. */
  own(entry: Entry, rows: string, side = 'Total'): string {
    this.kept.add(rows)
    return this.name(`q > 0 AND ${rows} AND ${this.of(entry, side)}`)
  }

  /** Many metrics share their rows: a column of its own keeps the query short. */
  private name(rows: string): string {
    const name = this.named.get(rows) ?? `w${this.named.size}`
    this.named.set(rows, name)
    return name
  }

  private of({ market_states: states, attribute_filters: attributes = {} }: Entry, side: string): string {
    const state = states === undefined ? 'true' : filterSql({ MarketState: states })
    return `${state} AND ${filterSql(attributes)} AND ${SIDE_ROWS[side]}`
  }
}

/** Fills the pattern of an entry, or takes the usual name. Parts (Open, …) stay at the end of a pattern's name. */
export function nameOf(
  { output_name_pattern: pattern }: Entry,
  usual: string,
  fields: Record<string, string>,
  part = '',
): string {
  return pattern ? pattern.replace(/\{(\w+)\}/g, (_, field) => fields[field]) + part : usual
}
