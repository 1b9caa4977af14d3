/** Where bytes lie on disk. */
export interface SpillPlace {
  offset: number
  length: number
  crc: number
}

/** Takes bytes of a run that do not fit its memory, until they are asked for again. */
export interface SpillSpace {
  /** Writes bytes and says where they lie. A full disk is an io fault. */
  put(bytes: Uint8Array): SpillPlace
  /** Reads bytes back into an array of their length. Bytes that were changed are an io fault. */
  get(place: SpillPlace, into: Uint8Array): void
}
