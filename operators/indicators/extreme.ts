import { indicator } from './indicator.js'
import { timeperiod } from './option.js'

/** Which of equal extremes a row names. */
export type Tie =
  /** The newest one. */
  | 'newest'
  /** The newest while the row named last is in the window; the oldest when it has left: as TA-Lib's searches do. */
  | 'searched'

/**
 * Writes the row of the highest of the last `period` values, from row `period - 1`; of the lowest with `sign` -1.
 * One pass, with a queue of rows that may still become the highest. Source: Lemire, Nordic Journal of Computing 13 (2006).
 */
export function extremeRows(x: Float64Array, period: number, sign: 1 | -1, out: Int32Array, tie: Tie): void {
  const queue = new Int32Array(x.length)
  let head = 0
  let tail = 0
  let named = -1
  for (let i = 0; i < x.length; i++) {
    const value = sign * x[i]
    if (head < tail && queue[head] <= i - period) head++
    // Equal values stay queued, the oldest first.
    while (head < tail && sign * x[queue[tail - 1]] < value) tail--
    queue[tail++] = i
    if (i < period - 1) continue
    if (named <= i - period) named = tie === 'newest' ? newestEqual(x, queue, head, tail) : queue[head]
    else if (value >= sign * x[named]) named = i
    out[i] = named
  }
}

/** Returns the last row at the head of a queue that holds the value of the first. */
function newestEqual(x: Float64Array, queue: Int32Array, head: number, tail: number): number {
  let at = head
  while (at + 1 < tail && x[queue[at + 1]] === x[queue[head]]) at++
  return queue[at]
}

/** Writes the highest of the last `period` values, from row `period - 1`; the lowest with `sign` -1. */
export function extremes(x: Float64Array, period: number, sign: 1 | -1, out: Float64Array): void {
  const at = new Int32Array(x.length)
  extremeRows(x, period, sign, at, 'searched')
  for (let i = period - 1; i < x.length; i++) out[i] = x[at[i]]
}

function writeRows(x: Float64Array, period: number, sign: 1 | -1, out: Float64Array): void {
  const at = new Int32Array(x.length)
  extremeRows(x, period, sign, at, 'searched')
  out.set(at)
}

type Write = (x: Float64Array, period: number, out: readonly Float64Array[]) => void

function ofWindow(name: string, doc: string, outputs: readonly string[], write: Write) {
  return indicator({
    name,
    group: 'Math Operators',
    doc,
    inputs: ['real'],
    options: [timeperiod(30, 2)],
    outputs,
    lookback: ([period]) => period - 1,
    compute: ([x], [period], out) => write(x, period, out),
  })
}

const COUNTED = 'counted from 0 at the first row of the series'

export const MAX = ofWindow('MAX', 'highest of the last rows', ['outReal'], (x, period, [out]) =>
  extremes(x, period, 1, out),
)
export const MIN = ofWindow('MIN', 'lowest of the last rows', ['outReal'], (x, period, [out]) =>
  extremes(x, period, -1, out),
)
export const MINMAX = ofWindow(
  'MINMAX',
  'lowest and highest of the last rows',
  ['outMin', 'outMax'],
  (x, period, out) => {
    extremes(x, period, -1, out[0])
    extremes(x, period, 1, out[1])
  },
)
export const MAXINDEX = ofWindow(
  'MAXINDEX',
  `row of the highest of the last rows, ${COUNTED}`,
  ['outInteger'],
  (x, period, [out]) => writeRows(x, period, 1, out),
)
export const MININDEX = ofWindow(
  'MININDEX',
  `row of the lowest of the last rows, ${COUNTED}`,
  ['outInteger'],
  (x, period, [out]) => writeRows(x, period, -1, out),
)
export const MINMAXINDEX = ofWindow(
  'MINMAXINDEX',
  `rows of the lowest and of the highest of the last rows, ${COUNTED}`,
  ['outMinIdx', 'outMaxIdx'],
  (x, period, out) => {
    writeRows(x, period, -1, out[0])
    writeRows(x, period, 1, out[1])
  },
)

function middle(name: string, doc: string, inputs: readonly ['real'] | readonly ['high', 'low']) {
  return indicator({
    name,
    group: 'Overlap Studies',
    doc,
    inputs,
    options: [timeperiod(14, 2)],
    outputs: ['outReal'],
    lookback: ([period]) => period - 1,
    compute(series, [period], [out]) {
      const lowest = new Float64Array(out.length)
      extremes(series[0], period, 1, out)
      extremes(series[series.length - 1], period, -1, lowest)
      for (let i = period - 1; i < out.length; i++) out[i] = (out[i] + lowest[i]) / 2
    },
  })
}

export const MIDPOINT = middle('MIDPOINT', 'middle between the highest and the lowest of the last rows', ['real'])
export const MIDPRICE = middle('MIDPRICE', 'middle between the highest high and the lowest low of the last rows', [
  'high',
  'low',
])
