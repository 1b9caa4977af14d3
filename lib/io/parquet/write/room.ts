import { type Memory, memory } from '../../../wasm/memory.js'

type Name =
  | 'values' // of the column, nulls taken out
  | 'valid'
  | 'slots'
  | 'distinct'
  | 'codes'
  | 'table'
  | 'order'
  | 'seen'
  | 'entries'
  | 'starts'
  | 'ends' // two extremes
  | 'body' // of a page
  | 'packed'
  | 'trial'

/** Arrays of this thread's WebAssembly memory that serve one column chunk after the other. Each is known by a name. */
export class Room {
  readonly memory: Memory = memory()
  private readonly held = new Map<Name, Uint8Array>()

  /** Returns `length` bytes whose content is undefined, with at least 64 bytes of slack behind. */
  bytes(name: Name, length: number): Uint8Array {
    let array = this.held.get(name)
    if (!array || array.length < length) {
      if (array) this.memory.free(array)
      array = this.memory.u8(Math.max(length, 1024))
      this.held.set(name, array)
    }
    return array.subarray(0, length)
  }

  i32(name: Name, length: number): Int32Array {
    const { buffer, byteOffset } = this.bytes(name, length * 4)
    return new Int32Array(buffer, byteOffset, length)
  }

  /** Returns an array of the same type as `like`. */
  like<Values extends Float64Array | BigInt64Array | Int32Array | Uint8Array>(
    name: Name,
    like: Values,
    length: number,
  ): Values {
    const { buffer, byteOffset } = this.bytes(name, length * like.BYTES_PER_ELEMENT)
    const Values = like.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => Values
    return new Values(buffer, byteOffset, length)
  }
}

let room: Room | undefined

/** Returns this thread's room. */
export function ownRoom(): Room {
  room ??= new Room()
  return room
}
