import type { AnalyticsConfig } from '../configs/index.js'
import type { RetryPolicy } from './io/index.js'

/** Returns how often a run reads again what failed for a reason that may pass. */
export const retryPolicy = ({ EXECUTION }: AnalyticsConfig): RetryPolicy => ({
  retries: EXECUTION.retries,
  baseSeconds: EXECUTION.retry_base_seconds,
  maxSeconds: EXECUTION.retry_max_seconds,
})
