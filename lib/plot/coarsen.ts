import type { Bars } from './bars.js'
import { DAY, EASY_WIDTHS } from './durations.js'

/** Which end of its interval a label names. */
export type Anchor = 'end' | 'start'

/**
 * Returns the least easy width, a multiple of the bars' own where they have one, with which `span` ms of trading fit into
 * `most` marks; the bars' own width when they fit as they are.
 */
export function fittingWidth(own: number, regular: boolean, span: number, most: number): number {
  if (span / own <= most) return own
  const wide = EASY_WIDTHS.filter(width => width >= own && span / width <= most)
  // A multiple that is far beyond what fits shows less than an odd width does.
  const near = wide.filter(width => width <= 4 * wide[0])
  const whole = near.find(width => !regular || Math.abs(width / own - Math.round(width / own)) < 1e-6)
  return whole ?? own * Math.ceil(span / own / most)
}

/**
 * Joins bars whose labels fall into the same interval of `width` ms: first open, highest high, lowest low, last close,
 * summed volume, last value of a line. Nulls have no say; what has no value at all is null. Intervals are counted from
 * midnight UTC, weeks from Monday; a label is the interval's end or start, of days and more that of the last bar.
 */
export function coarsened(bars: Bars, width: number, anchor: Anchor): Bars {
  const { starts, labels } = groupsOf(bars, width, anchor)
  const groups = labels.length
  const fold = (values: Float64Array, join: (kept: number, next: number) => number) => {
    const result = new Float64Array(groups).fill(NaN)
    for (let g = 0; g < groups; g++) {
      for (let i = starts[g]; i < starts[g + 1]; i++) {
        const next = values[i]
        if (!Number.isNaN(next)) result[g] = Number.isNaN(result[g]) ? next : join(result[g], next)
      }
    }
    return result
  }
  const last = (_: number, next: number) => next
  const { candles, close, volume, lines } = bars
  return {
    times: Float64Array.from(labels),
    days: Int32Array.from(labels, (_, g) => bars.days[starts[g]]),
    candles: candles && {
      open: fold(candles.open, kept => kept),
      high: fold(candles.high, Math.max),
      low: fold(candles.low, Math.min),
    },
    close: fold(close, last),
    volume: volume && fold(volume, (kept, next) => kept + next),
    lines: lines.map(({ name, values }) => ({ name, values: fold(values, last) })),
  }
}

/** Returns where each group begins, with the end of the last, and the label of each. */
function groupsOf({ times }: Bars, width: number, anchor: Anchor): { starts: number[]; labels: number[] } {
  const starts: number[] = []
  const labels: number[] = []
  let before = NaN
  const origin = width % (7 * DAY) === 0 ? 4 * DAY : 0 // weeks begin on Mondays; 1970-01-01 was a Thursday
  for (let i = 0; i < times.length; i++) {
    const place = (times[i] - origin) / width
    const number = anchor === 'end' ? Math.ceil(place) : Math.floor(place)
    if (number !== before) {
      starts.push(i)
      labels.push(number * width)
    }
    // The end of a day of days is a midnight, which reads as the day after: the last bar says it better.
    if (width >= DAY) labels[labels.length - 1] = times[i]
    before = number
  }
  return { starts: [...starts, times.length], labels }
}
