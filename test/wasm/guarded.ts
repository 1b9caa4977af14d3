import { memory } from '../../lib/wasm/memory.js'

const SLACK = 64 // what kernels may read and write behind an array
const UNTOUCHED = Buffer.alloc(256, 0xa5)

/** An array in the kernels' memory between two stretches that no kernel may write to. */
export class Guarded {
  readonly bytes: Uint8Array
  private readonly whole: Uint8Array

  constructor(private readonly length: number) {
    this.whole = memory().u8(256 + length + SLACK + 256)
    this.whole.set(UNTOUCHED)
    this.whole.set(UNTOUCHED, 256 + length + SLACK)
    this.bytes = this.whole.subarray(256, 256 + length)
  }

  /** Returns an array that holds a copy of bytes. */
  static of(bytes: Uint8Array): Guarded {
    const guarded = new Guarded(bytes.length)
    guarded.bytes.set(bytes)
    return guarded
  }

  /** Tells whether the stretches around the array are as they were. */
  get intact(): boolean {
    const behind = this.whole.subarray(256 + this.length + SLACK)
    return UNTOUCHED.equals(this.whole.subarray(0, 256)) && UNTOUCHED.equals(behind)
  }

  free(): void {
    memory().free(this.whole)
  }
}

/** Returns a seeded generator of integers below a bound. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) % below
  }
}

/** Returns the message of what a function throws, or undefined. */
export function thrownBy(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
}
