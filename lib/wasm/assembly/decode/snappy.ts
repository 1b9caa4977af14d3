import { copyBack, copyShort } from './copy'
import { BAD_DISTANCE, BAD_HEADER, BAD_SIZE, CUT, TOO_LONG } from './fault'

/** Decompresses [from, end) to exactly [to, limit). Returns 0 or a fault. Both sides need 64 bytes of slack. */
export function snappy(from: usize, end: usize, to: usize, limit: usize): i32 {
  let size: u64 = 0
  for (let shift: u64 = 0; ; shift += 7) {
    if (from >= end || shift > 28) return BAD_HEADER
    const byte: u64 = load<u8>(from++)
    size |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  if (size != <u64>(limit - to)) return BAD_SIZE
  const start = to

  while (from < end) {
    const tag: u32 = load<u8>(from)
    const kind = tag & 3
    if (kind == 0) {
      let n: usize = (tag >> 2) + 1
      from++
      if (n > 60) {
        const bytes = n - 60
        const last = load<u32>(from) & (u32.MAX_VALUE >> (32 - (<u32>bytes << 3))) // length - 1, which cannot wrap
        from += bytes
        if (from > end || last >= <u32>(end - from)) return CUT
        n = last + 1
        if (n > limit - to) return TOO_LONG
        memory.copy(to, from, n)
      } else {
        if (n > end - from) return CUT
        if (n > limit - to) return TOO_LONG
        copyShort(to, from, n)
      }
      from += n
      to += n
      continue
    }
    let n: usize = (tag >> 2) + 1
    let distance: usize
    if (kind == 2) {
      distance = load<u16>(from, 1)
      from += 3
    } else if (kind == 1) {
      n = ((tag >> 2) & 7) + 4
      distance = ((tag >> 5) << 8) | <u32>load<u8>(from, 1)
      from += 2
    } else {
      distance = load<u32>(from, 1)
      from += 5
    }
    if (from > end) return CUT
    if (distance - 1 >= to - start) return BAD_DISTANCE // 0 wraps to the greatest
    if (n > limit - to) return TOO_LONG
    if (distance >= 16) copyShort(to, to - distance, n)
    else copyBack(to, distance, n)
    to += n
  }
  return to == limit ? 0 : BAD_SIZE
}
