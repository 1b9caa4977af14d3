import { copyBack, copyOver } from './copy'
import { BAD_DISTANCE, BAD_SIZE, CUT, TOO_LONG } from './fault'

/** Decompresses one raw block [from, end) to exactly [to, limit). Returns 0 or a fault. Both need 64 bytes of slack. */
export function lz4(from: usize, end: usize, to: usize, limit: usize): i32 {
  const start = to
  while (from < end) {
    const token: u32 = load<u8>(from++)
    let n: usize = token >> 4
    if (n == 15) {
      for (let byte: u32 = 255; byte == 255; n += byte) {
        if (from >= end) return CUT
        byte = load<u8>(from++)
      }
    }
    if (n > end - from) return CUT
    if (n > limit - to) return TOO_LONG
    if (n > 0) copyOver(to, from, n)
    from += n
    to += n
    if (from == end) break // the last sequence is literals alone

    const distance: usize = load<u16>(from)
    from += 2
    if (from > end) return CUT
    if (distance - 1 >= to - start) return BAD_DISTANCE
    n = (token & 15) + 4
    if (n == 19) {
      for (let byte: u32 = 255; byte == 255; n += byte) {
        if (from >= end) return CUT
        byte = load<u8>(from++)
      }
    }
    if (n > limit - to) return TOO_LONG
    copyBack(to, distance, n)
    to += n
  }
  return to == limit ? 0 : BAD_SIZE
}
