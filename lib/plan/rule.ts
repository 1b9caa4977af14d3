import { type AnalyticsConfig, type PassConfig, wallTimeOrMidnight } from '../../configs/index.js'
import { type BucketRule, type WallInterval, wallTime, widthFromSeconds } from '../core/index.js'

/** Returns the settings of the grid of a pass; null where it lays none. */
export const denseSettings = ({ timeline_mode: mode, dense_analytics: dense }: PassConfig) =>
  mode === 'dense' && dense ? dense : null

/** Reads wall times of a day. */
export const wallIntervalOf = ([start, end]: readonly [string, string]): WallInterval => [
  wallTime(start) as number,
  wallTimeOrMidnight(end) as number,
]

/** Returns where the last market state of a day ends, on the clock of `zone`; null: with the date. */
export const sessionEndOf = ({ DATA }: AnalyticsConfig, zone: string): { time: number; zone: string } | null =>
  DATA.session_end === null ? null : { time: wallTime(DATA.session_end) as number, zone }

/** Returns how a pass labels event times. Buckets of a uniform grid count from its start (semantics 2.6). */
export function ruleOf(pass: PassConfig): BucketRule {
  const dense = denseSettings(pass)
  const start = dense?.mode === 'uniform' ? dense.time_interval?.[0] : undefined
  const origin = start ?? pass.time_bucket_origin
  return {
    mode: dense ? 'sparse_digitised' : (pass.timeline_mode as BucketRule['mode']),
    width: widthFromSeconds(pass.time_bucket_seconds),
    anchor: pass.time_bucket_anchor,
    closed: pass.time_bucket_closed,
    origin: origin ? (wallTime(origin) as number) : null,
    zone: pass.time_zone,
  }
}
