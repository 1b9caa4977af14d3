import { type Check, count, exact, first, last, least, mean, median, most, ratio, total } from './checks.js'
import type { Entry } from './entries.js'
import { nameOf, type Scope } from './scope.js'

export const suffix = (side: string) => (side === 'Total' ? '' : side)

/** Quantity of rows: an exact integer where sizes are integers. */
export function quantity(name: string, scope: Scope, where: string): Check {
  if (scope.settings.integerSize) return exact(name, `coalesce(sum(q) FILTER (${where}), 0)::BIGINT`)
  return total(name, 'q', where)
}

export function genericChecks(scope: Scope, entry: Entry): Check[] {
  return entry.sides!.flatMap(side => entry.measures!.flatMap(measure => genericCheck(scope, entry, side, measure)))
}

function genericCheck(scope: Scope, entry: Entry, side: string, measure: string): Check[] {
  const name = nameOf(entry, `Trade${side}${measure}`, { side, measure })
  const [price, volume] = [scope.price(entry, side), scope.volume(entry, side)]
  const own = (flag: string) => scope.own(entry, scope.classes[flag], side)
  const placed = `${price} AND PricePoint IS NOT NULL`
  switch (measure) {
    case 'Volume':
      return [quantity(name, scope, volume)]
    case 'Count':
      return [count(name, volume)]
    case 'Notional':
      return [total(name, 'p * q', volume)]
    case 'NotionalEUR':
      return [total(name, 'TradeNotionalEUR', volume)]
    case 'NotionalUSD':
      return [total(name, 'TradeNotionalUSD', volume)]
    case 'RetailCount':
      return [count(name, own('Retail'))]
    case 'BlockCount':
      return [count(name, own('BlockTrade'))]
    case 'AuctionNotional':
      return [total(name, 'TradeNotionalEUR', own('AuctionTrade'))]
    case 'OTCVolume':
      return [quantity(name, scope, own('OTCTrade'))]
    case 'VWAP':
      return [ratio(name, ['p * q', price], ['q', price])]
    case 'AvgPrice':
      return [mean(name, 'p', price)]
    case 'MedianPrice':
      return [median(name, 'p', price)]
    case 'VolumeWeightedPricePlacement':
      return [ratio(name, ['(2 * least(greatest(PricePoint, 0), 1) - 1) * q', placed], ['q', placed])]
    case 'OHLC': {
      const parts = { Open: first, High: most, Low: least, Close: last }
      return Object.entries(parts).map(([part, fold]) =>
        fold(nameOf(entry, (side === 'Total' ? '' : `Trade${side}`) + part, { side, measure }, part), 'p', price),
      )
    }
    default:
      throw new Error(`no SQL of ${measure}`)
  }
}

export function flagChecks(scope: Scope, entry: Entry): Check[] {
  return entry.flags!.flatMap(flag =>
    entry.measures!.flatMap(measure =>
      entry.sides!.map(side => {
        const rows = scope.own(entry, scope.classes[flag], side)
        const name = nameOf(entry, flag + measure + suffix(side), { flag, measure, side })
        if (measure === 'Volume') return quantity(name, scope, rows)
        if (measure === 'Count') return count(name, rows)
        const valued = `count(TradeNotionalEUR) FILTER (${rows})`
        const value = ratio(name, ['TradeNotionalEUR', rows], ['1', rows])
        return { ...value, sql: `CASE WHEN ${valued} > 0 THEN ${value.sql} END` }
      }),
    ),
  )
}

const COLUMNS: Record<string, string> = {
  MidAtPrimary: 'PostTradeMidAtPrimary',
  EBBO: 'PostTradeMid',
  MidPrice: '((BestBidPrice + BestAskPrice) / 2)',
  BestBid: 'BestBidPrice',
  BestAsk: 'BestAskPrice',
  BestBidAtVenue: 'BestBidPriceAtVenue',
  BestAskAtVenue: 'BestAskPriceAtVenue',
  BestBidAtPrimary: 'BestBidPriceAtPrimary',
  BestAskAtPrimary: 'BestAskPriceAtPrimary',
}

export function discrepancyChecks(scope: Scope, entry: Entry): Check[] {
  return entry.references!.flatMap(reference =>
    entry.sides!.flatMap(side =>
      entry.aggregations!.map(agg => {
        const ref = COLUMNS[reference] ?? reference
        const bps = `(10000 * (p - ${ref}) / ${ref})`
        const x = entry.signed ? `(d * ${bps})` : bps
        const where = `${scope.price(entry, side)} AND ${ref} <> 0${entry.signed ? ' AND d <> 0' : ''}`
        const usual = `${entry.signed ? 'Signed' : ''}DiscrepancyTo${reference}${suffix(side)}`
        const name = nameOf(entry, usual + (agg === 'Mean' ? '' : agg), { reference, side, agg })
        return aggregated(agg, name, x, where)
      }),
    ),
  )
}

function aggregated(agg: string, name: string, x: string, where: string): Check {
  const folds: Record<string, (name: string, x: string, where: string) => Check> = {
    Mean: mean,
    First: first,
    Last: last,
    Min: least,
    Max: most,
    Median: median,
  }
  if (agg in folds) return folds[agg](name, x, where)
  if (agg === 'Sum') return { ...total(name, x, where), sql: `fsum(${x}) FILTER (${where})` }
  return {
    name,
    sql: `stddev_samp(${x}) FILTER (${where})`,
    kind: 'moment',
    scale: `1e-5 * max(abs(${x})) FILTER (${where})`, // the rounding of equal terms
  }
}

export function changeChecks(scope: Scope, entry: Entry): Check[] {
  const suffixes: Record<string, string> = { Local: '', Primary: 'AtPrimary', Venue: 'AtVenue' }
  return entry.measures!.flatMap(measure =>
    entry.scopes!.map(book => {
      const column = measure + suffixes[book]
      const rows = measure === 'PricePoint' ? scope.price(entry) : scope.volume(entry)
      return mean(nameOf(entry, column, { measure, scope: book }), column, rows)
    }),
  )
}
