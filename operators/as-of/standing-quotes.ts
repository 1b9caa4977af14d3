import {
  CONTINUOUS,
  type Column,
  type Parameters,
  PIECE,
  type Pieces,
  putInstants,
  sequenceKernel,
  sequenceModule,
  TRUE,
  timeBucket,
} from '../../lib/core/index.js'

/** What is known of a quote, in the order of the kernel's inputs. */
interface Quote {
  bid: number
  ask: number
  bidSize: number
  askSize: number
  /** ns after midnight. */
  since: number
}

/** What rows may take of a quote. The mid says whether there is one. */
const VALUES = {
  Mid: { unit: 'local currency', formula: '(a+b)/2', of: ({ bid, ask }: Quote) => 0.5 * (ask + bid) },
  Bid: { unit: 'local currency', formula: 'b', of: ({ bid }: Quote) => bid },
  Ask: { unit: 'local currency', formula: 'a', of: ({ ask }: Quote) => ask },
  BidSize: { unit: 'shares', formula: 'Qb', of: ({ bidSize }: Quote) => bidSize },
  AskSize: { unit: 'shares', formula: 'Qa', of: ({ askSize }: Quote) => askSize },
  WeightedMid: {
    unit: 'local currency',
    formula: '(b·Qa + a·Qb)/(Qa + Qb)',
    of: ({ bid, ask, bidSize, askSize }: Quote) => (bid * askSize + ask * bidSize) / (bidSize + askSize),
  },
  Since: { unit: 'ns', formula: 'EventTime of the snapshot', of: ({ since }: Quote) => since },
} as const

type QuoteValue = keyof typeof VALUES

/** The value whose nulls say that no quote stands. */
export const KNOWN: QuoteValue = 'Mid'

/** The value that tells how old a quote is, which a tolerance asks for. */
export const SINCE: QuoteValue = 'Since'

/** Returns the values asked for, the mid first: `values` has their names with commas between. */
const namesOf = ({ values }: Parameters): QuoteValue[] => [
  ...new Set<QuoteValue>([KNOWN, ...((values ? String(values).split(',') : Object.keys(VALUES)) as QuoteValue[])]),
]

const hasSizes = (names: readonly QuoteValue[]) => names.some(name => /Size|Weighted/.test(name))

/**
 * Lists valid quotes as what is asked of them changes: with Since, each of them. The first and the last row have the times
 * of the first and the last snapshot, valid or not: nothing is known beyond, and the last row says what stands then. Rows
 * of nulls tell where continuous trading begins and ends, as far as snapshots have a state.
 */
export const standingQuotesKernel = sequenceKernel({
  name: 'standing_quotes',
  doc: 'valid quotes as they change, from the time of the first snapshot to that of the last',
  row: 'quote',
  inputs: parameters => ['bid', 'ask', ...(hasSizes(namesOf(parameters)) ? ['bid_size', 'ask_size'] : []), 'state'],
  columns: parameters => [
    timeBucket('time from which the quote stands', 'EventTime of the snapshot'),
    ...namesOf(parameters).map(name => ({
      name,
      type: 'f64' as const,
      unit: VALUES[name].unit,
      doc: `${name} of the quote, valid while bid is at most ask`,
      formula: VALUES[name].formula,
      merge: 'O',
      nullRule: 'null where no quote is new',
    })),
    {
      name: PIECE.head,
      type: 'i32',
      unit: '1',
      doc: 'the row is the first of a piece of the day, or of the day',
      formula: '1 of a piece, 2 of the day, else 0',
      merge: 'key',
      nullRule: 'never null',
    },
    {
      name: PIECE.stands,
      type: 'bool',
      unit: '1',
      doc: 'trading is continuous from here on',
      formula: 'MarketState = CONTINUOUS_TRADING, or no state',
      merge: 'O',
      nullRule: 'never null',
    },
  ],
  rows: ({ midnight, ...day }, parameters) => {
    const whole = { ...day, from: Int32Array.of(0), to: Int32Array.of(day.length), midnights: [midnight] }
    return quotesOf(whole, namesOf(parameters), PIECE.ofDay).columns
  },
  pieces: (pieces, parameters) => quotesOf(pieces, namesOf(parameters), PIECE.ofPiece),
})

/** Lists the quotes of pieces; `head` is what the first row of each says. */
function quotesOf({ time, columns, from, to, midnights }: Pieces, names: readonly QuoteValue[], head: number) {
  const sized = hasSizes(names)
  const [bids, asks, bidSizes, askSizes] = columns.map(({ values }) => values as Float64Array)
  const isContinuous = continuous(columns[sized ? 4 : 2])
  const changes = new Changes(time.length, names.length)
  const heads = new Int32Array(time.length)
  const owners = new Int32Array(time.length)
  const instants = new BigInt64Array(time.length)
  const now = new Float64Array(names.length)
  const quote: Quote = { bid: 0, ask: 0, bidSize: 0, askSize: 0, since: 0 }
  for (let piece = 0; piece < from.length; piece++) {
    const [start, last] = [from[piece], to[piece] - 1]
    const begun = changes.count
    changes.begin()
    for (let row = start; row <= last; row++) {
      const stands = isContinuous(row)
      const isEdge = row === start || row === last || stands !== isContinuous(row - 1)
      if (bids[row] <= asks[row]) {
        if (names.length === 1) {
          // The mid alone, as most ask for: without a call a value.
          changes.seeMid(row, 0.5 * (asks[row] + bids[row]), stands, isEdge)
          continue
        }
        quote.bid = bids[row]
        quote.ask = asks[row]
        quote.since = time[row]
        if (sized) {
          quote.bidSize = bidSizes[row] || 0 // null is 0 (semantics 1.3)
          quote.askSize = askSizes[row] || 0
        }
        for (let v = 0; v < names.length; v++) now[v] = VALUES[names[v]].of(quote)
        changes.see(row, now, stands, isEdge)
      } else if (isEdge) changes.mark(row, stands, row === last)
    }
    if (changes.count === begun) continue
    heads[begun] = head
    owners.fill(piece, begun, changes.count)
    putInstants(midnights[piece], time, changes.rows, begun, changes.count, instants)
  }
  const { count, values, stands } = changes
  return {
    owners: owners.subarray(0, count),
    columns: [
      { type: 'ts', values: instants.slice(0, count), valid: null },
      ...values.map((own): Column => ({ type: 'f64', values: own.slice(0, count), valid: null })),
      { type: 'i32', values: heads.slice(0, count), valid: null },
      { type: 'bool', values: stands.slice(0, count), valid: null },
    ] satisfies Column[],
  }
}

/** Values of quotes, and the rows at which they changed. */
class Changes {
  count = 0
  readonly rows: Int32Array
  readonly values: Float64Array[]
  readonly stands: Uint8Array
  /** What the last valid quote had. */
  private readonly latest: Float64Array

  constructor(most: number, width: number) {
    this.rows = new Int32Array(most)
    this.values = Array.from({ length: width }, () => new Float64Array(most))
    this.stands = new Uint8Array(most)
    this.latest = new Float64Array(width)
  }

  /** Starts with a piece, of which no quote is known yet. */
  begin(): void {
    this.latest.fill(Number.NaN)
  }

  /** Takes a quote; one that says what the last one said has no row of its own, unless it is to have one. */
  see(row: number, values: Float64Array, stands: boolean, always: boolean): void {
    const { latest } = this
    let isSame = true
    for (let v = 0; v < values.length; v++) {
      const own = values[v]
      if (Object.is(own, latest[v])) continue
      isSame = false
      latest[v] = own
    }
    if (isSame && !always) return
    for (let v = 0; v < values.length; v++) this.values[v][this.count] = values[v]
    this.put(row, stands)
  }

  /** Takes a quote of which the mid is asked for and nothing else. */
  seeMid(row: number, mid: number, stands: boolean, always: boolean): void {
    if (mid === this.latest[0] && !always) return
    this.latest[0] = mid
    this.values[0][this.count] = mid
    this.put(row, stands)
  }

  /** Takes a row that is no valid quote. With `latest` it says again what the last one said. */
  mark(row: number, stands: boolean, latest: boolean): void {
    for (const [v, own] of this.values.entries()) own[this.count] = latest ? this.latest[v] : Number.NaN
    this.put(row, stands)
  }

  private put(row: number, stands: boolean): void {
    this.stands[this.count] = stands ? 1 : 0
    this.rows[this.count++] = row
  }
}

/** Returns a function that tells whether a row is of continuous trading; without states all are. */
function continuous(states: Column | undefined): (row: number) => boolean {
  if (states?.type !== 'str') return () => true
  const { values, valid, dictionary } = states
  const is = dictionary.words.map(word => word === CONTINUOUS)
  return row => (!valid || valid[row] === 1) && is[values[row]]
}

const INPUTS = ['BidPrice1', 'AskPrice1']
const SIZES = ['BidQuantity1', 'AskQuantity1']

/** Makes the quotes that rows of other tables are given as of their time. */
export const standingQuotes = sequenceModule({
  name: 'standing_quotes',
  doc: 'valid quotes, for rows of other tables as of their time',
  internal: true,
  table: 'l2',
  block: 'standing_quotes',
  settings: {},
  rows: () => TRUE,
  sequence: {
    kernel: 'standing_quotes',
    inputs: ({ has, config }) =>
      [...INPUTS, ...(hasSizes(namesOf(config)) ? SIZES : []), ...(has('MarketState') ? ['MarketState'] : [])].map(
        name => ({ op: 'col', name }),
      ),
    parameters: ({ config }) => ({ values: namesOf(config).join(',') }),
  },
  excluded: () => [],
})
