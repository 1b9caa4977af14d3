import { indicator } from './indicator.js'
import { real } from './option.js'

/** How fast a stop follows: its acceleration starts at `initial`, grows by `step` up to `most`. */
interface Pace {
  initial: number
  step: number
  most: number
}

interface Stop {
  long: Pace
  short: Pace
  /** Positive: begin long with this stop; negative: begin short; 0: as the first two rows say, at their extreme. */
  start: number
  /** What a new stop is moved by, as a fraction of it, when the side changes. */
  offset: number
}

const bounded = (initial: number, step: number, most: number): Pace => ({
  initial: Math.min(initial, most),
  step: Math.min(step, most),
  most,
})

/**
 * Writes the stop of a position that turns whenever its stop is met, from row 1; of a short one times `sign`.
 * The stop never enters the range of the row before or of this one.
 */
function parabolic(
  high: Float64Array,
  low: Float64Array,
  { long, short, start, offset }: Stop,
  sign: 1 | -1,
  out: Float64Array,
): void {
  const rise = high[1] - high[0]
  const fall = low[0] - low[1]
  let isLong = start === 0 ? !(fall > 0 && rise < fall) : start > 0
  let extreme = isLong ? high[1] : low[1]
  let stop = start !== 0 ? Math.abs(start) : isLong ? low[0] : high[0]
  let speed = isLong ? long.initial : short.initial
  for (let i = 1; i < out.length; i++) {
    // The first row has its range before it too.
    const before = i === 1 ? 1 : i - 1
    const met = isLong ? low[i] <= stop : high[i] >= stop
    if (met) {
      isLong = !isLong
      stop = isLong ? Math.min(extreme, low[before], low[i]) : Math.max(extreme, high[before], high[i])
      if (offset !== 0) stop += (isLong ? -stop : stop) * offset
      speed = isLong ? long.initial : short.initial
      extreme = isLong ? high[i] : low[i]
    }
    out[i] = isLong ? stop : sign * stop
    if (!met && (isLong ? high[i] > extreme : low[i] < extreme)) {
      const pace = isLong ? long : short
      extreme = isLong ? high[i] : low[i]
      speed = Math.min(speed + pace.step, pace.most)
    }
    stop += speed * (extreme - stop)
    stop = isLong ? Math.min(stop, low[before], low[i]) : Math.max(stop, high[before], high[i])
  }
}

const group = 'Overlap Studies'
const SOURCE = 'Source: Wilder, New Concepts in Technical Trading Systems (1978)'
const positive = (name: string, standard: number, doc: string) => real(name, standard, doc, 0)

export const SAR = indicator({
  name: 'SAR',
  group,
  doc: `stop that follows the price ever faster and changes side when it is met. ${SOURCE}`,
  inputs: ['high', 'low'],
  options: [
    positive('acceleration', 0.02, 'first speed, and what each new extreme adds to it'),
    positive('maximum', 0.2, 'highest speed'),
  ],
  outputs: ['outReal'],
  lookback: () => 1,
  compute([high, low], [acceleration, most], [out]) {
    const pace = bounded(acceleration, acceleration, most)
    parabolic(high, low, { long: pace, short: pace, start: 0, offset: 0 }, 1, out)
  },
})

export const SAREXT = indicator({
  name: 'SAREXT',
  group,
  doc: `SAR with a given start and speeds by side; negative while short. ${SOURCE}`,
  inputs: ['high', 'low'],
  options: [
    real('startvalue', 0, 'first stop: positive begins long, negative short, 0 as the first two rows say'),
    positive('offsetonreverse', 0, 'fraction by which the stop moves off when the side changes'),
    positive('accelerationinitlong', 0.02, 'first speed while long'),
    positive('accelerationlong', 0.02, 'what each new high adds to it'),
    positive('accelerationmaxlong', 0.2, 'highest speed while long'),
    positive('accelerationinitshort', 0.02, 'first speed while short'),
    positive('accelerationshort', 0.02, 'what each new low adds to it'),
    positive('accelerationmaxshort', 0.2, 'highest speed while short'),
  ],
  outputs: ['outReal'],
  lookback: () => 1,
  compute([high, low], [start, offset, initLong, stepLong, mostLong, initShort, stepShort, mostShort], [out]) {
    const long = bounded(initLong, stepLong, mostLong)
    const short = bounded(initShort, stepShort, mostShort)
    parabolic(high, low, { long, short, start, offset }, -1, out)
  },
})
