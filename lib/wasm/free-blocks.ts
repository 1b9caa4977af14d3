/**
 * Blocks of memory that are free, in order of address. Neighbours are joined, so that what one row group leaves serves
 * the next one, whose pages have other sizes.
 */
export class FreeBlocks {
  private readonly starts: number[] = []
  private readonly sizes: number[] = []

  /** Takes `size` bytes out of the smallest block that has as many; undefined where none has. */
  take(size: number): number | undefined {
    let best = -1
    for (let i = 0; i < this.sizes.length; i++) {
      if (this.sizes[i] >= size && (best < 0 || this.sizes[i] < this.sizes[best])) best = i
    }
    if (best < 0) return undefined
    const start = this.starts[best]
    if (this.sizes[best] === size) this.remove(best)
    else {
      this.starts[best] += size
      this.sizes[best] -= size
    }
    return start
  }

  /** Gives a block back. */
  put(start: number, size: number): void {
    let at = 0
    while (at < this.starts.length && this.starts[at] < start) at++
    this.starts.splice(at, 0, start)
    this.sizes.splice(at, 0, size)
    this.join(at)
    if (at > 0) this.join(at - 1)
  }

  /** Takes out the block that ends at an address, if one does; returns where it starts. */
  takeLast(end: number): number | undefined {
    const last = this.starts.length - 1
    if (last < 0 || this.starts[last] + this.sizes[last] !== end) return undefined
    const start = this.starts[last]
    this.remove(last)
    return start
  }

  /** Joins block `at` with the next one where they touch. */
  private join(at: number): void {
    if (this.starts[at] + this.sizes[at] !== this.starts[at + 1]) return
    this.sizes[at] += this.sizes[at + 1]
    this.remove(at + 1)
  }

  private remove(at: number): void {
    this.starts.splice(at, 1)
    this.sizes.splice(at, 1)
  }
}
