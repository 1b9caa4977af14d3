import type { Parameters } from './kernel.js'
import { type BucketRule, labelOf, MS_PER_DAY, originOffset } from './time.js'

/** Writes the buckets of a pass as parameters of a kernel; `bucketLabels` reads them. */
export const bucketParameters = ({ width, anchor, closed, origin, zone }: BucketRule): Parameters => ({
  width,
  anchor,
  closed,
  origin,
  zone,
})

/**
 * Returns a function that labels times of a date by the buckets that parameters say (semantics 2.2), all in ns after the
 * date's UTC midnight, which is given in ns since the Unix epoch.
 */
export function bucketLabels(parameters: Parameters, midnight: bigint): (time: number) => number {
  const { width, anchor, closed, origin, zone } = parameters as unknown as BucketRule
  const rule: BucketRule = { mode: 'sparse_digitised', width, anchor, closed, origin, zone }
  const from = originOffset(rule, Number(midnight / 1_000_000n) / MS_PER_DAY)
  return time => labelOf(time, from, rule)
}
