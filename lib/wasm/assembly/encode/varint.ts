/** Writes an unsigned number in groups of 7 bits, least first. Returns the address behind it. */
export function varint(value: u64, out: usize): usize {
  while (value >= 0x80) {
    store<u8>(out++, <u8>(value | 0x80))
    value >>= 7
  }
  store<u8>(out++, <u8>value)
  return out
}

/** Returns the bytes that a number takes as a varint. */
export function varintBytes(value: u64): i32 {
  return value == 0 ? 1 : (70 - <i32>clz(value)) / 7
}

/** Maps signed numbers to unsigned ones, small ones staying small. */
export function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63))
}
