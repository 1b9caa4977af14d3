import { type BucketRule, dayOfStamp, labelOf, NS_PER_DAY, originOffset } from '../../lib/core/index.js'

/** How labels of a source become labels of wider buckets. */
export interface Resampling {
  source: BucketRule
  target: BucketRule
}

const DAY = BigInt(NS_PER_DAY)
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
  let day = Number.NaN
  let midnight = 0n
  let origin = 0
  let known = Number.NaN // offset of the row before
  let label = 0n
  for (let i = 0; i < labels.length; i++) {
    const own = days ? days[i] : dayOfStamp(source.anchor === 'end' ? labels[i] - 1n : labels[i])
    if (own !== day) {
      day = own
      midnight = BigInt(day) * DAY
      origin = target.width > NS_PER_DAY ? (MONDAY - day) * NS_PER_DAY : originOffset(source, day)
      known = Number.NaN
    }
    const offset = offsetOf(labels[i], midnight, source)
    if (offset !== known) {
      known = offset
      label = midnight + BigInt(wider(offset, origin, source, target))
    }
    out[i] = label
  }
  return out
}

/** Returns the labels of rows of one date (days since the epoch) in wider buckets; the same ones where they stay. */
export function resampledOn(labels: BigInt64Array, day: number, resampling: Resampling | null): BigInt64Array {
  return resampling ? resampled(labels, new Int32Array(labels.length).fill(day), resampling) : labels
}

/** Returns a label in ns after its date's midnight. A daily label stands for the whole of its date. */
function offsetOf(label: bigint, midnight: bigint, { mode, anchor }: BucketRule): number {
  if (mode === 'daily_analytics') return anchor === 'end' ? NS_PER_DAY : 0
  return Number(label - midnight)
}

function wider(offset: number, origin: number, source: BucketRule, target: BucketRule): number {
  if (source.mode === 'sparse_original') return labelOf(offset, origin, target)
  const { width } = target
  // fmod of integers below 2^53 is exact; a date's origin is at most weeks away.
  const rest = (((offset - origin) % width) + width) % width
  const end = source.anchor === 'end' ? offset + (rest === 0 ? 0 : width - rest) : offset - rest + width
  return target.anchor === 'end' ? end : end - width
}
