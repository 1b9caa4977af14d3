import type { Series } from '../../lib/core/index.js'

/** What became of the orders of a listing's day, one entry an insert, in total order. Times are ns after midnight. */
export interface OrderLives {
  count: number
  row: Int32Array // of the insert
  size: Float64Array // inserted; NaN = null
  start: Float64Array
  touched: Float64Array // first execution or removal; NaN without one
  execution: Float64Array // first execution; NaN without one
  cancelled: Float64Array // removal that no execution made, before any execution; NaN without one
  end: Float64Array // first removal, or when all of the inserted size is executed; NaN without one
  executed: Float64Array // size
  /** Time of the last message of the listing's day. */
  last: number
}

/** Every metric of orders asks for the same lives: they are found once a listing's day, which this array stands for. */
const known = new WeakMap<Float64Array, { columns: readonly Float64Array[]; lives: OrderLives }>()

/**
 * Follows orders through the rows of a listing's day, columns insert, removal (1 where the message is one), size,
 * executed size and identity. An order lives from its insert, that message included, to the next insert of the same
 * identity. Rows without identity are no order's.
 */
export function livesOf({ time, columns }: Series): OrderLives {
  const found = known.get(time)
  if (found?.columns.every((column, c) => column === columns[c])) return found.lives
  const lives = follow(time, columns)
  known.set(time, { columns, lives })
  return lives
}

function follow(time: Float64Array, [insert, removal, size, executed, order]: readonly Float64Array[]): OrderLives {
  const n = time.length
  const lives = emptyLives(countInserts(insert, order), n > 0 ? time[n - 1] : Number.NaN)
  const { row, start, touched, execution, cancelled, end } = lives
  const current = new Int32Array(highest(order) + 1).fill(-1) // life by identity
  for (let i = 0, next = 0; i < n; i++) {
    const identity = order[i]
    if (Number.isNaN(identity)) continue
    if (insert[i] === 1) {
      current[identity] = next
      row[next] = i
      start[next] = time[i]
      lives.size[next++] = size[i]
    }
    const life = current[identity]
    if (life < 0) continue
    const executes = executed[i] > 0
    const removes = removal[i] === 1
    if (!executes && !removes) continue
    if (Number.isNaN(touched[life])) touched[life] = time[i]
    if (executes) {
      if (Number.isNaN(execution[life])) execution[life] = time[i]
      lives.executed[life] += executed[i]
    } else if (lives.executed[life] === 0 && Number.isNaN(cancelled[life])) cancelled[life] = time[i]
    const done = removes || lives.executed[life] >= lives.size[life]
    if (done && Number.isNaN(end[life])) end[life] = time[i]
  }
  return lives
}

function emptyLives(count: number, last: number): OrderLives {
  const unknown = () => new Float64Array(count).fill(Number.NaN)
  return {
    count,
    last,
    row: new Int32Array(count),
    size: unknown(),
    start: unknown(),
    touched: unknown(),
    execution: unknown(),
    cancelled: unknown(),
    end: unknown(),
    executed: new Float64Array(count),
  }
}

function countInserts(insert: Float64Array, order: Float64Array): number {
  let count = 0
  for (let i = 0; i < insert.length; i++) if (insert[i] === 1 && !Number.isNaN(order[i])) count++
  return count
}

function highest(order: Float64Array): number {
  let most = -1
  for (let i = 0; i < order.length; i++) if (order[i] > most) most = order[i]
  return most
}
