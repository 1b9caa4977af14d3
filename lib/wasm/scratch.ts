import type { Memory, WasmArray } from './memory.js'

/** An array in the kernels' memory that is used again and again, and grows when more is asked of it. */
export class Scratch<T extends WasmArray> {
  private whole: T | null = null
  private part: T | null = null

  constructor(
    private readonly memory: Memory,
    private readonly take: (length: number) => T,
  ) {}

  /** Returns the array's first n elements, whatever they hold; what was returned before may be gone. */
  of(n: number): T {
    if (!this.whole || this.whole.length < n) {
      this.close()
      this.whole = this.take(n)
      this.part = this.whole
    }
    if (this.part?.length !== n) this.part = this.whole.subarray(0, n) as T
    return this.part
  }

  /** Gives the memory back. */
  close(): void {
    if (this.whole) this.memory.free(this.whole)
    this.whole = null
    this.part = null
  }
}
