import type { Frame } from '../../lib/core/index.js'
import { doublesIn } from './instruments.js'

/** One side of snapshots: values by level and row, and how its prices are put in order, the best first. */
export interface Side {
  price: Float64Array[]
  quantity: Float64Array[]
  orders: Float64Array[]
  better: (a: number, b: number) => number
}

/** Levels of the bid and of the ask, the best first: price, quantity, orders. */
export type Levels = [number, number, number][][]

/** Views the first levels of snapshots, bid and ask. What a table lacks is NaN. */
export function sidesOf(books: Frame, levels: number): Side[] {
  return (['Bid', 'Ask'] as const).map((side): Side => {
    const of = (field: string) => Array.from({ length: levels }, (_, i) => doublesIn(books, `${side}${field}${i + 1}`))
    return {
      price: of('Price'),
      quantity: of('Quantity'),
      orders: of('NumOrders'),
      better: side === 'Bid' ? (a, b) => b - a : (a, b) => a - b,
    }
  })
}

/** Adds quantities and orders of snapshots, which `rows` lists, by price: the best `most` levels of each side. Nulls count as 0. */
export function levelsOf(sides: readonly Side[], rows: readonly number[], most: number): Levels {
  return sides.map(({ price, quantity, orders, better }) => {
    const found: [number, number, number][] = []
    for (const row of rows) {
      for (let level = 0; level < price.length; level++) {
        if (Number.isNaN(price[level][row])) continue
        found.push([price[level][row], quantity[level][row] || 0, orders[level][row] || 0])
      }
    }
    found.sort((a, b) => better(a[0], b[0]))
    const levels: [number, number, number][] = []
    for (const [at, size, count] of found) {
      const last = levels[levels.length - 1]
      if (last?.[0] === at) {
        last[1] += size
        last[2] += count
      } else if (levels.length < most) levels.push([at, size, count])
      else break
    }
    return levels
  })
}
