import { discard } from '../../../core/discard.js'

type Values = Float64Array | BigInt64Array | Int32Array | Uint8Array
export interface Kind<V extends Values> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): V
  new (buffer: SharedArrayBuffer, at: number, length: number): V
}

const FIRST = 1024 // elements
const STEP = 8 // memory that no row touches costs nothing
const MOST = 2 ** 24 // elements that shared memory grows to in place: their addresses are taken from the beginning

/**
 * Shared memory that nobody uses, by the bytes that it can grow to. It cannot be given back, and the collector does not
 * feel it, so what is not collected yet is used again.
 */
const unused = new Map<number, WeakRef<SharedArrayBuffer>[]>()

/** An array of up to `most` elements that grows as they come. Shared memory can be read by other threads meanwhile. */
export class GrowingArray<V extends Values> {
  private array: V

  constructor(
    private readonly kind: Kind<V>,
    private readonly most: number,
    shared: boolean,
  ) {
    const length = Math.min(most, FIRST)
    this.array = shared ? this.over(this.taken(length, Math.min(most, MOST))) : new kind(length)
  }

  /** All of it: what was never written has any content. Stale once it has grown. */
  get values(): V {
    return this.array
  }

  /** Makes room for that many elements. */
  reserve(length: number): void {
    const old = this.array
    if (length <= old.length) return
    const capacity = Math.max(length, Math.min(this.most, old.length * STEP))
    if (old.buffer instanceof SharedArrayBuffer) {
      const bytes = capacity * this.kind.BYTES_PER_ELEMENT
      if (bytes <= old.buffer.maxByteLength) {
        old.buffer.grow(bytes)
        this.array = this.over(old.buffer)
        return
      }
      this.array = this.over(this.taken(capacity, capacity))
    } else this.array = new this.kind(capacity)
    this.array.set(old as never)
    discard([old])
  }

  /** Leaves the memory to others: nothing may read or write it here any more, on other threads neither. */
  letGo(): void {
    const { buffer } = this.array
    if (!(buffer instanceof SharedArrayBuffer)) return
    const known = unused.get(buffer.maxByteLength) ?? []
    unused.set(buffer.maxByteLength, known)
    known.push(new WeakRef(buffer))
  }

  private taken(length: number, most: number): SharedArrayBuffer {
    const { BYTES_PER_ELEMENT: size } = this.kind
    const known = unused.get(most * size) ?? []
    while (known.length > 0) {
      const buffer = known.pop()?.deref()
      if (!buffer) continue
      if (buffer.byteLength < length * size) buffer.grow(length * size)
      return buffer
    }
    return new SharedArrayBuffer(length * size, { maxByteLength: most * size })
  }

  private over(buffer: SharedArrayBuffer): V {
    return new this.kind(buffer, 0, Math.floor(buffer.byteLength / this.kind.BYTES_PER_ELEMENT))
  }
}
