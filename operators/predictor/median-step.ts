import { type Column, halves, NS_PER_SECOND } from '../../lib/core/index.js'

const SECONDS_PER_DAY = 86_400

/** Returns the median number of seconds between consecutive rows, of times or dates; NaN below two rows. */
export function medianStep({ values }: Column, rows: Int32Array): number {
  const steps = new Float64Array(Math.max(0, rows.length - 1))
  if (values instanceof BigInt64Array) {
    // High and low halves: differences of them are exact doubles and make no BigInt.
    const words = halves(values)
    for (let k = 0; k < steps.length; k++) {
      const [a, b] = [2 * rows[k], 2 * rows[k + 1]]
      const ns = (words[b + 1] - words[a + 1]) * 2 ** 32 + ((words[b] >>> 0) - (words[a] >>> 0))
      steps[k] = ns / NS_PER_SECOND
    }
  } else {
    for (let k = 0; k < steps.length; k++) {
      steps[k] = (Number(values[rows[k + 1]]) - Number(values[rows[k]])) * SECONDS_PER_DAY
    }
  }
  steps.sort()
  const middle = steps.length >> 1
  if (steps.length === 0) return NaN
  return steps.length % 2 === 1 ? steps[middle] : (steps[middle - 1] + steps[middle]) / 2
}
