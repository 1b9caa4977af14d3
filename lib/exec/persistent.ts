import { setTimeout as sleep } from 'node:timers/promises'
import { BasaltError, codeOf, faultOf, type Partial } from '../core/index.js'
import { isTransient, type RetryPolicy, waitBefore } from '../io/index.js'
import type { Executor } from './executor.js'
import type { Stretch } from './stretch.js'

/** Code of the fault of a stretch whose thread ended under it, or stood still. */
export const THREAD_LOST = 'ERR_THREAD_LOST'

/** Code of the fault of a stretch whose thread ended while it was at another one. */
export const THREAD_SHARED = 'ERR_THREAD_SHARED'

/** How often a stretch is folded whose thread ends: what takes three threads along would take any. */
const THREADS_GIVEN = 3

/** A stretch is folded again. */
export interface Retry {
  stretch: Stretch
  error: BasaltError
  seconds: number // until then
}

/**
 * Makes an executor that folds a stretch again when it failed for a reason that may pass, or its thread ended. What row
 * groups had left by then is not handed out twice: it is the same the second time.
 */
export function persistent(
  executor: Executor,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  onRetry: (retry: Retry) => void,
): Executor {
  return {
    credits: executor.credits,
    encode: executor.encode?.bind(executor),
    collect: () => executor.collect?.(),
    close: () => executor.close(),
    async fold(stretch, onPartial) {
      let handedOut = 0
      for (let retry = 0; ; retry++) {
        let seen = 0
        const hand = (partial: Partial) => {
          if (seen++ < handedOut) return
          handedOut++
          onPartial(partial)
        }
        try {
          return await executor.fold(stretch, hand)
        } catch (error) {
          const code = codeOf(error)
          const lost = code === THREAD_LOST
          if (code === THREAD_SHARED) {
            retry-- // it is not to blame, and what is to blame is given up after three threads
            continue
          }
          const most = lost ? THREADS_GIVEN - 1 : isTransient(error) ? policy.retries : 0
          const fault = faultOf(error)
          if (retry >= most || signal?.aborted) throw retry === 0 ? fault : givenUp(fault, retry + 1)
          const seconds = lost ? 0 : waitBefore(retry, policy)
          onRetry({ stretch, error: fault, seconds })
          await sleep(seconds * 1000, undefined, { signal })
        }
      }
    },
  }
}

const givenUp = ({ fault, problem, where, cause }: BasaltError, tries: number): BasaltError =>
  new BasaltError(fault, `${problem} (given up after ${tries} tries)`, where, cause)
