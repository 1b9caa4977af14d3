import { type CarriedBuckets, type Parameters, seriesKernel } from '../../lib/core/index.js'

/**
 * What a bucket's own rows say of a value that stands until the next row: time and value of the first and last row, and
 * between them the area under the value and the time in which it is there.
 */
const PARTS = [
  { name: 'first_time', clock: true },
  { name: 'last_time', clock: true },
  { name: 'last' },
  { name: 'area' },
  { name: 'weight' },
] as const

/** Until when the value of the last row may stand, where that is told. */
const LAST_UNTIL = 'last_until'

type Part = (typeof PARTS)[number]['name'] | typeof LAST_UNTIL

const NS_PER_SECOND = 1e9

/** Returns for how long a value that began to stand at `since` counts between two instants. */
type Standing = (since: number, from: number, to: number) => number

/** A value without a greatest age stands until the next one. */
const UNTIL_NEXT: Standing = (_, from, to) => to - from

function standingOf({ max_age_seconds: age, share }: Parameters): Standing {
  if (typeof age !== 'number') return share === 'stale' ? () => 0 : UNTIL_NEXT
  const limit = Math.round(age * NS_PER_SECOND)
  if (share === 'stale') return (since, from, to) => Math.max(0, to - Math.max(from, since + limit))
  return (since, from, to) => Math.max(0, Math.min(to, since + limit) - from)
}

/**
 * Sums, along the total order, each value times the time until the next row. A loop of its own for what most metrics ask:
 * values without a greatest age that stand until the next row, six times as fast as `between`.
 */
function areaUnder(time: Float64Array, value: Float64Array, first: number, last: number): number {
  let sum = 0
  let since = time[first]
  for (let row = first; row < last; row++) {
    const next = time[row + 1]
    const x = value[row]
    if (x - x === 0) sum += x * (next - since)
    since = next
  }
  return sum
}

/** Sums the time until the next row of rows that have a value. Whole ns add up exactly, in whatever order. */
function timeCovered(time: Float64Array, value: Float64Array, first: number, last: number): number {
  let sum = time[last] - time[first]
  for (let row = first; row < last; row++) if (value[row] - value[row] !== 0) sum -= time[row + 1] - time[row]
  return sum
}

/** Rows of a bucket, from `first` to `last`; where `until` is told, what stands counts up to it, and from `start` on. */
interface BucketRows {
  time: Float64Array
  value: Float64Array
  first: number
  last: number
  until: Float64Array | undefined
  start: number
}

/** Sums, along the total order, the time in which a value stands between two rows, times the value for its area. */
function between({ time, value, first, last, until, start }: BucketRows, stood: Standing, area: boolean): number {
  let sum = 0
  for (let row = first; row < last; row++) {
    const x = value[row]
    if (x - x !== 0) continue // null
    const weight = until
      ? Math.max(0, stood(time[row], Math.max(time[row], start), Math.min(time[row + 1], until[row])))
      : stood(time[row], time[row], time[row + 1])
    sum += area ? x * weight : weight
  }
  return sum
}

/**
 * Writes Σ xw and Σ w of each bucket: what stood at its start stands until its first row, its last row's value until its
 * end (semantics 5.4). The value standing at the start is added first, the last one last.
 */
function weigh(
  { count, start, end, parts }: CarriedBuckets,
  stood: Standing,
  areas: Float64Array,
  weights: Float64Array,
) {
  const [firstTime, lastTime, last, area, weight, lastUntil] = parts
  let value = Number.NaN
  let since = 0 // when the value began to stand
  let until = Number.POSITIVE_INFINITY // up to when it may
  for (let i = 0; i < count; i++) {
    let sum = 0
    let covered = 0
    const stand = (from: number, to: number) => {
      if (Number.isNaN(value)) return
      const weight = Math.max(0, stood(since, from, Math.min(to, until)))
      sum += value * weight
      covered += weight
    }
    const isEmpty = Number.isNaN(firstTime[i])
    stand(start[i], isEmpty ? end[i] : firstTime[i])
    if (!isEmpty) {
      sum += area[i]
      covered += weight[i]
      value = Number.isFinite(last[i]) ? last[i] : Number.NaN
      since = lastTime[i]
      if (lastUntil) until = lastUntil[i]
      stand(Math.max(since, start[i]), end[i])
    }
    areas[i] = sum
    weights[i] = covered
  }
}

/**
 * Averages a value over the time for which it stands inside the bucket, the one standing at its start included; with
 * parameter `share`, tells for which share of the bucket it stands: `covered`, or `stale`, past its greatest age.
 */
export const timeWeighted = seriesKernel({
  name: 'time_weighted',
  doc: 'time-weighted mean of a value that stands until the next row, or the share of the bucket in which it is there; rows in which it is null have no weight',
  inputs: ['value'],
  span: true,
  scope: 'cell',
  carried: {
    parts: PARTS,
    masks: true,
    until: LAST_UNTIL,
    kept: { merge: 'mean', parts: ['total', 'n'], everyBucket: true },
    join(buckets, [out, total = new Float64Array(out.length), n = new Float64Array(out.length)], parameters) {
      const isShare = typeof parameters.share === 'string'
      weigh(buckets, standingOf(parameters), isShare ? n : total, isShare ? total : n)
      for (let i = 0; i < out.length; i++) {
        if (isShare) n[i] = buckets.end[i] - buckets.start[i]
        out[i] = n[i] > 0 ? total[i] / n[i] : Number.NaN
      }
    },
  },
  evaluate({ time, columns: [value, until] }, { count, from, to, start }, out, parameters) {
    const part = parameters.part as Part
    const stood = standingOf(parameters)
    const isPlain = !until && stood === UNTIL_NEXT
    for (let cell = 0; cell < count; cell++) {
      const first = from[cell]
      const last = to[cell] - 1
      if (last < first) out[cell] = Number.NaN
      else if (part === 'first_time') out[cell] = time[first]
      else if (part === 'last_time') out[cell] = time[last]
      else if (part === 'last' || part === LAST_UNTIL) out[cell] = value[last]
      else if (isPlain) out[cell] = (part === 'area' ? areaUnder : timeCovered)(time, value, first, last)
      else out[cell] = between({ time, value, first, last, until, start: start[cell] }, stood, part === 'area')
    }
  },
})
