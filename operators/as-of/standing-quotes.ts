import { type Column, instantsAt, type Parameters, sequenceKernel, sequenceModule, TRUE } from '../../lib/core/index.js'

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

/** The state in which quotes are followed: a mid-price of an auction is none. */
const CONTINUOUS = 'CONTINUOUS_TRADING'

/** Returns the values asked for, the mid first: `values` has their names with commas between. */
const namesOf = ({ values }: Parameters): QuoteValue[] => [
  ...new Set<QuoteValue>([KNOWN, ...((values ? String(values).split(',') : Object.keys(VALUES)) as QuoteValue[])]),
]

const hasSizes = (names: readonly QuoteValue[]) => names.some(name => /Size|Weighted/.test(name))

/**
 * Lists valid quotes as what is asked of them changes: with Since, each of them. A row of nulls says that continuous
 * trading ends there, as far as snapshots have a state. The last row has the time of the listing's last snapshot of the
 * day, valid or not: nothing is known beyond it.
 */
export const standingQuotesKernel = sequenceKernel({
  name: 'standing_quotes',
  doc: 'valid quotes as they change; the last row is as late as the last snapshot',
  row: 'quote',
  inputs: parameters => ['bid', 'ask', ...(hasSizes(namesOf(parameters)) ? ['bid_size', 'ask_size'] : []), 'state'],
  columns: parameters => [
    {
      name: 'TimeBucket',
      type: 'ts',
      unit: 'ns UTC',
      doc: 'time from which the quote stands',
      formula: 'EventTime of the snapshot',
      merge: 'key',
      nullRule: 'never null',
      leads: true,
    },
    ...namesOf(parameters).map(name => ({
      name,
      type: 'f64' as const,
      unit: VALUES[name].unit,
      doc: `${name} of the quote, valid while bid is at most ask`,
      formula: VALUES[name].formula,
      merge: 'O',
      nullRule: 'null where continuous trading ends',
    })),
  ],
  rows(day, parameters) {
    const names = namesOf(parameters)
    const sized = hasSizes(names)
    const [bids, asks, bidSizes, askSizes] = day.columns.map(({ values }) => values as Float64Array)
    const isContinuous = continuous(day.columns[sized ? 4 : 2])
    const changes = new Changes(2 * day.length + 1, names.length)
    const now = new Float64Array(names.length)
    const none = new Float64Array(names.length).fill(Number.NaN)
    const quote: Quote = { bid: 0, ask: 0, bidSize: 0, askSize: 0, since: 0 }
    for (let row = 0; row < day.length; row++) {
      if (row > 0 && isContinuous(row - 1) && !isContinuous(row)) changes.put(row, none)
      if (!(bids[row] <= asks[row])) continue
      quote.bid = bids[row]
      quote.ask = asks[row]
      quote.since = day.time[row]
      if (sized) {
        quote.bidSize = bidSizes[row] || 0 // null is 0 (semantics 1.3)
        quote.askSize = askSizes[row] || 0
      }
      for (let v = 0; v < names.length; v++) now[v] = VALUES[names[v]].of(quote)
      changes.see(row, day.time, now)
    }
    const last = day.length - 1
    if (changes.stands && day.time[changes.row] < day.time[last]) changes.put(last, changes.latest)
    const instants = instantsAt(day, changes.rows.subarray(0, changes.count))
    return [
      { type: 'ts', values: instants, valid: null },
      ...changes.values.map((values): Column => ({ type: 'f64', values: values.slice(0, changes.count), valid: null })),
    ]
  },
})

/** Values of quotes, and the rows at which they changed. */
class Changes {
  count = 0
  readonly rows: Int32Array
  readonly values: Float64Array[]
  /** What the last valid quote had, whether or not continuous trading has ended since. */
  readonly latest: Float64Array
  /** There was a quote. */
  stands = false

  constructor(most: number, width: number) {
    this.rows = new Int32Array(most)
    this.values = Array.from({ length: width }, () => new Float64Array(most))
    this.latest = new Float64Array(width)
  }

  /** The row of the last change. */
  get row(): number {
    return this.rows[this.count - 1]
  }

  put(row: number, values: Float64Array): void {
    for (let v = 0; v < values.length; v++) this.values[v][this.count] = values[v]
    this.rows[this.count++] = row
  }

  /** Takes a quote: one of the same time as the last one takes its place. */
  see(row: number, time: Float64Array, values: Float64Array): void {
    const { count, latest, stands } = this
    const isBreak = count > 0 && Number.isNaN(this.values[0][count - 1])
    const isSameTime = stands && !isBreak && time[this.row] === time[row]
    if (isSameTime) for (let v = 0; v < values.length; v++) this.values[v][count - 1] = values[v]
    else if (!stands || !equal(latest, values)) this.put(row, values)
    latest.set(values)
    this.stands = true
  }
}

function equal(a: Float64Array, b: Float64Array): boolean {
  for (let v = 0; v < a.length; v++) if (a[v] !== b[v] && !(Number.isNaN(a[v]) && Number.isNaN(b[v]))) return false
  return true
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
