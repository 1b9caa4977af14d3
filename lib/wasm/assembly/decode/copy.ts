// Copies that may write up to 15 bytes behind their end: callers own that slack.

/** Byte indexes that repeat the first d of 16 bytes, for d = 0..15. */
const REPEATS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
])

/** The greatest multiple of d in 16: how far a repeated pattern reaches before it starts anew. */
const STEPS: usize = memory.data<u8>([16, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15])

/** Copies n >= 1 bytes that lie `distance` >= 1 before `to`, repeating them where they run into their own copy. */
@inline
export function copyBack(to: usize, distance: usize, n: usize): void {
  const end = to + n
  let from = to - distance
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from))
      to += 16
      from += 16
    } while (to < end)
    return
  }
  const pattern = v128.swizzle(v128.load(from), v128.load(REPEATS + (distance << 4)))
  const step: usize = load<u8>(STEPS + distance)
  do {
    v128.store(to, pattern)
    to += step
  } while (to < end)
}

/** Copies n <= 64 bytes from 16 or more before `to`, or that do not overlap; writes 64. */
@inline
export function copyShort(to: usize, from: usize, n: usize): void {
  v128.store(to, v128.load(from))
  if (n <= 16) return
  v128.store(to, v128.load(from, 16), 16)
  if (n <= 32) return
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}

/** Copies n bytes that do not overlap; reads up to 16 bytes behind their end. */
@inline
export function copyOver(to: usize, from: usize, n: usize): void {
  v128.store(to, v128.load(from))
  if (n <= 16) return
  if (n > 256) {
    memory.copy(to, from, n)
    return
  }
  let i: usize = 16
  do {
    v128.store(to + i, v128.load(from + i))
    i += 16
  } while (i < n)
}
