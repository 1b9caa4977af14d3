import { BasaltError, type Offer } from '../../lib/core/index.js'
import { DEPTH } from '../tables/book-columns.js'

/** Levels of the book that a config asks for by default. */
export function defaultLevels(offer: Offer): number {
  return Math.min(offer.config.levels ?? DEPTH, depthOf(offer))
}

/** Returns how many levels a side the files of the table have. */
export function depthOf({ has }: Offer): number {
  let depth = 0
  while (depth < DEPTH && (has(`BidPrice${depth + 1}`) || has(`AskPrice${depth + 1}`))) depth++
  return depth
}

/** Refuses a level that the table does not have. */
export function checkLevel(level: number, offer: Offer): void {
  const depth = depthOf(offer)
  if (level <= depth) return
  throw new BasaltError('config', `level ${level} exceeds the ${depth} levels of l2`)
}
