import { LOB_ACTION } from '../tables/l3.js'
import { HIDDEN, type Impossible } from './impossible.js'
import { Ladder, ROUNDING } from './ladder.js'
import type { Messages } from './messages.js'

const BID = 1
const ASK = 2
/** Where an order is: not seen so far, resting on a side (1, 2), or gone. */
const UNSEEN = 0
const GONE = 3

/** What the replay does about messages, and whom it tells. */
export interface Rules {
  /** Size of updates and executions is what the message takes, not what rests after it. */
  changes: boolean
  /** Throws, or counts and lets the replay go on with what is possible. */
  impossible(row: number, kind: Impossible): void
  count(name: string, more: number): void
}

/**
 * Rebuilds a book from order messages (semantics 5.8): `apply` takes them one by one, in total order. Orders that have a
 * name are kept, so that a message may leave out what is known of them, and one that contradicts it is found. Messages
 * without one change levels by what they say themselves.
 */
export class Replay {
  readonly bids: Ladder
  readonly asks: Ladder
  /** Least depth of a level that changed; whoever reads it sets it back to Infinity. */
  touched = Infinity
  /** By order number. */
  private readonly where: Uint8Array
  private readonly prices: Float64Array
  private readonly sizes: Float64Array

  constructor(
    private readonly messages: Messages,
    private readonly rules: Rules,
  ) {
    const { count } = messages.orders
    this.bids = new Ladder(1, count > 0)
    this.asks = new Ladder(-1, count > 0)
    this.where = new Uint8Array(count)
    this.prices = new Float64Array(count)
    this.sizes = new Float64Array(count)
  }

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
    const { orders, price, size, side } = this.messages
    const order = orders.after[row]
    if (order >= 0 && this.rests(order)) {
      this.rules.impossible(row, 'twice')
      this.leave(order)
    }
    this.place(row, order, side[row], price[row], size[row])
  }

  private update(row: number): void {
    const { orders, price, size, side } = this.messages
    const [before, after] = [orders.before[row], orders.after[row]]
    if (before < 0) return this.updateLevels(row)
    if (!this.rests(before)) {
      // What was never displayed may come to be.
      if (this.messages.oldSize[row] !== 0) this.rules.impossible(row, this.where[before] === GONE ? 'left' : 'unknown')
      if (this.rules.changes && before === after) return
      if (this.rests(after)) this.leave(after)
      return this.place(row, after, side[row], price[row], size[row])
    }
    this.checkOld(row, before)
    const own = this.where[before]
    const [oldPrice, oldSize] = [this.prices[before], this.sizes[before]]
    const newPrice = Number.isNaN(price[row]) ? oldPrice : price[row]
    let newSize = Number.isNaN(size[row]) ? oldSize : size[row]
    if (this.rules.changes && before === after && newPrice === oldPrice) {
      newSize = Number.isNaN(size[row]) ? oldSize : this.left(row, before, size[row])
    }
    if (before === after && newPrice === oldPrice && newSize > 0) {
      // In its place: less keeps it, more loses it, which no level shows.
      this.sizes[before] = newSize
      this.touch(this.ladder(own).add(oldPrice, newSize - oldSize, 0))
      return
    }
    this.leave(before)
    if (before !== after && this.rests(after)) {
      this.rules.impossible(row, 'twice')
      this.leave(after)
    }
    this.place(row, after, own, newPrice, newSize)
  }

  private remove(row: number): void {
    const order = this.messages.orders.before[row]
    if (order < 0) return this.takeFromLevel(row, this.messages.oldPrice[row], this.messages.oldSize[row], true)
    if (this.rests(order)) {
      this.checkOld(row, order)
      return this.leave(order)
    }
    const said = this.messages.oldSize[row]
    if (said === 0 || (Number.isNaN(said) && this.where[order] === UNSEEN && this.messages.executionSize[row] > 0)) {
      if (this.messages.executionSize[row] > 0) this.rules.count(HIDDEN, 1)
      return
    }
    this.rules.impossible(row, this.where[order] === GONE ? 'left' : 'unknown')
  }

  private execute(row: number): void {
    const order = this.messages.orders.before[row]
    const said = this.messages.oldSize[row]
    if (order < 0) return this.executeOnLevel(row)
    if (!this.rests(order)) {
      const isHidden = this.where[order] === UNSEEN ? !(said > 0) : said === 0
      if (isHidden) this.rules.count(HIDDEN, 1)
      else this.rules.impossible(row, this.where[order] === GONE ? 'left' : 'unknown')
      return
    }
    this.checkPlace(row, order)
    const [price, size] = [this.prices[order], this.sizes[order]]
    const left = this.left(row, order, this.executed(row, size))
    if (left <= ROUNDING * size) return this.leave(order)
    this.sizes[order] = left
    this.touch(this.ladder(this.where[order]).add(price, left - size, 0))
  }

  /** Returns what an execution takes of an order that has a size: as it says, or as what is left then says. */
  private executed(row: number, size: number): number {
    const own = this.messages.executionSize[row]
    if (!Number.isNaN(own)) return own
    const { size: sizes } = this.messages
    return this.rules.changes ? sizes[row] : size - sizes[row]
  }

  /** Returns what is left of an order of which `taken` goes. */
  private left(row: number, order: number, taken: number): number {
    const size = this.sizes[order]
    if (Number.isNaN(taken)) {
      this.rules.impossible(row, 'incomplete')
      return size
    }
    const left = size - taken
    if (left < -ROUNDING * size || left > size) this.rules.impossible(row, 'unfit')
    return Math.min(Math.max(left, 0), size)
  }

  private updateLevels(row: number): void {
    const { price, size, side } = this.messages
    this.takeFromLevel(row, this.messages.oldPrice[row], this.messages.oldSize[row], true)
    this.place(row, -1, side[row], price[row], size[row])
  }

  private executeOnLevel(row: number): void {
    const said = this.messages.oldSize[row]
    const { oldPrice, executionPrice } = this.messages
    const price = Number.isNaN(oldPrice[row]) ? executionPrice[row] : oldPrice[row]
    const taken = this.executed(row, said)
    if (said === 0) return this.rules.count(HIDDEN, 1)
    this.takeFromLevel(row, price, taken, taken >= said)
  }

  /** Takes from a level what a message without an order says, at most what there is. */
  private takeFromLevel(row: number, price: number, size: number, whole: boolean): void {
    const side = this.messages.side[row]
    if (size === 0) return
    if (Number.isNaN(price) || !(size > 0) || (side !== BID && side !== ASK))
      return this.rules.impossible(row, 'incomplete')
    const ladder = this.ladder(side)
    this.touch(ladder.take(price, size, whole ? 1 : 0))
    if (!ladder.short) return
    this.rules.impossible(row, 'negative')
  }

  /** Puts an order, or a size of none, into the book. */
  private place(row: number, order: number, side: number, price: number, size: number): void {
    if (size === 0) return // nothing of it is displayed
    if (Number.isNaN(price) || !(size > 0) || (side !== BID && side !== ASK))
      return this.rules.impossible(row, 'incomplete')
    if (order >= 0) {
      this.where[order] = side
      this.prices[order] = price
      this.sizes[order] = size
    }
    this.touch(this.ladder(side).add(price, size, 1))
  }

  private leave(order: number): void {
    const ladder = this.ladder(this.where[order])
    this.where[order] = GONE
    this.touch(ladder.take(this.prices[order], this.sizes[order], 1))
  }

  private clear(side: number): void {
    for (const own of [BID, ASK]) {
      if (own === ASK ? side === BID : side === ASK) continue
      const ladder = this.ladder(own)
      if (ladder.length > 0) this.touched = 0
      ladder.clear()
      for (let order = 0; order < this.where.length; order++) if (this.where[order] === own) this.where[order] = GONE
    }
  }

  private checkOld(row: number, order: number): void {
    const said = this.messages.oldSize[row]
    const size = this.sizes[order]
    if (Math.abs(said - size) > ROUNDING * size) return this.rules.impossible(row, 'unfit') // NaN is not
    this.checkPlace(row, order)
  }

  private checkPlace(row: number, order: number): void {
    const price = this.messages.oldPrice[row]
    const side = this.messages.side[row]
    const moved = price < this.prices[order] || price > this.prices[order]
    if (moved || ((side === BID || side === ASK) && side !== this.where[order])) this.rules.impossible(row, 'unfit')
  }

  private rests(order: number): boolean {
    const where = this.where[order]
    return where === BID || where === ASK
  }

  private ladder(side: number): Ladder {
    return side === BID ? this.bids : this.asks
  }

  private touch(depth: number): void {
    if (depth < this.touched) this.touched = depth
  }
}
