import { checked, checkRoom } from './damage.js'
import type { Memory } from './memory.js'

const CURSOR_BYTES = 64

/** Reads DELTA_BINARY_PACKED integers, as many at a time as are asked for. */
export class DeltaCursor {
  private readonly state: Uint8Array

  constructor(private readonly memory: Memory) {
    this.state = memory.u8(CURSOR_BYTES)
  }

  /** Begins with the integers in `bytes`, which must stay in place. Returns how many there are; throws on damage. */
  start(bytes: Uint8Array): number {
    const { byteOffset, length } = bytes
    return checked(this.memory.exports.startDelta(this.state.byteOffset, byteOffset, byteOffset + length))
  }

  /** Decodes the next n integers to `out`, wrapping at its width. Throws an Error when there are fewer. */
  values(n: number, out: Int32Array | BigInt64Array): void {
    checkRoom(out, n)
    checked(this.memory.exports.nextDelta(this.state.byteOffset, n, out.byteOffset, out.BYTES_PER_ELEMENT))
  }

  /** Returns the bytes behind the integers in `bytes`. Nothing is decoded, and the cursor then stands at the first. */
  bytesBehind(bytes: Uint8Array): Uint8Array {
    this.start(bytes)
    const end = this.memory.exports.endOfDelta(this.state.byteOffset)
    if (end === 0) throw new Error('the bytes end early')
    this.start(bytes)
    return bytes.subarray(end - bytes.byteOffset)
  }

  /** Gives the cursor's memory back. */
  close(): void {
    this.memory.free(this.state)
  }
}
