import type { Indicator, InputName } from '../../../operators/indicators/index.js'
import type { Random } from '../../../operators/simulation/random.js'

/** How bars move. Coarse steps make equal values, and rows without a range; `wild` jumps, over zero too. */
export const KINDS = ['walk', 'coarse', 'still', 'wild', 'cents'] as const
export type Kind = (typeof KINDS)[number]

type Draw = (random: Random) => number

const STEP: Record<Kind, Draw> = {
  walk: random => random.uniform() - 0.5,
  coarse: random => random.below(3) - 1,
  still: () => 0,
  wild: random => (random.below(10) === 0 ? (random.uniform() - 0.5) * 400 : 0),
  cents: random => Math.round((random.uniform() - 0.5) * 20) / 1e4,
}

const START: Record<Kind, number> = { walk: 100, coarse: 20, still: 50.25, wild: 10, cents: 0.5 }

/** Draws bars and more, as series by the name of an input. */
export function drawSeries(random: Random, rows: number, kind: Kind): Record<InputName, Float64Array> {
  const made = {} as Record<InputName, Float64Array>
  for (const name of ['open', 'high', 'low', 'close', 'volume', 'periods', 'real1'] as const) {
    made[name] = new Float64Array(rows)
  }
  let close = START[kind]
  for (let i = 0; i < rows; i++) {
    const open = close
    close += STEP[kind](random)
    made.open[i] = open
    made.close[i] = close
    made.high[i] = Math.max(open, close) + Math.abs(STEP[kind](random))
    made.low[i] = Math.min(open, close) - Math.abs(STEP[kind](random))
    made.volume[i] = kind === 'still' ? 0 : Math.max(0, random.below(1000) - 100)
    made.periods[i] = random.below(50)
    made.real1[i] = random.below(3) === 0 ? close : STEP[kind](random)
  }
  return { ...made, real: made.close }
}

/** Draws options: every third time the defaults, else short periods, any type of average, numbers of two digits. */
export function drawOptions(random: Random, { name, options }: Indicator): number[] {
  const standard = random.below(3) === 0
  const drawn = options.map(option => {
    if (standard) return option.default
    if (option.type === 'ma') return random.below(option.max + 1)
    if (option.type === 'integer') return option.min + random.below(random.below(2) === 0 ? 4 : 40)
    const value = (random.below(300) - (option.min < 0 ? 150 : 0)) / 100
    return Math.min(option.max, Math.max(option.min, value))
  })
  // Bounds in the wrong order are refused.
  if (name === 'MAVP') drawn[1] = Math.max(drawn[0], drawn[1])
  return drawn
}

/** Moves values of candles by a tick here and there, and scales them, so that patterns barely hold or barely fail. */
export function shakeCandles(
  random: Random,
  candles: Record<string, readonly number[]>,
): Pick<Record<InputName, Float64Array>, 'open' | 'high' | 'low' | 'close'> {
  const tick = [1, 0.1, 0.01, 0.25][random.below(4)]
  const shaken = (values: readonly number[]) =>
    Float64Array.from(values, value => value + (random.below(12) === 0 ? random.below(3) - 1 : 0))
  const [open, high, low, close] = [candles.open, candles.high, candles.low, candles.close].map(shaken)
  for (let i = 0; i < open.length; i++) {
    const top = Math.max(open[i], high[i], close[i])
    const bottom = Math.min(open[i], low[i], close[i])
    high[i] = top * tick
    low[i] = bottom * tick
    open[i] *= tick
    close[i] *= tick
  }
  return { open, high, low, close }
}
