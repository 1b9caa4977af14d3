import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../core/error.js'

/** How often something that failed for a reason that may pass is tried again, and how long that waits. */
export interface RetryPolicy {
  retries: number
  /** Before the first retry; each wait is twice the one before. */
  baseSeconds: number
  maxSeconds: number
}

/** Codes of the system for what may be otherwise a moment later: a device, a network file system, a limit that is shared. */
const TRANSIENT = new Set([
  'EAGAIN',
  'EBUSY',
  'ECONNABORTED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINTR',
  'EIO',
  'EMFILE',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'EREMOTEIO',
  'ESTALE',
  'ETIMEDOUT',
])

/** Tells whether a failure may pass by itself. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && TRANSIENT.has(code)
}

/** Returns how long to wait before a retry, the first being 0: some of it is chance, so that many do not come at once. */
export function waitBefore(retry: number, { baseSeconds, maxSeconds }: RetryPolicy): number {
  return Math.min(maxSeconds, baseSeconds * 2 ** retry) * (0.5 + Math.random() / 2)
}

/** Does something, again when it fails for a reason that may pass. */
export async function retried<T>(
  action: () => Promise<T>,
  policy: RetryPolicy,
  onRetry?: (error: unknown, seconds: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await action()
    } catch (error) {
      if (retry >= policy.retries || !isTransient(error)) throw error
      const seconds = waitBefore(retry, policy)
      onRetry?.(error, seconds)
      await sleep(seconds * 1000, undefined, { signal })
    }
  }
}
