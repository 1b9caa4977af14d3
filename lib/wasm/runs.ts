import { checked, checkRoom } from './damage.js'
import type { Memory } from './memory.js'

const CURSOR_BYTES = 96

/** Reads runs of equal values and bit-packed groups, as many values at a time as are asked for. */
export class RunCursor {
  private readonly state: Uint8Array

  constructor(private readonly memory: Memory) {
    this.state = memory.u8(CURSOR_BYTES)
  }

  /** Begins with `bytes` of values of `width` bits, 0 to 32; they must stay in place. Throws for another width. */
  start(bytes: Uint8Array, width: number): void {
    const { byteOffset, length } = bytes
    checked(this.memory.exports.startRuns(this.state.byteOffset, byteOffset, byteOffset + length, width))
  }

  /** Decodes the next n values to `out`; throws an Error when the runs end before. */
  values(n: number, out: Int32Array): void {
    checkRoom(out, n)
    checked(this.memory.exports.nextRuns(this.state.byteOffset, n, out.byteOffset))
  }

  /**
   * Decodes the next n values of one bit to bytes, and returns how many are 1; when that is n, `out` may be unwritten.
   * Throws an Error when the runs end before, or hold another value.
   */
  levels(n: number, out: Uint8Array): number {
    checkRoom(out, n)
    return checked(this.memory.exports.nextLevels(this.state.byteOffset, n, out.byteOffset))
  }

  /** Gives the cursor's memory back. */
  close(): void {
    this.memory.free(this.state)
  }
}

/**
 * Decodes bits [first, first + n) of `bytes` to bytes of 0 and 1, and returns how many are 1. Bits of a byte go from the
 * lowest up, or from the highest down with `highFirst`. Throws an Error when they are not there.
 */
export function expandBits(
  memory: Memory,
  bytes: Uint8Array,
  first: number,
  n: number,
  out: Uint8Array,
  highFirst = false,
): number {
  checkRoom(out, n)
  if (first + n > bytes.length * 8) throw new Error(`a page has ${bytes.length * 8} bits where ${first + n} are needed`)
  return memory.exports.expandBits(bytes.byteOffset, first, n, out.byteOffset, highFirst ? 1 : 0)
}
