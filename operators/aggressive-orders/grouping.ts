import type { Spans } from '../bars/spans.js'

/** Executions of a listing's day in total order. */
export interface Executions {
  length: number
  time: Float64Array // ns after midnight
  side: Float64Array // 1, 2, or 0 for unknown
  /** 1: goes on an event that the execution before is of; null where the source does not tell. */
  goesOn: Uint8Array | null
}

/**
 * Returns the executions of each aggressive order: such as follow one another on one side, each at most `gap` ns behind the
 * one before or of the same event (semantics 5.10).
 */
export function ordersOf({ length, time, side, goesOn }: Executions, gap: number): Spans {
  const first = new Int32Array(length)
  let orders = 0
  for (let i = 0; i < length; i++) {
    const joins = i > 0 && side[i] === side[i - 1] && (time[i] - time[i - 1] <= gap || goesOn?.[i] === 1)
    if (!joins) first[orders++] = i
  }
  const last = new Int32Array(orders).fill(length - 1)
  for (let order = 1; order < orders; order++) last[order - 1] = first[order] - 1
  return { first: first.subarray(0, orders), last }
}

/** Rows of a day, of which those without a size only say that an event ended. */
export interface Messages {
  size: Float64Array
  /** 1 where the row is said not to be the last of its event, else 0. */
  unfinished: Float64Array | null
  /** Number of the event; the rows then are executions alone. */
  event: Float64Array | null
}

/** Lists the executions among the rows, and tells which of them go on the event of the one before. */
export function executionsAmong({ size, unfinished, event }: Messages): {
  index: Int32Array
  goesOn: Uint8Array | null
} {
  const index = new Int32Array(size.length)
  const goesOn = unfinished && new Uint8Array(size.length)
  let count = 0
  for (let row = 0; row < size.length; row++) {
    if (!(size[row] > 0)) continue
    if (goesOn && unfinished && row > 0 && unfinished[row - 1] === 1)
      goesOn[count] = event === null || event[row] === event[row - 1] ? 1 : 0
    index[count++] = row
  }
  return { index: index.subarray(0, count), goesOn: goesOn?.subarray(0, count) ?? null }
}
