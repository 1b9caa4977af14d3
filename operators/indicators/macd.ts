import { ema } from './exponential.js'
import { indicator } from './indicator.js'
import { average, averageLookback } from './moving-average.js'
import { maType, rows } from './option.js'

const group = 'Momentum Indicators'
const outputs = ['outMACD', 'outMACDSignal', 'outMACDHist']
const SOURCE = 'Source: Appel, The Moving Average Convergence-Divergence Trading Method (1985)'
const fastperiod = rows('fastperiod', 12, 2, 'period of the fast average')
const slowperiod = rows('slowperiod', 26, 2, 'period of the slow average')
const signalperiod = rows('signalperiod', 9, 1, 'period of the average of the difference')

/** Writes what the difference is above its signal. */
function histogram([difference, signal, out]: readonly Float64Array[], start: number): void {
  for (let i = start; i < out.length; i++) out[i] = difference[i] - signal[i]
}

interface Periods {
  fast: number
  slow: number
  signal: number
}

/** The shorter period is the fast one, whichever option holds it. */
const ordered = ([a, b, signal]: readonly number[]): Periods => ({ fast: Math.min(a, b), slow: Math.max(a, b), signal })

function converge(
  x: Float64Array,
  { fast, slow, signal }: Periods,
  out: readonly Float64Array[],
  weights: readonly (number | undefined)[] = [],
): void {
  const [difference, smoothed] = out
  const slowAverage = new Float64Array(x.length)
  // Both averages have their first value at the same row.
  ema(x, slow - fast, fast, difference, weights[0])
  ema(x, 0, slow, slowAverage, weights[1])
  for (let i = slow - 1; i < x.length; i++) difference[i] -= slowAverage[i]
  ema(difference, slow - 1, signal, smoothed)
  histogram(out, slow - 1 + signal - 1)
}

export const MACD = indicator({
  name: 'MACD',
  group,
  doc: `a fast EMA less a slow one, the EMA of that (signal), and their difference (histogram). ${SOURCE}`,
  inputs: ['real'],
  options: [fastperiod, slowperiod, signalperiod],
  outputs,
  lookback: options => ordered(options).slow - 1 + ordered(options).signal - 1,
  compute: ([x], options, out) => converge(x, ordered(options), out),
})

export const MACDFIX = indicator({
  name: 'MACDFIX',
  group,
  doc: `MACD of 12 and 26 rows with the rounded weights 0.15 and 0.075. ${SOURCE}`,
  inputs: ['real'],
  options: [signalperiod],
  outputs,
  lookback: ([signal]) => 25 + signal - 1,
  compute: ([x], [signal], out) => converge(x, { fast: 12, slow: 26, signal }, out, [0.15, 0.075]),
})

/** Orders the periods of two averages, each with its type, and returns the look-back of the longer-waiting one. */
function pair([periodA, typeA, periodB, typeB]: readonly number[]) {
  const a = { period: periodA, type: typeA }
  const b = { period: periodB, type: typeB }
  const [fast, slow] = periodB < periodA ? [b, a] : [a, b]
  const wait = Math.max(averageLookback(fast.type, fast.period), averageLookback(slow.type, slow.period))
  return { fast, slow, wait }
}

export const MACDEXT = indicator({
  name: 'MACDEXT',
  group,
  doc: `MACD with any type of moving average for each of its three averages. ${SOURCE}`,
  inputs: ['real'],
  options: [
    fastperiod,
    maType('fastmatype', 'the fast average'),
    slowperiod,
    maType('slowmatype', 'the slow average'),
    signalperiod,
    maType('signalmatype', 'the signal'),
  ],
  outputs,
  lookback: options => pair(options).wait + averageLookback(options[5], options[4]),
  compute([x], options, out) {
    const { fast, slow, wait } = pair(options)
    const [difference, signal] = out
    const slowAverage = new Float64Array(x.length)
    average(fast.type, x, wait - averageLookback(fast.type, fast.period), fast.period, difference)
    average(slow.type, x, wait - averageLookback(slow.type, slow.period), slow.period, slowAverage)
    for (let i = wait; i < x.length; i++) difference[i] -= slowAverage[i]
    histogram(out, average(options[5], difference, wait, options[4], signal))
  },
})
