import { LOB_ACTION } from '../tables/l3.js'
import { ASK, BID, Book, ROUNDING } from './book.js'
import { Departed } from './departed.js'
import { HIDDEN } from './impossible.js'
import { LevelMessages } from './level-messages.js'
import { LiveOrders } from './live-orders.js'
import type { Messages } from './messages.js'
import type { Rules } from './rules.js'
import { UsualMessages } from './usual.js'

// One replay follows another, each in the tables of the one before: new ones cost 6 µs and more a day, as much as 40 messages,
// and many listings have but a few hundred.
const BOOK = new Book()
const ORDERS = new LiveOrders()
const DEPARTED = new Departed()

/**
 * Rebuilds a book from order messages (semantics 5.8): `apply` takes them one by one, in total order. Orders that have a
 * name are kept, so that a message may leave out what is known of them, and one that contradicts it is found. Messages
 * without one change levels by what they say themselves. A replay ends where another begins.
 */
export class Replay {
  readonly book = BOOK
  private readonly orders = ORDERS
  private readonly departed = DEPARTED
  private readonly levels: LevelMessages
  private readonly usual: UsualMessages
  private readonly renames: boolean

  constructor(
    private readonly messages: Messages,
    private readonly rules: Rules,
  ) {
    const { names, price } = messages
    this.orders.clear()
    this.departed.clear()
    this.book.begin(price, names.any)
    this.levels = new LevelMessages(messages, this.book, rules)
    this.usual = new UsualMessages(messages, this.orders, this.departed, this.book, rules.changes)
    this.renames = names.before !== names.after
  }

  /**
   * Applies messages from a row on, at least one, up to the last before `end` or, if `untilChange`, to one after which the
   * book has changed. Returns the next row.
   */
  applyFrom(row: number, end: number, untilChange: boolean): number {
    const next = this.usual.apply(row, end, untilChange)
    if (next > row) return next
    this.apply(row)
    return row + 1
  }

  /** Applies one message with all checks. */
  apply(row: number): void {
    switch (this.messages.action[row]) {
      case LOB_ACTION.insert:
        return this.insert(row)
      case LOB_ACTION.update:
        return this.update(row)
      case LOB_ACTION.remove:
        return this.remove(row)
      case LOB_ACTION.execute:
        return this.execute(row)
      case LOB_ACTION.clear:
        return this.clear(this.messages.side[row])
      default:
        return this.rules.impossible(row, 'incomplete')
    }
  }

  private insert(row: number): void {
    if (this.isNamed(row)) this.leaveTwice(row)
    this.place(row)
  }

  private update(row: number): void {
    if (!this.isNamed(row)) return this.levels.update(row)
    const { price, size, oldSize } = this.messages
    const order = this.before(row)
    const renamed = this.renames && this.isRenamed(row)
    if (order === 0) {
      // What was never displayed may come to be.
      if (oldSize[row] !== 0) this.missing(row)
      if (this.rules.changes && !renamed) return
      if (renamed) this.leaveAfter(row)
      return this.place(row)
    }
    this.checkOld(row, order)
    const { orders, book } = this
    const [wasLevel, wasSize] = [orders.level(order), orders.size(order)]
    const newLevel = Number.isNaN(price[row]) ? wasLevel : book.levelOf(row, wasLevel & 1)
    let newSize = Number.isNaN(size[row]) ? wasSize : size[row]
    const stays = !renamed && newLevel === wasLevel
    if (this.rules.changes && stays && !Number.isNaN(size[row])) newSize = this.left(row, wasSize, size[row])
    if (stays && newSize > 0) {
      // In its place: less keeps it, more loses it, which no level shows.
      orders.resize(order, newSize)
      return book.add(wasLevel, newSize - wasSize, 0)
    }
    this.leave(order)
    if (renamed) this.leaveTwice(row)
    if (newSize > 0) {
      book.add(newLevel, newSize, 1)
      this.keep(row, newLevel, newSize)
    } else if (newSize < 0) this.rules.impossible(row, 'incomplete')
  }

  private remove(row: number): void {
    if (!this.isNamed(row)) return this.levels.remove(row)
    const order = this.before(row)
    if (order !== 0) {
      this.checkOld(row, order)
      return this.leave(order)
    }
    const { oldSize, executionSize } = this.messages
    const said = oldSize[row]
    if (said === 0 || (Number.isNaN(said) && executionSize[row] > 0 && !this.hasLeft(row))) {
      if (executionSize[row] > 0) this.rules.count(HIDDEN, 1)
      return
    }
    this.missing(row)
  }

  private execute(row: number): void {
    if (!this.isNamed(row)) return this.levels.execute(row)
    const order = this.before(row)
    if (order === 0) {
      const said = this.messages.oldSize[row]
      const isHidden = said === 0 || (!(said > 0) && !this.hasLeft(row))
      return isHidden ? this.rules.count(HIDDEN, 1) : this.missing(row)
    }
    this.checkPlace(row, order)
    const { orders } = this
    const size = orders.size(order)
    const left = this.left(row, size, this.levels.executed(row, size))
    if (left <= ROUNDING * size) return this.leave(order)
    orders.resize(order, left)
    this.book.add(orders.level(order), left - size, 0)
  }

  /** Returns what is left of an order of a size of which `taken` goes. */
  private left(row: number, size: number, taken: number): number {
    if (Number.isNaN(taken)) {
      this.rules.impossible(row, 'incomplete')
      return size
    }
    const left = size - taken
    if (left < -ROUNDING * size || left > size) this.rules.impossible(row, 'unfit')
    return Math.min(Math.max(left, 0), size)
  }

  /** Puts the order of a message, if it names one, and its size into the book. */
  private place(row: number): void {
    const level = this.levels.place(row)
    if (level >= 0 && this.isNamed(row)) this.keep(row, level, this.messages.size[row])
  }

  private keep(row: number, level: number, size: number): void {
    const { after, width } = this.messages.names
    this.orders.add(after[width * row], after[width * row + width - 1], level, size)
  }

  private leave(order: number): void {
    const { orders } = this
    this.departed.add(orders.low(order), orders.high(order))
    this.book.take(orders.level(order), orders.size(order), 1)
    orders.remove(order)
  }

  /** Makes room for an order that is in the book already, which cannot be. */
  private leaveTwice(row: number): void {
    const order = this.after(row)
    if (order === 0) return
    this.rules.impossible(row, 'twice')
    this.leave(order)
  }

  private leaveAfter(row: number): void {
    const order = this.after(row)
    if (order !== 0) this.leave(order)
  }

  private clear(side: number): void {
    for (const own of [BID, ASK]) {
      if (own === ASK ? side === BID : side === ASK) continue
      this.book.clear(own - 1)
      const { orders } = this
      for (let order = 1; order < orders.used; order++) {
        const level = orders.level(order)
        if (level < 0 || (level & 1) !== own - 1) continue
        this.departed.add(orders.low(order), orders.high(order))
        orders.remove(order)
      }
    }
  }

  private checkOld(row: number, order: number): void {
    const said = this.messages.oldSize[row]
    const size = this.orders.size(order)
    if (Math.abs(said - size) > ROUNDING * size) return this.rules.impossible(row, 'unfit') // NaN is not
    this.checkPlace(row, order)
  }

  private checkPlace(row: number, order: number): void {
    const { messages, orders, book } = this
    const level = orders.level(order)
    const price = messages.oldPrice[row]
    const side = messages.side[row]
    const own = book.prices[level]
    const moved = price < own || price > own
    if (moved || ((side === BID || side === ASK) && side - 1 !== (level & 1))) this.rules.impossible(row, 'unfit')
  }

  /** Tells of an order that does not rest. */
  private missing(row: number): void {
    this.rules.impossible(row, this.hasLeft(row) ? 'left' : 'unknown')
  }

  private hasLeft(row: number): boolean {
    const { before, width } = this.messages.names
    return this.departed.has(before[width * row], before[width * row + width - 1])
  }

  private isNamed(row: number): boolean {
    const { known } = this.messages.names
    return known === null || known[row] === 1
  }

  private isRenamed(row: number): boolean {
    const { before, after, width } = this.messages.names
    return (
      before[width * row] !== after[width * row] || before[width * row + width - 1] !== after[width * row + width - 1]
    )
  }

  /** Returns the entry of the order that a message is about; a name of one word is both halves. */
  private before(row: number): number {
    const { before, width } = this.messages.names
    return this.orders.find(before[width * row], before[width * row + width - 1])
  }

  private after(row: number): number {
    const { after, width } = this.messages.names
    return this.orders.find(after[width * row], after[width * row + width - 1])
  }
}
