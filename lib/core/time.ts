import { BasaltError } from './error.js'

export const NS_PER_SECOND = 1_000_000_000
export const NS_PER_DAY = 86_400 * NS_PER_SECOND
export const MS_PER_DAY = 86_400_000

/**
 * Reads a width in seconds exactly from its shortest decimal text and returns nanoseconds (0.1 → 100 000 000).
 * More than nine decimals, zero, negative or non-finite widths throw a config fault.
 */
export function widthFromSeconds(seconds: number): number {
  if (!Number.isFinite(seconds) || seconds <= 0) throw new BasaltError('config', `${seconds} s is no bucket width`)
  const [mantissa, exponentText = '0'] = String(seconds).split('e')
  const [whole, fraction = ''] = mantissa.split('.')
  const exponent = Number(exponentText) + 9 - fraction.length
  const digits = BigInt(whole + fraction)
  if (exponent < 0) {
    const divisor = 10n ** BigInt(-exponent)
    if (digits < divisor) throw new BasaltError('config', `${seconds} s is below 1 ns`)
    if (digits % divisor !== 0n) throw new BasaltError('config', `${seconds} s has more than 9 decimals`)
    return Number(digits / divisor)
  }
  return Number(digits * 10n ** BigInt(exponent))
}

/** Returns days since the Unix epoch of `YYYY-MM-DD`, or undefined when the text is no calendar date. */
export function dayOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return undefined
  return ms / MS_PER_DAY
}

/** Formats days since the Unix epoch as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10)
}

/** Returns the UTC date of a ns stamp, in days since the epoch. */
export function dayOfStamp(ns: bigint): number {
  const day = 86_400_000_000_000n
  return Number((ns - (((ns % day) + day) % day)) / day)
}

/** Tells whether a day (since the epoch) is a Saturday or Sunday. 1970-01-01 was a Thursday. */
export function isWeekend(day: number): boolean {
  return ((((day + 4) % 7) + 7) % 7) % 6 === 0
}

/** Formats a ns stamp as RFC 3339 UTC with nine fractional digits. */
export function stampText(ns: bigint): string {
  const second = ns >= 0n ? ns / 1_000_000_000n : -((-ns + 999_999_999n) / 1_000_000_000n)
  const fraction = ns - second * 1_000_000_000n
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, '0')}Z`
}

/** Tells whether `name` is an IANA time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Returns the offset from UTC, in ms, that `zone` shows at a UTC instant (ms). */
function offsetAt(utcMs: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(utcMs)) part[type] = Number(value)
  const shown = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
  return shown - Math.floor(utcMs / 1000) * 1000
}

/**
 * Returns the UTC instant (ms) of a wall time in a zone. A wall time skipped by daylight saving moves forward by the
 * gap; a repeated one means its first occurrence (semantics 2.3).
 */
export function wallToUtc(wallMs: number, zone: string): number {
  if (zone === 'UTC') return wallMs
  const before = offsetAt(wallMs - MS_PER_DAY, zone)
  const after = offsetAt(wallMs + MS_PER_DAY, zone)
  // The larger offset gives the earlier instant: the first of two occurrences.
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    if (offsetAt(wallMs - offset, zone) === offset) return wallMs - offset
  }
  // No instant shows this wall time: the offset before the jump carries it forward by the gap.
  return wallMs - before
}

/** Reads `HH:MM[:SS[.fraction]]` as ns after midnight, or undefined when it is no wall time. */
export function wallTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (!match) return undefined
  const [, hours, minutes, seconds = '0', fraction = ''] = match
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return whole * NS_PER_SECOND + Number(fraction.padEnd(9, '0'))
}

/** How event times become bucket labels. All widths in ns. */
export interface BucketRule {
  mode: 'sparse_digitised' | 'sparse_original' | 'daily_analytics'
  width: number // ns
  anchor: 'end' | 'start'
  closed: 'right' | 'left'
  origin: number | null // ns after local midnight; null: UTC midnight
  zone: string // IANA, of origin
}

/** Returns the bucket origin of a partition date as ns after that date's UTC midnight (may be negative). */
export function originOffset(rule: Pick<BucketRule, 'origin' | 'zone'>, day: number): number {
  if (rule.origin === null) return 0
  const wholeMs = Math.floor(rule.origin / 1e6)
  const midnight = day * MS_PER_DAY
  return (wallToUtc(midnight + wholeMs, rule.zone) - midnight) * 1e6 + (rule.origin - wholeMs * 1e6)
}

/**
 * Returns the label of an event (semantics 2.2), all in ns after the date's UTC midnight.
 * Doubles are exact here: |offset| < 2^53 ns is checked where times are read.
 */
export function labelOf(offset: number, origin: number, rule: BucketRule): number {
  if (rule.mode === 'sparse_original') return offset
  if (rule.mode === 'daily_analytics') return rule.anchor === 'end' ? NS_PER_DAY - 1 : 0
  const { width } = rule
  const delta = offset - origin
  let remainder = delta % width // exact: fmod of two integers below 2^53
  if (remainder < 0) remainder += width
  const floor = offset - remainder
  const edge = remainder === 0
  if (rule.anchor === 'end') return edge && rule.closed === 'right' ? floor : floor + width
  return edge && rule.closed === 'right' ? floor - width : floor
}

/** Returns the start of the interval that a label names, in the label's own unit (ns). The end is start + width. */
export function intervalStart(label: number, rule: BucketRule): number {
  if (rule.mode === 'daily_analytics') return 0
  if (rule.mode === 'sparse_original') return label
  return rule.anchor === 'end' ? label - rule.width : label
}
