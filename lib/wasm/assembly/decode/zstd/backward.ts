// Bit streams that are read from their end. A position counts the unread bits: the next bit is number position - 1.

/** Returns the position of a stream's first bit, below the highest 1 of its last byte; -1 for a stream without one. */
@inline
export function firstPosition(from: usize, end: usize): i32 {
  if (end <= from) return -1
  const last: u32 = load<u8>(end - 1)
  if (last == 0) return -1
  return (<i32>(end - from) << 3) - 8 + (31 - clz<u32>(last))
}

/** Returns 64 bits whose highest is the next of a stream; 56 at least are the stream's. Reads 7 bytes before `from`. */
@inline
export function bitsAt(from: usize, position: i32): u64 {
  return load<u64>(from + (position >> 3) - 7) << <u64>(8 - (position & 7))
}

/** Returns the highest n bits, n in 0..63. */
@inline
export function highest(bits: u64, n: u64): u32 {
  return <u32>((bits >> 1) >> (63 - n))
}
