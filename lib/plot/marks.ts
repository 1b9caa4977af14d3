import { type Bars, hasPrice } from './bars.js'
import { heightOf, type ValueAxis } from './price-axis.js'
import { element, px } from './svg.js'
import type { TimeAxis } from './time-axis.js'

/** Draws a candle a bar: wick from low to high, body from open to close. Bars that lack one of the four are left out. */
export function candleMarks(bars: Bars, time: TimeAxis, price: ValueAxis): string {
  const { candles, close } = bars
  if (!candles) return ''
  const half = bodyWidth(time.pitch) / 2
  let marks = ''
  for (let i = 0; i < close.length; i++) {
    if (!hasPrice(bars, i)) continue
    const at = (value: number) => Math.round(heightOf(price, value))
    const middle = Math.floor(time.x[i]) + 0.5 // a line of one pixel fills it, instead of half of two
    const [high, low] = [at(candles.high[i]), at(candles.low[i])]
    const upper = at(Math.max(candles.open[i], close[i])) + 0.5
    const lower = Math.max(at(Math.min(candles.open[i], close[i])) + 0.5, upper)
    const d = `M${px(middle)} ${high}V${low}M${px(middle - half)} ${px(upper)}H${px(middle + half)}V${px(lower)}H${px(middle - half)}Z`
    marks += element('path', { class: `candle ${directionOf(bars, i)}`, d })
  }
  return marks
}

/** Draws a bar of volume for each that has one. One that is beyond the axis ends in a gap and a tip. */
export function volumeMarks(bars: Bars, time: TimeAxis, axis: ValueAxis): string {
  const { volume } = bars
  if (!volume) return ''
  const width = bodyWidth(time.pitch) + 1
  let marks = ''
  for (let i = 0; i < volume.length; i++) {
    if (!(volume[i] > 0)) continue
    const y = Math.max(axis.top, Math.min(axis.bottom - 1, Math.round(heightOf(axis, volume[i]))))
    const x = Math.floor(time.x[i]) + 0.5 - width / 2
    const right = px(x + width)
    const cut = volume[i] > axis.high ? `M${px(x)} ${y}H${right}v4H${px(x)}Z` : ''
    const top = cut ? y + 7 : y
    const d = `${cut}M${px(x)} ${px(axis.bottom)}V${top}H${right}V${px(axis.bottom)}Z`
    marks += element('path', { class: `volume ${directionOf(bars, i)}`, d })
  }
  return marks
}

/** Draws a line through the values of a column. It is broken where a value is null and where trading is closed. */
export function lineMark(values: Float64Array, time: TimeAxis, axis: ValueAxis, name: string): string {
  let d = ''
  for (const { first, last } of time.sessions) {
    let pen = false
    for (let i = first; i <= last; i++) {
      if (Number.isNaN(values[i])) {
        pen = false
        continue
      }
      d += `${pen ? 'L' : 'M'}${px(time.x[i])} ${px(heightOf(axis, values[i]))}`
      // A value between nulls has no line: a round dot marks it.
      if (!pen && (i === last || Number.isNaN(values[i + 1]))) d += 'h0'
      pen = true
    }
  }
  return d === '' ? '' : element('path', { class: `line ${name}`, d })
}

/** A bar is up when it closes at its open or above; without candles, at the last close before it or above. */
export function directionOf({ candles, close }: Bars, i: number): 'up' | 'down' {
  const from = candles ? candles.open[i] : close[i - 1]
  return close[i] < from ? 'down' : 'up'
}

/** Even, so that with its outline of a pixel a body is centred on the pixels of its wick. */
function bodyWidth(pitch: number): number {
  return Math.max(0, Math.min(24, 2 * Math.floor((0.72 * pitch - 1) / 2)))
}
