import type { Random } from '../../operators/simulation/random.js'

// A random order flow and the book that it makes, as plain objects and loops, written from the semantics alone (5.8).

/** A message with everything that a feed may say; NaN is null. */
export interface Message {
  time: number // ns after midnight
  action: number
  side: number
  id: number
  newId: number // where the update renames its order
  price: number
  size: number
  oldPrice: number
  oldSize: number
  taken: number // what an update to less or an execution takes
}

interface Order {
  id: number
  side: number
  price: number
  size: number
}

/** Prices are whole ticks of 0.01. */
const priceOf = (tick: number): number => tick / 100

/** Draws messages of one listing that contradict nothing, one to three at an instant. */
export function randomFlow(random: Random, count: number): Message[] {
  const orders: Order[] = []
  const messages: Message[] = []
  const none = Number.NaN
  let time = 9 * 3600e9
  let next = 1
  while (messages.length < count) {
    if (random.below(3) > 0)
      time += random.below(5) === 0 ? 1e9 * (1 + random.below(120)) : 1000 * (1 + random.below(1e6))
    const draw = random.below(100)
    const at = random.below(Math.max(orders.length, 1))
    const order = orders[at]
    if (!order || draw < 40) {
      const side = 1 + random.below(2)
      const tick = side === 1 ? 1000 - random.below(25) : 1001 + random.below(25)
      const made = { id: next++, side, price: priceOf(tick), size: 1 + random.below(50) }
      orders.push(made)
      messages.push({ time, action: 2, ...made, newId: made.id, oldPrice: none, oldSize: none, taken: none })
      continue
    }
    const { id, side, price, size } = order
    const old = { time, side, id, newId: id, oldPrice: price, oldSize: size }
    if (draw < 60) {
      orders.splice(at, 1)
      messages.push({ ...old, action: 3, price: none, size: none, taken: size })
    } else if (draw < 80) {
      const taken = draw < 70 ? size : 1 + random.below(size)
      order.size -= taken
      if (order.size === 0) orders.splice(at, 1)
      messages.push({ ...old, action: 1, price, size: order.size, taken })
    } else if (draw < 90 && size > 1) {
      order.size -= 1 + random.below(size - 1)
      messages.push({ ...old, action: 4, price, size: order.size, taken: size - order.size })
    } else {
      order.price = priceOf(Math.round(price * 100) + random.below(7) - 3)
      order.size = 1 + random.below(50)
      order.id = next++
      messages.push({ ...old, action: 4, newId: order.id, price: order.price, size: order.size, taken: none })
    }
  }
  return messages
}

/** Leaves out and repeats some messages. */
export function damaged(random: Random, messages: readonly Message[]): Message[] {
  return messages.flatMap(message => {
    const draw = random.below(40)
    return draw === 0 ? [] : draw === 1 ? [message, message] : [message]
  })
}

/** The orders that rest after each message. Where a message cannot be, what is possible of it is done. */
export class PlainBook {
  private readonly resting = new Map<number, Order>()
  private readonly gone = new Set<number>()
  readonly wrong: Record<string, number> = {}

  apply({ action, side, id, newId, price, size, oldPrice, oldSize, taken }: Message): void {
    const order = this.resting.get(id)
    const lost = this.gone.has(id) ? 'the order has left the book' : 'the order is not in the book'
    if (action === 2) {
      if (order) this.count('the order is in the book already')
      this.put({ id, side, price, size })
    } else if (!order) {
      this.count(lost)
      if (action === 4) this.put({ id: newId, side, price, size })
    } else if (action === 3) {
      if (order.size !== oldSize || order.price !== oldPrice) this.count('size, price or side does not fit the order')
      this.leave(id)
    } else if (action === 1) {
      if (order.price !== oldPrice || taken > order.size) this.count('size, price or side does not fit the order')
      order.size -= taken
      if (order.size <= 0) this.leave(id)
    } else {
      if (order.size !== oldSize || order.price !== oldPrice) this.count('size, price or side does not fit the order')
      if (newId !== id) {
        this.leave(id)
        if (this.resting.has(newId)) this.count('the order is in the book already')
      }
      this.put({ id: newId, side, price, size })
    }
  }

  /** Returns the best levels as text, both sides, `none` beyond the last one. */
  levels(depth: number, withOrders: boolean): string {
    const sides = [1, 2].map(side => {
      const levels = new Map<number, { size: number; orders: number }>()
      for (const order of this.resting.values()) {
        if (order.side !== side) continue
        const level = levels.get(order.price) ?? { size: 0, orders: 0 }
        levels.set(order.price, { size: level.size + order.size, orders: level.orders + 1 })
      }
      return [...levels].sort(([a], [b]) => (side === 1 ? b - a : a - b))
    })
    const text = (level: (typeof sides)[0][0] | undefined) => {
      if (!level) return withOrders ? 'null,null,null' : 'null,null'
      const [price, { size, orders }] = level
      return withOrders ? `${price},${size},${orders}` : `${price},${size}`
    }
    return Array.from({ length: depth }, (_, n) => sides.map(side => text(side[n])).join()).join()
  }

  private put(order: Order): void {
    this.resting.set(order.id, order)
    this.gone.delete(order.id)
  }

  private leave(id: number): void {
    this.resting.delete(id)
    this.gone.add(id)
  }

  private count(what: string): void {
    this.wrong[what] = (this.wrong[what] ?? 0) + 1
  }
}

/** Returns the rows by event: the time of each instant after which the levels differ from those shown before. */
export function eventRows(messages: readonly Message[], depth: number, withOrders: boolean): [number, string][] {
  const book = new PlainBook()
  const rows: [number, string][] = []
  let last = book.levels(depth, withOrders)
  for (const [i, message] of messages.entries()) {
    book.apply(message)
    if (messages[i + 1]?.time === message.time) continue
    const levels = book.levels(depth, withOrders)
    if (levels !== last) rows.push([message.time, levels])
    last = levels
  }
  return rows
}
