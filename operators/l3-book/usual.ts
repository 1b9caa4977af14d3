import { LOB_ACTION } from '../tables/l3.js'
import { ASK, BID, type Book, ROUNDING } from './book.js'
import type { Departed } from './departed.js'
import { mixed } from './hash.js'
import { ENTRY, type LiveOrders } from './live-orders.js'
import type { Messages } from './messages.js'

// Constants of this file become part of the machine code; imported ones are loaded and checked at each use.
const { execute: EXECUTE, insert: INSERT, remove: REMOVE, update: UPDATE } = LOB_ACTION
const WORDS = ENTRY
const SLACK = ROUNDING

/**
 * Applies messages as nearly all are: about a named order, whole, and with nothing that contradicts those before. One loop
 * over arrays with hardly a call, by which a rebuild takes two thirds of the time that it takes with `Replay` alone. It
 * changes nothing for a message before it has found it to be such; `Replay` does all others, and says what is wrong with them.
 */
export class UsualMessages {
  constructor(
    private readonly messages: Messages,
    private readonly orders: LiveOrders,
    private readonly departed: Departed,
    private readonly book: Book,
    /** See `Rules`. */
    private readonly changes: boolean,
  ) {}

  /** Applies messages from a row on, see `Replay.applyFrom`. Returns the first row not applied. */
  apply(from: number, end: number, untilChange: boolean): number {
    const { messages, orders, departed, book, changes } = this
    const { action, side, size, oldPrice, oldSize, executionSize } = messages
    const { before, after, width, known } = messages.names
    const wide = width - 1 // words of a name after the first; a name of one is both halves
    const numbers = book.numbers.rows
    const { heads, entries, sizes, shift } = orders
    const { prices, levels, present, best, watched, sizes: levelSizes, orders: levelOrders } = book
    const gone = departed.names
    let row = from
    for (; row < end; row++) {
      const at = row << wide
      const low = before[at]
      const high = before[at + wide]
      if (known !== null && known[row] === 0) break
      if (before !== after && (after[at] !== low || after[at + wide] !== high)) break

      const bucket = mixed(low, high) >>> shift
      let previous = 0
      let order = heads[bucket]
      let entry = WORDS * order
      while (order !== 0 && (entries[entry] !== low || entries[entry + 1] !== high)) {
        previous = order
        order = entries[entry + 2]
        entry = WORDS * order
      }

      // What becomes of the order: its level, the size and the number of orders that come to it.
      const what = action[row]
      const own = side[row]
      const half = (own | 0) - 1
      let level = 0
      let more = 0
      let count = 0
      if (what === INSERT) {
        const number = numbers[row]
        more = size[row]
        if (order !== 0 || number === 0 || !(more > 0) || half >>> 1 !== 0 || half + 1 !== own) break
        order = orders.free
        if (order !== 0) orders.free = entries[WORDS * order + 2]
        else if (orders.used < heads.length) order = orders.used++
        else break
        entry = WORDS * order
        level = levels[2 * number + half]
        count = 1
        entries[entry] = low
        entries[entry + 1] = high
        entries[entry + 2] = heads[bucket]
        entries[entry + 3] = level
        sizes[order] = more
        heads[bucket] = order
      } else {
        if (order === 0) break
        level = entries[entry + 3]
        const rests = sizes[order]
        const price = prices[level]
        if (oldPrice[row] < price || oldPrice[row] > price) break
        if (half !== (level & 1) && (own === BID || own === ASK)) break
        let left = 0
        if (what === EXECUTE) {
          const taken = executionSize[row]
          left = rests - taken
          if (!(taken >= 0 && left >= -SLACK * rests)) break // as when the message does not say
          if (left <= SLACK * rests) left = 0
        } else {
          if (Math.abs(oldSize[row] - rests) > SLACK * rests) break // NaN is not
          if (what === UPDATE) {
            const number = numbers[row]
            left = size[row]
            if (changes || !(left > 0) || (number !== 0 && levels[2 * number + (level & 1)] !== level)) break
          } else if (what !== REMOVE) break
        }
        if (left > 0) {
          more = left - rests
          sizes[order] = left
        } else {
          if (levelOrders[level] <= 0 || 2 * departed.length === gone.length) break
          more = -rests
          count = -1
          gone[2 * departed.length] = low
          gone[2 * departed.length + 1] = high
          departed.length++
          if (previous === 0) heads[bucket] = entries[entry + 2]
          else entries[WORDS * previous + 2] = entries[entry + 2]
          entries[entry + 2] = orders.free
          entries[entry + 3] = -1
          orders.free = order
        }
      }

      const rank = level >> 1
      const place = level & 1
      const word = ((rank >> 5) << 1) | place
      const rest = levelOrders[level] + count
      const sum = levelSizes[level] + more
      levelOrders[level] = rest
      if (count >= 0) {
        levelSizes[level] = sum
        present[word] |= 1 << rank
        if (rank > best[place]) best[place] = rank
      } else if (rest > 0) levelSizes[level] = Math.max(sum, 0)
      else {
        levelSizes[level] = 0
        present[word] &= ~(1 << rank)
        if (rank === best[place]) best[place] = book.below(place, rank)
      }
      if (rank >= watched[place]) book.changed |= 1 << place
      if (untilChange && book.changed !== 0) return row + 1
    }
    return row
  }
}
