import { stampText } from '../../lib/core/index.js'
import type { DuckRow } from '../support/duck.js'

// Bars as a plain loop makes them, written from the semantics alone (3.1, 5.1, 5.16).

/** What a trade adds to the bar at hand. */
const ADDS: Record<string, (trade: DuckRow) => number> = {
  tick: () => 1,
  volume: ({ q }) => q as number,
  notional: ({ p, q }) => (p as number) * (q as number),
  imbalance: ({ side, q }) => (side === 1 ? (q as number) : side === 2 ? -(q as number) : 0),
}

interface Bar {
  trades: DuckRow[]
  full: boolean
}

/** Puts trades into bars of their listing and date. */
export function barsOf(trades: DuckRow[], { type, threshold }: { type: string; threshold: number }): Bar[][] {
  const days = new Map<string, { bars: Bar[]; sum: number }>()
  for (const trade of trades) {
    const key = `${trade.day} ${trade.l}`
    const day = days.get(key) ?? { bars: [], sum: 0 }
    days.set(key, day)
    if (day.bars.length === 0 || day.bars[day.bars.length - 1].full) {
      day.bars.push({ trades: [], full: false })
      day.sum = 0
    }
    const bar = day.bars[day.bars.length - 1]
    bar.trades.push(trade)
    day.sum += ADDS[type](trade)
    bar.full = Math.abs(day.sum) >= threshold
  }
  return [...days.values()].map(({ bars }) => bars)
}

/** Writes a bar as the row that the semantics say. */
export function rowOf({ trades, full }: Bar, index: number): Record<string, unknown> {
  const prices = trades.map(({ p }) => p as number)
  const [first, last] = [trades[0], trades[trades.length - 1]]
  const add = (value: (trade: DuckRow) => number) => trades.reduce((sum, trade) => sum + value(trade), 0)
  return {
    Date: first.day,
    ListingId: first.l,
    BarIndex: BigInt(index),
    TimeBucket: stampText(last.t as bigint),
    BarStart: stampText(first.t as bigint),
    Open: prices[0],
    High: Math.max(...prices),
    Low: Math.min(...prices),
    Close: prices[prices.length - 1],
    Volume: add(({ q }) => q as number),
    Count: BigInt(trades.length),
    VWAP: add(({ p, q }) => (p as number) * (q as number)) / add(({ q }) => q as number),
    IsComplete: full,
  }
}
