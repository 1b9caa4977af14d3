import { compareListings, type Listing } from '../core/index.js'

/** Hands out listings in output order, each once, while more are still being named: a binary heap. */
export class Roster {
  private readonly heap: Listing[] = []
  private taken: Listing | null = null

  constructor(listings: Iterable<Listing> = []) {
    for (const listing of listings) this.add(listing)
  }

  /** Names a listing. One that comes before those already handed out is left out. */
  add(listing: Listing): void {
    if (this.taken !== null && compareListings(listing, this.taken) <= 0) return
    const { heap } = this
    let at = heap.push(listing) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (compareListings(heap[parent], listing) <= 0) break
      heap[at] = heap[parent]
      at = parent
    }
    heap[at] = listing
  }

  /** Hands out those before a listing (null: all), and passes over that listing itself. */
  *before(limit: Listing | null): Generator<Listing> {
    while (this.heap.length > 0 && (limit === null || compareListings(this.heap[0], limit) < 0)) {
      const next = this.pop()
      if (this.taken !== null && compareListings(next, this.taken) === 0) continue
      this.taken = next
      yield next
    }
    if (limit !== null) this.taken = limit
    while (limit !== null && this.heap.length > 0 && compareListings(this.heap[0], limit) === 0) this.pop()
  }

  private pop(): Listing {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop() as Listing
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && compareListings(heap[child + 1], heap[child]) < 0) child++
      if (compareListings(last, heap[child]) <= 0) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = last
    return first
  }
}
