import type { RecordBatch, Words } from '../../lib/core/index.js'
import type { ListingDay } from './listing-day.js'
import { type Listing, priceOf, tradeIdOf } from './listings.js'
import { fillMids, LOOK_AHEAD } from './mids.js'
import { KINDS, type Kind, type Print } from './prints.js'
import type { Touch } from './quotes.js'
import { Rows } from './rows.js'
import { MARKET_STATES } from './session.js'
import { TRADE_AT as at, TRADE_COLUMNS } from './trade-columns.js'
import { RATES } from './venues.js'

const SECOND = 1e9
const CHUNK = 2048

const KIND_NAMES = Object.keys(KINDS) as Kind[]
const distinct = (words: string[]) => [...new Set(words)]
/** Read alike by both flag encodings of the trades table. */
const FLAG: readonly string[] = ['-', 'Y']
const VOCABULARY = {
  CurrencyCode: Object.keys(RATES),
  Classification: distinct(KIND_NAMES.map(kind => KINDS[kind].classification)),
  BMLLTradeType: distinct(KIND_NAMES.map(kind => KINDS[kind].tradeType)),
  MarketState: MARKET_STATES as readonly string[],
  BMLLParticipantType: ['UNKNOWN', 'RETAIL'],
  LotType: ['ROUND', 'ODD', 'MIXED'],
  AwayVenue: ['TRQM', 'SINT', 'XOFF'],
}

/** Rows of trades whose later mids may still be open. */
interface Pending {
  rows: Rows
  days: ListingDay[] // by row
  ids: string[] // by row
}

const pending = (capacity: number): Pending => ({ rows: new Rows(TRADE_COLUMNS, capacity), days: [], ids: [] })

/** Collects one market's trades of one day and hands them out once 300 s have passed: only then are all mids known. */
export class Tape {
  private pending: Pending[] = []
  private sequence = 0
  private batches = 0 // taken so far
  private readonly words: Record<string, Words>

  constructor(
    readonly mic: string,
    private readonly day: number, // days since the epoch
    listings: readonly Listing[],
    markets: readonly string[],
  ) {
    const tickers: string[] = []
    for (const listing of listings) tickers[listing.instrument] = listing.ticker
    const flags = ['NegotiatedTrade', 'CrossingTrade', 'AlgorithmicTrade', 'IsBlock'].map(
      (name): [string, readonly string[]] => [name, FLAG],
    )
    const words: [string, readonly string[]][] = [
      ...Object.entries(VOCABULARY),
      ...flags,
      ['MIC', markets],
      ['Ticker', tickers],
      ['ExecutionVenue', [...markets, ...VOCABULARY.AwayVenue]],
      ['InstrumentCurrencyCode', VOCABULARY.CurrencyCode],
      ['MarketStateAtPrimary', VOCABULARY.MarketState],
    ]
    this.words = Object.fromEntries(words.map(([name, list]) => [name, { words: list }]))
  }

  /** The oldest time about which mids may still be asked, ns; infinite when nothing is pending. */
  get oldest(): number {
    return this.pending.length > 0 ? this.pending[0].rows.values[0][0] : Number.POSITIVE_INFINITY
  }

  /** Counts messages that the feed numbers besides the trades, and returns the number of the last message or trade. */
  skip(messages: number): number {
    this.sequence += messages
    return this.sequence
  }

  /** Adds one trade, stamped `time`. Trades come in time order. */
  trade(day: ListingDay, time: number, print: Print): void {
    let last = this.pending.at(-1)
    if (!last || last.rows.full) {
      last = pending(CHUNK)
      this.pending.push(last)
    }
    const row = last.rows.length++
    last.days.push(day)
    last.ids.push(tradeIdOf(day.listing, print.trade))
    this.fill(last.rows.values, row, day, time, print)
  }

  /**
   * Returns the next batch whose mids are all known at `now`, or undefined when there is none yet. At the end (infinite
   * `now`) a day without trades gives one empty batch, so that its file exists.
   */
  take(now: number): RecordBatch | undefined {
    const ended = now === Number.POSITIVE_INFINITY
    if (ended && this.batches === 0 && this.pending.length === 0) this.pending.push(pending(0))
    const first = this.pending[0]
    if (!first) return undefined
    const { rows, days, ids } = first
    if (!ended && (!rows.full || rows.values[0][rows.length - 1] + LOOK_AHEAD >= now)) return undefined
    this.pending.shift()
    this.batches++
    for (let row = 0; row < rows.length; row++) fillMids(rows.values, row, days[row])
    const tradeIds = { words: ids }
    return rows.batch(this.day, name => (name === 'TradeId' ? tradeIds : this.words[name]))
  }

  private fill(v: Float64Array[], row: number, day: ListingDay, time: number, print: Print): void {
    const { listing, instrument, random } = day
    const { kind, units, size } = print
    const ticks = units / listing.tickUnits
    const report = KINDS[kind]
    const code = (column: keyof typeof VOCABULARY, word: string) => VOCABULARY[column].indexOf(word)
    const market = this.words.MIC.words.indexOf(this.mic)
    const currency = print.major ? 'GBP' : listing.currency
    const localPrice = units / 10_000
    const price = print.major ? units / 1_000_000 : localPrice
    const notional = price * size
    const delay = report.onBook ? 8_000 + random.below(400_000) : (print.block ? 900 : 20 + random.below(40)) * SECOND

    v[at.TradeTimestampNanoseconds][row] = time
    v[at.TradeTimestamp][row] = Math.floor(time / 1000) * 1000
    v[at.PublicationTimestamp][row] = time + delay
    v[at.ExchangeSequenceNo][row] = ++this.sequence
    v[at.MIC][row] = market
    v[at.Ticker][row] = listing.instrument
    v[at.ListingId][row] = listing.listingId
    v[at.InstrumentId][row] = listing.instrumentId
    v[at.TradeId][row] = row
    v[at.ExecutionVenue][row] =
      report.venue === null ? market : this.words.MIC.words.length + code('AwayVenue', report.venue)
    v[at.Price][row] = price
    v[at.InstrumentCurrencyPrice][row] = localPrice
    v[at.CurrencyCode][row] = code('CurrencyCode', currency)
    v[at.InstrumentCurrencyCode][row] = code('CurrencyCode', listing.currency)
    v[at.MinorCurrencyFactor][row] = RATES[listing.currency].minor
    v[at.Size][row] = size
    v[at.TradeNotional][row] = notional
    v[at.TradeNotionalEUR][row] = notional * RATES[currency].eur
    v[at.TradeNotionalUSD][row] = notional * RATES[currency].usd
    v[at.AggressorSide][row] = print.side
    v[at.Classification][row] = code('Classification', report.classification)
    v[at.BMLLTradeType][row] = code('BMLLTradeType', report.tradeType)
    v[at.MarketState][row] = code('MarketState', day.state)
    v[at.MarketStateAtPrimary][row] = code('MarketState', instrument.listings[0].state)
    v[at.BMLLParticipantType][row] = print.retail ? 1 : 0
    v[at.NegotiatedTrade][row] = print.negotiated ? 1 : 0
    v[at.CrossingTrade][row] = print.crossing ? 1 : 0
    v[at.AlgorithmicTrade][row] = print.algorithmic ? 1 : 0
    v[at.IsBlock][row] = print.block ? 1 : 0
    v[at.LotType][row] = size % 100 === 0 ? 0 : size < 100 ? 1 : 2
    fillQuote(v, row, at.PricePoint, listing, ticks, instrument.touch)
    fillQuote(v, row, at.PricePointAtVenue, listing, ticks, day.touch)
    fillQuote(v, row, at.PricePointAtPrimary, listing, ticks, instrument.listings[0].touch)
  }
}

/** Fills PricePoint and the four quote columns that follow it. */
function fillQuote(v: Float64Array[], row: number, first: number, listing: Listing, ticks: number, touch: Touch): void {
  const { bid, ask } = touch
  v[first][row] = bid > 0 && ask > bid ? (ticks - bid) / (ask - bid) : Number.NaN
  v[first + 1][row] = bid > 0 ? priceOf(listing, bid) : Number.NaN
  v[first + 2][row] = bid > 0 ? touch.bidSize : Number.NaN
  v[first + 3][row] = ask > 0 ? priceOf(listing, ask) : Number.NaN
  v[first + 4][row] = ask > 0 ? touch.askSize : Number.NaN
}
