import {
  type Column,
  doublesOfInput,
  instantsAt,
  longsOf,
  type SequenceColumn,
  sequenceKernel,
  timeBucket,
} from '../../lib/core/index.js'
import { addends, type BarType, closingTrades } from './closing.js'
import { doubleColumn, exactSums, longColumn, type Spans, sums } from './spans.js'

const never = 'never null'
const price = (name: string, doc: string, formula: string, merge: string): SequenceColumn => ({
  name,
  type: 'f64',
  unit: 'local currency',
  doc,
  formula,
  merge,
  nullRule: never,
})

const COLUMNS: SequenceColumn[] = [
  {
    name: 'BarIndex',
    type: 'i64',
    unit: 'bars',
    doc: 'number of the bar within its listing and date, from 0',
    formula: 'bars that closed before',
    merge: 'key',
    nullRule: never,
    leads: true,
  },
  timeBucket('time of the last trade of the bar', 'last EventTime'),
  {
    name: 'BarStart',
    type: 'ts',
    unit: 'ns UTC',
    doc: 'time of the first trade of the bar',
    formula: 'first EventTime',
    merge: 'N',
    nullRule: never,
    leads: true,
  },
  price('Open', 'price of the first trade of the bar', 'first p', 'O'),
  price('High', 'highest price of the bar', 'max p', 'N'),
  price('Low', 'lowest price of the bar', 'min p', 'N'),
  price('Close', 'price of the last trade of the bar', 'last p', 'O'),
  {
    name: 'Volume',
    type: { of: 'Size' },
    unit: 'shares',
    doc: 'quantity of the bar; the trade that closes it counts as a whole',
    formula: 'Σq',
    merge: 'S',
    nullRule: never,
  },
  {
    name: 'Count',
    type: 'i64',
    unit: 'trades',
    doc: 'number of trades of the bar',
    formula: 'n',
    merge: 'S',
    nullRule: never,
  },
  {
    name: 'VWAP',
    type: 'f64',
    unit: 'local currency',
    doc: 'volume-weighted average price of the bar',
    formula: 'Σpq/Σq',
    merge: 'R',
    nullRule: 'null when the volume is zero',
  },
  {
    name: 'IsComplete',
    type: 'bool',
    unit: 'bool',
    doc: 'the threshold was reached; false for the bar that is open at the end of the date',
    formula: 'threshold reached',
    merge: '–',
    nullRule: never,
    hindsight: true, // that a bar stays open is known at the end of the date
  },
]

/**
 * Samples trades by activity instead of time: a bar closes with the trade at which the number of trades, the volume, the
 * notional or the absolute order imbalance since the last bar reaches a threshold (semantics 5.16).
 * Source: López de Prado, Advances in Financial Machine Learning (2018), 2.3; the threshold of imbalance is fixed here.
 */
export const barsKernel = sequenceKernel({
  name: 'bars',
  doc: 'bars of trades that close when trades, volume, notional or imbalance reach a threshold',
  row: 'bar',
  inputs: ['Price', 'Size', 'Direction'],
  columns: COLUMNS,
  rows(day, { type, threshold }) {
    const [price, size, direction] = day.columns
    const trades = {
      prices: doublesOfInput(price),
      sizes: doublesOfInput(size),
      directions: direction ? doublesOfInput(direction) : null,
    }
    const closed = closingTrades(addends(type as BarType, trades), Number(threshold))
    const spans = spansOf(closed, day.length)
    const volume = exactSums(size, trades.sizes, spans, 'bar')
    const notionals = sums(addends('notional', trades), spans)
    const vwap = notionals.map((notional, bar) => notional / Number(volume.values[bar]))
    const complete = new Uint8Array(spans.last.length).fill(1, 0, closed.length)
    return [
      longColumn(longsOf(spans.last.map((_, bar) => bar))),
      { type: 'ts', values: instantsAt(day, spans.last), valid: null },
      { type: 'ts', values: instantsAt(day, spans.first), valid: null },
      ...pricesOf(trades.prices, spans),
      volume,
      longColumn(longsOf(spans.last.map((last, bar) => last - spans.first[bar] + 1))),
      doubleColumn(vwap),
      { type: 'bool', values: complete, valid: null },
    ]
  },
})

/** Returns the bars of a day: those that closed and, of the trades after them, an open one. */
function spansOf(closed: Int32Array, length: number): Spans {
  const open = length > 0 && closed[closed.length - 1] !== length - 1
  const ends = new Int32Array(closed.length + Number(open)).fill(length - 1)
  ends.set(closed)
  const first = new Int32Array(ends.length)
  for (let bar = 1; bar < first.length; bar++) first[bar] = ends[bar - 1] + 1
  return { first, last: ends }
}

function pricesOf(prices: Float64Array, { first, last }: Spans): Column[] {
  const [open, high, low, close] = [0, 1, 2, 3].map(() => new Float64Array(last.length))
  for (let bar = 0; bar < last.length; bar++) {
    open[bar] = high[bar] = low[bar] = prices[first[bar]]
    close[bar] = prices[last[bar]]
    for (let i = first[bar] + 1; i <= last[bar]; i++) {
      if (prices[i] > high[bar]) high[bar] = prices[i]
      if (prices[i] < low[bar]) low[bar] = prices[i]
    }
  }
  return [open, high, low, close].map(doubleColumn)
}
