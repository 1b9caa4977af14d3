import type { BucketRule } from './time.js'

/** An interval of time, ns after the midnight of its date. */
export interface Interval {
  from: number
  to: number
}

/**
 * Returns the labels of the buckets that overlap an interval with positive length, as sessions: first and last label of
 * each run of neighbours, in turn (semantics 2.6). `origin` is where buckets count from, ns after the date's midnight.
 */
export function overlappingLabels(intervals: readonly Interval[], origin: number, rule: BucketRule): Float64Array {
  const { width } = rule
  return sessionsOf(
    intervals.map(({ from, to }) => ({
      first: Math.floor((from - origin) / width),
      last: Math.ceil((to - origin) / width) - 1,
    })),
    origin,
    rule,
  )
}

/** Returns the labels of the buckets that lie inside an interval, as `overlappingLabels` does. */
export function insideLabels({ from, to }: Interval, origin: number, rule: BucketRule): Float64Array {
  const { width } = rule
  const run = { first: Math.ceil((from - origin) / width), last: Math.floor((to - origin) / width) - 1 }
  return sessionsOf([run], origin, rule)
}

/** Joins runs of bucket numbers that meet and returns their labels. */
function sessionsOf(runs: { first: number; last: number }[], origin: number, rule: BucketRule): Float64Array {
  const joined: { first: number; last: number }[] = []
  for (const { first, last } of runs.filter(run => run.last >= run.first).sort((a, b) => a.first - b.first)) {
    const before = joined[joined.length - 1]
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last)
    else joined.push({ first, last })
  }
  const { width, anchor } = rule
  const labelOf = (bucket: number) => origin + (anchor === 'end' ? bucket + 1 : bucket) * width
  return Float64Array.from(joined.flatMap(({ first, last }) => [labelOf(first), labelOf(last)]))
}
