// SQL of the trade metrics, written from the semantics alone. Every name stands for one output column.

export interface Check {
  name: string
  sql: string
  /** Relative tolerance; exact when left out. */
  within?: number
  /** What the tolerance is relative to, where a sum may cancel; the value itself when left out. */
  scale?: string
}

const SUM = 1e-12
const DEVIATION = 1e-9

const SIDES: Record<string, string> = {
  Total: 'true',
  Bid: 'side = 2',
  Ask: 'side = 1',
  Unknown: '(side = 0 OR side IS NULL)',
}
const suffix = (side: string) => (side === 'Total' ? '' : side)

const sum = (x: string, where: string) => `coalesce(fsum(${x}) FILTER (${where}), 0)`
const ratio = (a: string, b: string) => `${a} / nullif(${b}, 0)`

/** A mean of x, and how large its terms are. */
const mean = (name: string, x: string, where: string): Check => ({
  name,
  sql: `favg(${x}) FILTER (${where})`,
  within: SUM,
  scale: `favg(abs(${x})) FILTER (${where})`,
})

/** Volumes, counts, notionals and prices by side. */
export function genericChecks(): Check[] {
  return Object.entries(SIDES).flatMap(([side, is]) => {
    const [volume, price] = [`lit AND q > 0 AND ${is}`, `lit AND q > 0 AND p IS NOT NULL AND ${is}`]
    const own = (rows: string) => `q > 0 AND ${is} AND (${rows})`
    const placed = `${price} AND point IS NOT NULL`
    const price4 = side === 'Total' ? '' : `Trade${side}`
    const placement = '(2 * least(greatest(point, 0), 1) - 1) * q'
    return [
      { name: `Trade${side}Volume`, sql: sum('q', volume) },
      { name: `Trade${side}Count`, sql: `count(*) FILTER (${volume})` },
      { name: `Trade${side}Notional`, sql: sum('p * q', volume), within: SUM },
      { name: `Trade${side}NotionalEUR`, sql: sum('eur', volume), within: SUM },
      { name: `Trade${side}NotionalUSD`, sql: sum('usd', volume), within: SUM },
      { name: `Trade${side}RetailCount`, sql: `count(*) FILTER (${own("participant = 'RETAIL'")})` },
      { name: `Trade${side}BlockCount`, sql: `count(*) FILTER (${own(FLAGS.BlockTrade)})` },
      { name: `Trade${side}AuctionNotional`, sql: sum('eur', own(FLAGS.AuctionTrade)), within: SUM },
      { name: `Trade${side}OTCVolume`, sql: sum('q', own(FLAGS.OTCTrade)) },
      { name: `Trade${side}VWAP`, sql: ratio(sum('p * q', price), sum('q', price)), within: SUM },
      { name: `${price4}Open`, sql: `arg_min(p, place) FILTER (${price})` },
      { name: `${price4}High`, sql: `max(p) FILTER (${price})` },
      { name: `${price4}Low`, sql: `min(p) FILTER (${price})` },
      { name: `${price4}Close`, sql: `arg_max(p, place) FILTER (${price})` },
      mean(`Trade${side}AvgPrice`, 'p', price),
      { name: `Trade${side}MedianPrice`, sql: `median(p) FILTER (${price})` },
      {
        name: `Trade${side}VolumeWeightedPricePlacement`,
        sql: ratio(sum(placement, placed), sum('q', placed)),
        within: SUM,
        scale: '1',
      },
    ]
  })
}

export const REFERENCES: Record<string, string> = {
  MidAtPrimary: 'PostTradeMidAtPrimary',
  EBBO: 'PostTradeMid',
  PreTradeMid: 'PreTradeMid',
  PreTradeMidAtPrimary: 'PreTradeMidAtPrimary',
  MidPrice: '((BestBidPrice + BestAskPrice) / 2)',
  BestBid: 'BestBidPrice',
  BestAsk: 'BestAskPrice',
  BestBidAtVenue: 'BestBidPriceAtVenue',
  BestAskAtVenue: 'BestAskPriceAtVenue',
  BestBidAtPrimary: 'BestBidPriceAtPrimary',
  BestAskAtPrimary: 'BestAskPriceAtPrimary',
}

/** Distances of prices from one reference, in bps, by side and aggregation; signed ones by side too. */
export function discrepancyChecks(reference: string, signed: boolean): Check[] {
  const ref = REFERENCES[reference]
  const bps = `(10000 * (p - ${ref}) / ${ref})`
  const x = signed ? `(d * ${bps})` : bps
  return Object.entries(SIDES).flatMap(([side, is]) => {
    const where = `lit AND q > 0 AND p IS NOT NULL AND ${ref} <> 0 AND ${is}${signed ? ' AND d <> 0' : ''}`
    const name = `${signed ? 'Signed' : ''}DiscrepancyTo${reference}${suffix(side)}`
    return [
      mean(name, x, where),
      { name: `${name}First`, sql: `arg_min(${x}, place) FILTER (${where})` },
      { name: `${name}Last`, sql: `arg_max(${x}, place) FILTER (${where})` },
      { name: `${name}Min`, sql: `min(${x}) FILTER (${where})` },
      { name: `${name}Max`, sql: `max(${x}) FILTER (${where})` },
      {
        name: `${name}Sum`,
        sql: `fsum(${x}) FILTER (${where})`,
        within: SUM,
        scale: `fsum(abs(${x})) FILTER (${where})`,
      },
      { name: `${name}Median`, sql: `median(${x}) FILTER (${where})` },
      {
        name: `${name}Std`,
        sql: `stddev_samp(${x}) FILTER (${where})`,
        within: DEVIATION,
        scale: `max(abs(${x})) FILTER (${where})`,
      },
    ]
  })
}

const set = (column: string) => `coalesce(upper(${column}) IN ('Y', 'YES', 'T', 'TRUE', '1'), false)`

export const FLAGS: Record<string, string> = {
  AuctionTrade: "contains(class, 'AUCTION')",
  OTCTrade: "(contains(class, 'OTC') OR type = 'OTC')",
  DarkTrade: "type = 'DARK'",
  LitTrade: "type = 'LIT'",
  NegotiatedTrade: set('NegotiatedTrade'),
  CrossTrade: set('CrossingTrade'),
  AlgorithmicTrade: set('AlgorithmicTrade'),
  BlockTrade: set('IsBlock'),
  OddLotTrade: "replace(replace(upper(LotType), ' ', ''), '_', '') IN ('ODD', 'ODDLOT')",
}

export function flagChecks(): Check[] {
  return Object.entries(FLAGS).flatMap(([flag, rows]) =>
    Object.entries(SIDES).flatMap(([side, is]) => {
      const where = `q > 0 AND ${is} AND ${rows}`
      const count = `count(*) FILTER (${where})`
      return [
        { name: `${flag}Volume${suffix(side)}`, sql: sum('q', where) },
        { name: `${flag}Count${suffix(side)}`, sql: count },
        { name: `${flag}AvgNotional${suffix(side)}`, sql: ratio(sum('eur', where), count), within: SUM },
      ]
    }),
  )
}

export function changeChecks(): Check[] {
  const columns = ['PreTradeElapsedTimeChg', 'PostTradeElapsedTimeChg', 'PricePoint']
  const scoped = columns.flatMap(column => [column, `${column}AtPrimary`])
  return [...scoped, 'PricePointAtVenue'].map(name => mean(name, name, 'lit AND q > 0 AND p IS NOT NULL'))
}

/** Effective spread, realised spread and impact in every weighting and unit, and what they leave out. */
export function impactChecks(): Check[] {
  const mids: Record<string, string> = { '1s': 'PostTradeMid1000ms', '5m': 'PostTradeMid300000ms' }
  const terms = ['', '1s', '5m'].flatMap(h => {
    const mid = mids[h]
    const effective = { name: `EffectiveSpread${h}`, x: 'p - PreTradeMid', mid }
    if (h === '') return [effective]
    return [
      effective,
      { name: `RealizedSpread${h}`, x: `p - ${mid}`, mid },
      { name: `PriceImpact${h}`, x: `${mid} - PreTradeMid`, mid },
    ]
  })
  const weights = { '': '1', ShareWeighted: 'q', NotionalWeighted: 'p * q' }
  return terms.flatMap(({ name, x, mid }) =>
    Object.entries(weights).flatMap(([weighting, w]) =>
      ['', 'Bps'].flatMap((unit): Check[] => {
        const known = `lit AND q > 0 AND p IS NOT NULL AND PreTradeMid IS NOT NULL${mid ? ` AND ${mid} IS NOT NULL` : ''}`
        const term = unit ? `(2 * d * (${x}) / (PreTradeMid * 1e-4))` : `(2 * d * (${x}))`
        const where = `${known} AND d <> 0`
        const full = `${name}${weighting}${unit}`
        return [
          {
            name: full,
            sql: ratio(`fsum(${term} * ${w}) FILTER (${where})`, `fsum(${w}) FILTER (${where})`),
            within: SUM,
            scale: unit ? `10000` : `max(p) FILTER (${where})`,
          },
          { name: `${full}UnknownSideCount`, sql: `count(*) FILTER (${known} AND d = 0)` },
        ]
      }),
    ),
  )
}

/** The microstructure metrics that are sums of rows. */
export function microstructureChecks(): Check[] {
  const price = 'lit AND q > 0 AND p IS NOT NULL'
  const [b, a, m] = ['BestBidPrice', 'BestAskPrice', '((BestBidPrice + BestAskPrice) / 2)']
  const quoted = `${price} AND ${b} IS NOT NULL AND ${a} IS NOT NULL AND ${a} >= ${b}`
  const known = `${quoted} AND d <> 0`
  const better = `(CASE WHEN d = 1 THEN ${a} - p ELSE p - ${b} END)`
  const [bought, sold] = ['lit AND q > 0 AND d = 1', 'lit AND q > 0 AND d = -1']
  const places = {
    TradeAtBidShare: `p = ${b}`,
    TradeAtMidShare: `abs(p - ${m}) <= 1e-12 * p`,
    TradeAtAskShare: `p = ${a}`,
    TradeInsideShare: `p > ${b} AND p < ${a}`,
    TradeOutsideShare: `(p < ${b} OR p > ${a})`,
  }
  const shares = {
    LitShare: FLAGS.LitTrade,
    DarkShare: FLAGS.DarkTrade,
    AuctionShare: FLAGS.AuctionTrade,
    SiShare: "starts_with(class, 'SI_')",
    OffBookShare: "starts_with(class, 'OFF_BOOK')",
    RetailShare: "participant = 'RETAIL'",
    BlockShare: FLAGS.BlockTrade,
    OddLotShare: FLAGS.OddLotTrade,
  }
  const auction = (name: string, state: string): Check[] => {
    const where = `q > 0 AND ${FLAGS.AuctionTrade} AND state = '${state}'`
    return [
      { name: `${name}AuctionPrice`, sql: ratio(sum('p * q', where), sum('q', where)), within: SUM },
      { name: `${name}AuctionVolume`, sql: sum('q', where) },
    ]
  }
  return [
    {
      name: 'TradeFlowImbalance',
      sql: ratio(`(${sum('q', bought)} - ${sum('q', sold)})`, `(${sum('q', bought)} + ${sum('q', sold)})`),
      within: SUM,
    },
    ...Object.entries(places).map(([name, where]) => ({
      name,
      sql: ratio(sum('q', `${quoted} AND ${where}`), sum('q', quoted)),
      within: SUM,
    })),
    {
      name: 'EffectiveOverQuoted',
      sql: ratio(sum(`2 * d * (p - ${m}) * q`, known), sum(`(${a} - ${b}) * q`, known)),
      within: DEVIATION,
    },
    { ...mean('PriceImprovement', better, known), scale: `max(p) FILTER (${known})` },
    { ...mean('PriceImprovementBps', `10000 * ${better} / ${m}`, known), scale: '10000' },
    ...Object.entries(shares).map(([name, where]) => ({
      name,
      sql: ratio(sum('eur', `q > 0 AND p IS NOT NULL AND ${where}`), sum('eur', 'q > 0 AND p IS NOT NULL')),
      within: SUM,
    })),
    ...auction('Opening', 'OPENING_AUCTION'),
    ...auction('Closing', 'CLOSING_AUCTION'),
    {
      name: 'RetailTradeImbalance',
      sql: ratio(
        sum('d * eur', "q > 0 AND participant = 'RETAIL' AND d <> 0"),
        sum('eur', "q > 0 AND participant = 'RETAIL' AND d <> 0"),
      ),
      within: SUM,
      scale: '1',
    },
  ]
}
