import type { Row } from '../../simulation/collect.js'

interface Resting {
  id: bigint
  size: number
}

/**
 * Rebuilds the book of one listing's day from its order messages alone. Quantities of levels follow semantics 5.8: insert
 * +Size at Price; update -OldSize at OldPrice, +Size at Price; remove -OldSize at OldPrice; execute -ExecutionSize at
 * OldPrice. Queues are kept beside them, by price and time, to check what messages say of places in them.
 */
export class ReplayedBook {
  private readonly levels = [new Map<number, number>(), new Map<number, number>()]
  private readonly queues = [new Map<number, Resting[]>(), new Map<number, Resting[]>()]

  /** Applies a message and returns what of it contradicts the book. */
  apply(row: Row): string[] {
    const n = (column: string) => row[column] as number
    const side = n('Side') - 1
    const problems: string[] = []
    const expect = (column: string, value: number | null) => {
      const found = row[column] === null ? null : Number(row[column])
      if (found !== value) problems.push(`${column} is ${found}, not ${value}`)
    }
    const oldLevel = row.OldPrice === null ? null : this.rank(side, n('OldPrice'))
    const before = row.OldPrice === null ? undefined : this.place(side, n('OldPrice'), row.OrderId as bigint)
    switch (row.LobAction) {
      case 2:
        this.add(side, n('Price'), n('Size'))
        this.queue(side, n('Price')).push({ id: row.OrderId as bigint, size: n('Size') })
        break
      case 4:
        this.add(side, n('OldPrice'), -n('OldSize'))
        this.add(side, n('Price'), n('Size'))
        this.move(side, row, before)
        break
      case 3:
        this.add(side, n('OldPrice'), -n('OldSize'))
        this.leave(side, n('OldPrice'), before)
        break
      case 1:
        this.add(side, n('OldPrice'), -n('ExecutionSize'))
        if (before) before.order.size -= n('ExecutionSize')
        expect('Size', n('OldSize') - n('ExecutionSize'))
        break
      default:
        problems.push(`unknown action ${row.LobAction}`)
    }
    const after = row.Price === null ? undefined : this.place(side, n('Price'), row.OrderId as bigint)
    const place = row.LobAction === 2 || row.LobAction === 4 ? after : before
    expect('SizeAhead', place?.sizeAhead ?? Number.NaN)
    expect('OrdersAhead', place?.ordersAhead ?? Number.NaN)
    if (row.OldPrice !== null) expect('OldSize', before?.size ?? Number.NaN)
    if (row.LobAction === 3 && row.ExecutionSize !== null) expect('ExecutionSize', n('OldSize'))
    expect('OldPriceLevel', oldLevel)
    expect('PriceLevel', row.Price === null ? null : this.rank(side, n('Price')))
    return problems
  }

  /** Returns price, quantity and number of orders of the best levels of a side, best first. */
  top(side: 1 | 2, depth: number): (number | null)[] {
    const levels = [...this.levels[side - 1]].sort(([a], [b]) => (side === 1 ? b - a : a - b)).slice(0, depth)
    const numbers = levels.flatMap(([price, size]) => [price, size, this.queue(side - 1, price).length])
    return [...numbers, ...new Array(3 * depth - numbers.length).fill(null)]
  }

  /** Returns the quantities of levels below zero; there must be none. */
  negative(): number[] {
    return this.levels.flatMap(levels => [...levels.values()].filter(size => size < 0))
  }

  private add(side: number, price: number, size: number): void {
    const total = (this.levels[side].get(price) ?? 0) + size
    if (total === 0) this.levels[side].delete(price)
    else this.levels[side].set(price, total)
  }

  private queue(side: number, price: number): Resting[] {
    const queues = this.queues[side]
    let queue = queues.get(price)
    if (!queue) queues.set(price, (queue = []))
    return queue
  }

  private place(side: number, price: number, id: bigint) {
    const queue = this.queue(side, price)
    const ordersAhead = queue.findIndex(order => order.id === id)
    if (ordersAhead < 0) return undefined
    const order = queue[ordersAhead]
    const sizeAhead = queue.slice(0, ordersAhead).reduce((sum, other) => sum + other.size, 0)
    return { order, ordersAhead, sizeAhead, size: order.size }
  }

  private leave(side: number, price: number, place: { ordersAhead: number } | undefined): void {
    if (place) this.queue(side, price).splice(place.ordersAhead, 1)
  }

  private move(side: number, row: Row, place: ReturnType<ReplayedBook['place']>): void {
    const keeps = row.Price === row.OldPrice && (row.Size as number) <= (row.OldSize as number)
    if (place && keeps) place.order.size = row.Size as number
    else {
      this.leave(side, row.OldPrice as number, place)
      this.queue(side, row.Price as number).push({ id: row.OrderId as bigint, size: row.Size as number })
    }
  }

  private rank(side: number, price: number): number {
    let better = 0
    for (const other of this.levels[side].keys()) if (side === 0 ? other > price : other < price) better++
    return better + 1
  }
}
