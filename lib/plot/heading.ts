import { dayText } from '../core/time.js'
import { type Bars, extentOf } from './bars.js'
import { widthName } from './durations.js'
import { valueText } from './price-axis.js'

/** What a chart is of. */
export interface Subject {
  /** As `MCM · XLON`. */
  title: string
  /** What prices are in, as GBX. */
  unit?: string
  /** What the close is called, where it is drawn as a line. */
  price?: string
}

/** Bars as they were given, and the width in ms that they are drawn with. */
export interface Drawn {
  given: Bars
  own: { width: number; regular: boolean }
  bars: Bars
  width: number
}

/** Says what is drawn: how many bars of which width, what they were joined to, which have no price. */
export function subtitleOf({ unit, price }: Subject, { given, own, bars, width }: Drawn): string {
  const many = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
  const count = given.times.length
  const parts = [many(count, own.regular ? `${widthName(own.width)} bar` : 'bar')]
  if (width !== own.width) {
    const mark = bars.candles ? 'candle' : 'point'
    parts[0] += ` drawn as ${many(bars.times.length, `${widthName(width)} ${mark}`)}`
  }
  let empty = 0
  for (let i = 0; i < count; i++) if (Number.isNaN(given.close[i])) empty++
  if (empty > 0) parts.push(`${many(empty, 'bar')} without a price`)
  if (price && !bars.candles) parts.unshift(price)
  if (unit) parts.push(`prices in ${unit}`)
  parts.push('times in UTC')
  return parts.join(' · ')
}

/** Returns the dates of bars, as `2026-02-03` or `2026-02-03 to 2026-02-04`. */
export function datesOf({ days }: Bars): string {
  if (days.length === 0) return ''
  const [first, last] = [dayText(days[0]), dayText(days[days.length - 1])]
  return first === last ? first : `${first} to ${last}`
}

/** The last price and how far it is from the first; undefined where no bar has one. */
export function moveOf({ candles, close }: Bars): { last: number; change: string; up: boolean } | undefined {
  const priced = (values: Float64Array) => values.findIndex(value => !Number.isNaN(value))
  const opens = candles?.open ?? close
  const first = opens[priced(opens)]
  const last = close[close.findLastIndex(value => !Number.isNaN(value))]
  if (first === undefined || last === undefined) return undefined
  const difference = last - first
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '±'
  const percent = first > 0 ? ` (${sign}${Math.abs((difference / first) * 100).toFixed(2)} %)` : ''
  return { last, change: `${sign}${Number(Math.abs(difference).toPrecision(6))}${percent}`, up: difference >= 0 }
}

/** Says in words what the chart shows, for those who do not see it. */
export function descriptionOf(bars: Bars): string {
  const move = moveOf(bars)
  const range = extentOf(...(bars.candles ? [bars.candles.high, bars.candles.low] : []), bars.close)
  if (!move || !range) return 'There are no prices to draw.'
  const names = bars.lines.map(({ name }) => name).join(', ')
  return [
    `Prices lie between ${valueText(range.low)} and ${valueText(range.high)};`,
    `the last is ${valueText(move.last)}, ${move.change} from the first.`,
    ...(bars.volume ? ['Volumes are shown below.'] : []),
    ...(names ? [`Lines: ${names}.`] : []),
  ].join(' ')
}
