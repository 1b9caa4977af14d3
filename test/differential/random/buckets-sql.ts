import type { Pass } from './configs.js'
import type { DataSettings } from './settings.js'

const DAY_NS = 86_400_000_000_000n

/** SQL of a row's label and of the first and last instant of its bucket, in ns, over columns `t` and `day`. */
export interface BucketSql {
  label: string
  from: string
  to: string
  seconds: number
}

/** Writes the buckets of a pass by semantics 2.1 to 2.5. */
export function bucketSql(pass: Pass, { dates }: DataSettings): BucketSql {
  const { timeline_mode: mode, time_bucket_anchor: anchor, time_bucket_closed: closed } = pass
  const midnight = '(epoch_ns(day::TIMESTAMP))'
  if (mode === 'sparse_original') return { label: 't', from: 't', to: 't', seconds: Number.NaN }
  const end = `(${midnight} + ${DAY_NS})`
  if (mode === 'daily_analytics') {
    return { label: anchor === 'end' ? `${end} - 1` : midnight, from: midnight, to: end, seconds: 86_400 }
  }
  const n = BigInt(Math.round(pass.time_bucket_seconds * 1e9))
  const { time_bucket_origin: wall = '00:00:00', time_zone: zone = 'UTC' } = pass
  const origins = dates.map(day => `WHEN '${day}' THEN ${originOf(day, wall, zone)}`)
  const o = `(CASE day ${origins.join(' ')} END)`
  // The remainder of SQL has the sign of t - O: floor needs one that is never negative.
  const f = `(t - ((t - ${o}) % ${n} + ${n}) % ${n})`
  const labels = {
    'end right': `(CASE WHEN t = ${f} THEN ${f} ELSE ${f} + ${n} END)`,
    'end left': `(${f} + ${n})`,
    'start left': f,
    'start right': `(CASE WHEN t = ${f} THEN ${f} - ${n} ELSE ${f} END)`,
  }
  const label = labels[`${anchor} ${closed}`]
  const [from, to] = anchor === 'end' ? [`(${label} - ${n})`, label] : [label, `(${label} + ${n})`]
  return { label, from, to, seconds: Number(n) / 1e9 }
}

/** The UTC instant of a wall time, in ns: the first one of a repeated time, moved by the gap when it is skipped. */
export function originOf(day: string, wall: string, zone: string): bigint {
  const naive = Date.parse(`${day}T00:00:00Z`) + millisOf(wall)
  const offsets = [-1, 1].map(days => offsetAt(naive + days * 86_400_000, zone))
  const instants = offsets.map(offset => naive - offset)
  const real = instants.filter((instant, i) => offsetAt(instant, zone) === offsets[i])
  return BigInt(real.length > 0 ? Math.min(...real) : instants[0]) * 1_000_000n
}

function millisOf(wall: string): number {
  const [hours, minutes, seconds] = wall.split(':').map(Number)
  return hours * 3_600_000 + minutes * 60_000 + Math.round(seconds * 1000)
}

/** How far the clocks of a zone are ahead of UTC, in ms. */
function offsetAt(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const local = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`)
  return local - Math.floor(instant / 1000) * 1000
}
