import { checked } from './damage.js'
import type { Memory } from './memory.js'

const workspaces = new WeakMap<Memory, Uint8Array>()

/** Decompresses Snappy bytes to fill `to` exactly; throws an Error when they do not. Both arrays live in `memory`. */
export function unpackSnappy(memory: Memory, from: Uint8Array, to: Uint8Array): void {
  checked(memory.exports.unpackSnappy(from.byteOffset, endOf(from), to.byteOffset, endOf(to)))
}

/** Decompresses one raw LZ4 block to fill `to` exactly; throws an Error when it does not. Arrays live in `memory`. */
export function unpackLz4(memory: Memory, from: Uint8Array, to: Uint8Array): void {
  checked(memory.exports.unpackLz4(from.byteOffset, endOf(from), to.byteOffset, endOf(to)))
}

/**
 * Decompresses Zstandard frames to fill `to` exactly; throws an Error when they do not, or when a stated size or
 * checksum is wrong. Arrays live in `memory`.
 */
export function unpackZstd(memory: Memory, from: Uint8Array, to: Uint8Array): void {
  let workspace = workspaces.get(memory)
  if (!workspace) {
    workspace = memory.u8(memory.exports.UNPACK_WORK.value)
    workspaces.set(memory, workspace)
  }
  checked(memory.exports.unpackZstd(from.byteOffset, endOf(from), to.byteOffset, endOf(to), workspace.byteOffset))
}

const endOf = (bytes: Uint8Array): number => bytes.byteOffset + bytes.length
