import type { Values } from './numbers.js'

/** Rows of one column as the file holds them. Null rows hold 0. */
export interface DecodedChunk {
  values: Values
  /** One byte a row, 1 = present; null when no row is null. */
  valid: Uint8Array | null
  /** Byte strings by code, where `values` are codes. */
  entries: readonly Uint8Array[]
}
