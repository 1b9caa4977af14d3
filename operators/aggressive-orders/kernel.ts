import {
  bucketLabels,
  type Column,
  doublesOfInput,
  instantsAt,
  longsOf,
  type Parameters,
  rowNumbers,
  sequenceKernel,
  take,
  takeFound,
} from '../../lib/core/index.js'
import { doubleColumn, exactSums, longColumn, type Spans, sums } from '../bars/spans.js'
import { CARRIED, type Carried, carriedColumn } from './carried.js'
import { ORDER_COLUMNS, PRICE_POINT } from './columns.js'
import { executionsAmong, ordersOf } from './grouping.js'

/** Inputs of the kernel that a source may lack, beside the columns that orders carry. */
const OPTIONAL = ['Unfinished', 'EventNo'] as const

/** Names optional inputs and carried columns as a parameter; those that are not named are left out. */
export const namesAsParameter = (names: readonly string[]): string => names.join()

function namesOf({ columns }: Parameters): string[] {
  const all = [...OPTIONAL, ...CARRIED.map(({ name }) => name)]
  const named = typeof columns === 'string' ? new Set(columns.split(',')) : null
  return named ? all.filter(name => named.has(name)) : all
}

const carriedBy = (parameters: Parameters): Carried[] => {
  const names = namesOf(parameters)
  return CARRIED.filter(({ name }) => names.includes(name))
}

const isQuoted = (names: readonly string[]) => names.includes('BestBidPrice') && names.includes('BestAskPrice')

const inputsOf = (parameters: Parameters): string[] => ['Price', 'Size', 'AggressorSide', ...namesOf(parameters)]

/**
 * Joins executions of one side that follow one another to the orders that caused them (semantics 5.10): a row an order.
 * `deltat` is the longest gap in ns; `columns` names what the source has of the optional inputs.
 */
export const aggressiveOrdersKernel = sequenceKernel({
  name: 'aggressive_orders',
  doc: 'orders that took liquidity, each made of the executions of one side that follow one another',
  row: 'aggressive order',
  inputs: inputsOf,
  columns: parameters => [
    ...ORDER_COLUMNS,
    ...carriedBy(parameters).map(carriedColumn),
    ...(isQuoted(namesOf(parameters)) ? [PRICE_POINT] : []),
  ],
  rows({ midnight, time: times, columns: all }, parameters) {
    const inputs = inputsOf(parameters)
    const given = (name: string): Column | null => all[inputs.indexOf(name)] ?? null
    const doubles = (name: string) => {
      const column = given(name)
      return column && doublesOfInput(column)
    }
    const { index, goesOn } = executionsAmong({
      size: doubles('Size') as Float64Array,
      unfinished: doubles('Unfinished'),
      event: doubles('EventNo'),
    })
    const length = index.length
    const isAll = length === times.length
    const at = { midnight, time: isAll ? times : Float64Array.from(index, row => times[row]) }
    const executed = (name: string): Column => {
      const column = given(name) as Column
      return isAll ? column : take(column, index, length)
    }
    const [prices, sizes, side] = ['Price', 'Size', 'AggressorSide'].map(name => doublesOfInput(executed(name)))
    const spans = ordersOf({ length, time: at.time, side, goesOn }, Number(parameters.deltat))
    const { first, last } = spans
    const label = bucketLabels(parameters, midnight)
    const labels = Float64Array.from(first, row => label(at.time[row]))
    const size = exactSums(executed('Size'), sizes, spans, 'aggressive order')
    const products = prices.map((each, row) => each * sizes[row])
    const vwap = sums(products, spans).map((notional, order) => notional / Number(size.values[order]))
    const each = (value: (order: number) => number) => Float64Array.from(first, (_, order) => value(order))
    const carried = carriedBy(parameters)
    return [
      longColumn(longsOf(rowNumbers(first.length))),
      { type: 'ts', values: instantsAt({ midnight, time: labels }, rowNumbers(first.length)), valid: null },
      { type: 'ts', values: instantsAt(at, first), valid: null },
      { type: 'i32', values: Int32Array.from(first, row => side[row]), valid: null },
      size,
      doubleColumn(vwap),
      doubleColumn(each(order => (at.time[last[order]] - at.time[first[order]]) / 1000)),
      doubleColumn(extremes(prices, spans, Math.min)),
      doubleColumn(extremes(prices, spans, Math.max)),
      longColumn(longsOf(Int32Array.from(first, (row, order) => last[order] - row + 1))),
      doubleColumn(each(order => prices[last[order]] - prices[first[order]])),
      ...carried.map(({ name, taking }) => {
        const column = executed(name)
        return taking === 'sum' ? knownSums(column, spans) : takeFound(column, knownRows(column, spans, taking))
      }),
      ...(isQuoted(inputs) ? [pricePoints(vwap, executed('BestBidPrice'), executed('BestAskPrice'), spans)] : []),
    ]
  },
})

function extremes(values: Float64Array, { first, last }: Spans, choose: (a: number, b: number) => number) {
  return Float64Array.from(first, (from, order) => {
    let found = values[from]
    for (let i = from + 1; i <= last[order]; i++) found = choose(found, values[i])
    return found
  })
}

/** Adds the values that are not null; null where all are. */
function knownSums(column: Column, { first, last }: Spans): Column {
  const values = doublesOfInput(column)
  const totals = Float64Array.from(first, (from, order) => {
    let total = Number.NaN
    for (let i = from; i <= last[order]; i++) {
      if (!Number.isNaN(values[i])) total = Number.isNaN(total) ? values[i] : total + values[i]
    }
    return total
  })
  return doubleColumn(totals)
}

/** Returns the first or last row of each order in which a column is not null; -1 where there is none. */
function knownRows(column: Column, { first, last }: Spans, taking: 'first' | 'last'): Int32Array {
  const { valid, values } = column
  const isKnown = (i: number) => (valid ? valid[i] === 1 : !Number.isNaN(Number(values[i])))
  return Int32Array.from(first, (from, order) => {
    const [start, end, step] = taking === 'first' ? [from, last[order], 1] : [last[order], from, -1]
    for (let i = start; i !== end + step; i += step) if (isKnown(i)) return i
    return -1
  })
}

function pricePoints(vwap: Float64Array, bid: Column, ask: Column, { first, last }: Spans): Column {
  const [bids, asks] = [doublesOfInput(bid), doublesOfInput(ask)]
  const points = Float64Array.from(first, (from, order) => {
    for (let i = from; i <= last[order]; i++) {
      const width = asks[i] - bids[i]
      if (!Number.isNaN(width)) return width === 0 ? Number.NaN : (vwap[order] - bids[i]) / width
    }
    return Number.NaN
  })
  return doubleColumn(points)
}
