import { type BucketRule, dayOfStamp, halves, labelOf, NS_PER_DAY, originOffset } from '../../lib/core/index.js'
import { DayStamps } from './day-stamps.js'

/** How labels of a source become labels of wider buckets. */
export interface Resampling {
  source: BucketRule
  target: BucketRule
}

const MONDAY = 4 // 1970-01-05: buckets longer than a day count from it

/**
 * Returns the label of the wider bucket that holds the whole interval of each source row (semantics 2.10): the source
 * interval named by an end label L moves to ceil((L - O) / W), that of a start label to floor. `days` are partition
 * dates, null where the source has none. Source rows that are instants are labelled as event times are (2.2).
 */
export function resampled(
  labels: BigInt64Array,
  days: Int32Array | null,
  { source, target }: Resampling,
): BigInt64Array {
  const out = new BigInt64Array(labels.length)
  const [from, into] = [halves(labels), halves(out)]
  const stamps = new DayStamps()
  const daily = source.mode === 'daily_analytics'
  const inDays = target.width > NS_PER_DAY
  let origin = 0
  let known = Number.NaN // offset of the row before
  let label = 0
  for (let i = 0; i < labels.length; i++) {
    const day = days ? days[i] : dayOfStamp(source.anchor === 'end' ? labels[i] - 1n : labels[i])
    if (stamps.turn(day)) {
      origin = inDays ? 0 : originOffset(source, day)
      known = Number.NaN
    }
    // A daily label stands for the whole of its date.
    const offset = daily ? (source.anchor === 'end' ? NS_PER_DAY : 0) : stamps.offset(from, i)
    if (offset !== known) {
      known = offset
      label = inDays ? daysLabel(offset, day, source, target) : wider(offset, origin, source, target)
    }
    stamps.put(into, i, label)
  }
  return out
}

/** Returns the labels of rows of one date (days since the epoch) in wider buckets; the same ones where they stay. */
export function resampledOn(labels: BigInt64Array, day: number, resampling: Resampling | null): BigInt64Array {
  return resampling ? resampled(labels, new Int32Array(labels.length).fill(day), resampling) : labels
}

/** Returns the label of a wider bucket, in ns after midnight as the narrow one's. */
function wider(offset: number, origin: number, source: BucketRule, target: BucketRule): number {
  if (source.mode === 'sparse_original') return labelOf(offset, origin, target)
  const { width } = target
  // Exact for integers below 2^53: a quotient that is no integer is farther from the next one than it is rounded. `%`
  // takes several times as long.
  const past = offset - origin
  const rest = past - Math.floor(past / width) * width
  const end = source.anchor === 'end' ? offset + (rest === 0 ? 0 : width - rest) : offset - rest + width
  return target.anchor === 'end' ? end : end - width
}

/**
 * Returns the label of a bucket of several days, in ns after midnight. They are counted in days: ns since 1970 are beyond
 * what doubles hold, while whole days of them are exact.
 */
function daysLabel(offset: number, day: number, source: BucketRule, target: BucketRule): number {
  // What ends at a midnight is of the day before it: source intervals by their end labels, instants where that is closed.
  const ends = source.mode === 'sparse_original' ? target.closed === 'right' : source.anchor === 'end'
  const inDays = offset / NS_PER_DAY
  const of = day + (ends ? Math.ceil(inDays) - 1 : Math.floor(inDays))
  const days = target.width / NS_PER_DAY
  const first = of - ((((of - MONDAY) % days) + days) % days)
  return (first - day + (target.anchor === 'end' ? days : 0)) * NS_PER_DAY
}
