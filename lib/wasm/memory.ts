import { readFileSync } from 'node:fs'
import { FreeBlocks } from './free-blocks.js'

const PAGE = 65_536
const SLACK = 64 // bytes behind every array that vector instructions may read or write
const INITIAL_PAGES = 64
const SMALL = 32_768 // bytes of an array, with its slack

export type WasmArray = Float64Array | BigInt64Array | Int32Array | Uint32Array | Uint8Array

// biome-ignore lint/suspicious/noExplicitAny: each wrapper states the functions that it calls.
type Exports = any

/**
 * The WebAssembly memory of this thread, and the kernels that work on it. Its arrays are ordinary typed arrays: a
 * kernel finds one by its `byteOffset`. The memory is shared, as WebAssembly says, so that growing it leaves arrays
 * valid. It never shrinks: freed arrays are used again.
 */
export class Memory {
  readonly exports: Exports
  private readonly memory: WebAssembly.Memory
  private readonly copies: Uint8Array[] = []
  private top = PAGE // address 0 stands for no array
  private most = PAGE
  private readonly freed = new Map<number, number[]>() // addresses of small arrays, by size
  private readonly blocks = new FreeBlocks() // of large ones
  private readonly buffers = new WeakSet<ArrayBufferLike>() // each growth makes a new one of the same bytes

  constructor(module: WebAssembly.Module) {
    this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: 65_536, shared: true })
    const abort = () => {
      throw new Error('a kernel met an impossible state')
    }
    this.buffers.add(this.memory.buffer)
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.memory, abort } }).exports
  }

  f64(length: number): Float64Array {
    const at = this.take(length * 8)
    return new Float64Array(this.memory.buffer, at, length)
  }

  i64(length: number): BigInt64Array {
    const at = this.take(length * 8)
    return new BigInt64Array(this.memory.buffer, at, length)
  }

  i32(length: number): Int32Array {
    const at = this.take(length * 4)
    return new Int32Array(this.memory.buffer, at, length)
  }

  u8(length: number): Uint8Array {
    const at = this.take(length)
    return new Uint8Array(this.memory.buffer, at, length)
  }

  /** Gives an array's memory back. It must be one that was taken as a whole, not a part of it. */
  free(array: WasmArray): void {
    const size = sizeOf(array.byteLength)
    if (size > SMALL) {
      this.blocks.put(array.byteOffset, size)
      this.top = this.blocks.takeLast(this.top) ?? this.top
      return
    }
    const addresses = this.freed.get(size)
    if (addresses) addresses.push(array.byteOffset)
    else this.freed.set(size, [array.byteOffset])
  }

  /** Tells whether an array lies in this memory. */
  holds(array: ArrayBufferView): boolean {
    return this.buffers.has(array.buffer)
  }

  /**
   * Returns where a kernel finds an array. One from elsewhere is copied into a buffer of this memory first, of which
   * there is one a `place`: arrays of one call are given different places.
   */
  address(array: WasmArray, place = 0): number {
    if (this.holds(array)) return array.byteOffset
    let copy = this.copies[place]
    if (copy === undefined || copy.byteLength < array.byteLength) {
      if (copy) this.free(copy)
      this.copies[place] = copy = this.u8(array.byteLength)
    }
    copy.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    return copy.byteOffset
  }

  /** Bytes that arrays have taken at most: the memory never shrinks. */
  get bytes(): number {
    return this.most
  }

  /** Grows by an eighth at least, where that is possible: each growth is a system call. */
  private grow(missing: number): void {
    for (const bytes of [Math.max(missing, this.top / 8), missing]) {
      try {
        this.memory.grow(Math.ceil(bytes / PAGE))
        return
      } catch {
        // The limit is 4 GiB; what is missing may still fit where an eighth does not.
      }
    }
    const problem = `${missing} bytes more do not fit the 4 GiB of a thread's kernels`
    throw Object.assign(new RangeError(problem), { code: 'ERR_NO_MEMORY' })
  }

  private take(bytes: number): number {
    const size = sizeOf(bytes)
    const known = size > SMALL ? this.blocks.take(size) : this.freed.get(size)?.pop()
    if (known !== undefined) return known
    const address = this.top
    const end = address + size
    const missing = end - this.memory.buffer.byteLength
    if (missing > 0) {
      this.grow(missing)
      this.buffers.add(this.memory.buffer)
    }
    this.top = end
    this.most = Math.max(this.most, end)
    return address
  }
}

/** Rounds up: small arrays to four sizes a doubling, by which they are found again, large ones to 4 KiB. */
function sizeOf(bytes: number): number {
  const wanted = bytes + SLACK
  if (wanted <= 256) return 256
  if (wanted > SMALL) return Math.ceil(wanted / 4096) * 4096
  const step = 2 ** (29 - Math.clz32(wanted - 1)) // a quarter of the power of two below
  return Math.ceil(wanted / step) * step
}

let compiled: WebAssembly.Module | undefined
let own: Memory | undefined

/** Returns this thread's memory; the module is compiled when it is first asked for. */
export function memory(): Memory {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)))
  own ??= new Memory(compiled)
  return own
}
