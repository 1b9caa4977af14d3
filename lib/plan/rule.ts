import type { PassConfig } from '../../configs/index.js'
import { type BucketRule, wallTime, widthFromSeconds } from '../core/index.js'

/** Returns how a pass labels event times. */
export function ruleOf(pass: PassConfig): BucketRule {
  return {
    mode: pass.timeline_mode as BucketRule['mode'],
    width: widthFromSeconds(pass.time_bucket_seconds),
    anchor: pass.time_bucket_anchor,
    closed: pass.time_bucket_closed,
    origin: pass.time_bucket_origin ? (wallTime(pass.time_bucket_origin) as number) : null,
    zone: pass.time_zone,
  }
}
