import { setTimeout as sleep } from 'node:timers/promises'
import { BasaltError, codeOf, faultOf, type Where } from '../core/index.js'
import { type EncodeGroup, isTransient, type RetryPolicy, waitBefore } from '../io/index.js'
import type { Executor } from './executor.js'

/** Code of the fault of a task whose thread ended under it, or stood still. */
export const THREAD_LOST = 'ERR_THREAD_LOST'

/** Code of the fault of a task whose thread ended while it was at another one. */
export const THREAD_SHARED = 'ERR_THREAD_SHARED'

/** Code of the fault of a task for which no thread can be had. */
export const NO_THREAD = 'ERR_NO_THREAD'

/** How often a task is done whose thread ends: what takes three threads along would take any. */
const THREADS_GIVEN = 3

/** A stretch is folded again, or a row group of the output is encoded again. */
export interface Retry {
  /** The row group that the stretch begins with, of the input; or that of the output. */
  place: Where
  error: BasaltError
  seconds: number // until then
}

/**
 * Makes an executor that folds a stretch again when it failed for a reason that may pass, or its thread ended. What row
 * groups had left by then is not handed out twice: it is the same the second time. What no thread encodes is encoded by
 * this one.
 */
export function persistent(
  executor: Executor,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  onRetry: (retry: Retry) => void,
): Executor {
  const persist = async <T>(place: Where, attempt: () => Promise<T>): Promise<T> => {
    for (let retry = 0; ; retry++) {
      try {
        return await attempt()
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
        onRetry({ place, error: fault, seconds })
        await sleep(seconds * 1000, undefined, { signal })
      }
    }
  }
  const encodeOn = (encode: EncodeGroup): EncodeGroup => {
    return async (columns, data, rows, options, place = {}) => {
      try {
        return await persist(place, () => encode(columns, data, rows, options, place))
      } catch (error) {
        const code = codeOf(error)
        if ((code !== THREAD_LOST && code !== NO_THREAD) || signal?.aborted) throw error
        onRetry({ place, error: faultOf(error), seconds: 0 })
        const { encodeRowGroup } = await import('../io/parquet/write/group.js')
        return encodeRowGroup(columns, data, rows, options)
      }
    }
  }
  return {
    credits: executor.credits,
    ...(executor.encode && { encode: encodeOn(executor.encode.bind(executor)) }),
    collect: () => executor.collect?.(),
    close: () => executor.close(),
    shred: order => persist({ file: order.file.relative, rowGroup: order.rowGroups[0] }, () => executor.shred(order)),
    fold(stretch, onPartial) {
      let handedOut = 0
      const place = { file: stretch.file.relative, rowGroup: stretch.parts[0].rowGroup }
      return persist(place, () => {
        let seen = 0
        return executor.fold(stretch, partial => {
          if (seen++ < handedOut) return
          handedOut++
          onPartial(partial)
        })
      })
    },
  }
}

const givenUp = ({ fault, problem, where, cause }: BasaltError, tries: number): BasaltError =>
  new BasaltError(fault, `${problem} (given up after ${tries} tries)`, where, cause)
