const GOLDEN: u64 = 0x9e3779b97f4a7c15
// Where to give up: what grows so fast has a dictionary larger than what it saves.
const FIRST = 4095
const FIRST_MOST = 3973 // of 4096: 97 %
const SECOND = 16_383
const SECOND_MOST = 14_336 // of 16,384: 7/8
const FEWEST = 1024 // slots

/**
 * Numbers 8-byte values by their bits, in the order they first come: codes (4 bytes a value) and the distinct values.
 * `slots` has room for `most` times 16 bytes, a power of two, 2 * limit and 1024 at least. Returns how many there are,
 * or -1 when more than `limit` are, or as soon as it is likely: more than 97 % of the first 4096 values, or 7/8 of 16,384.
 */
export function number64(values: usize, n: i32, limit: i32, slots: usize, most: i32, distinct: usize, codes: usize): i32 {
  return numbered<u64>(values, n, limit, slots, most, distinct, codes)
}

/** Does the same for 4-byte values. */
export function number32(values: usize, n: i32, limit: i32, slots: usize, most: i32, distinct: usize, codes: usize): i32 {
  return numbered<u32>(values, n, limit, slots, most, distinct, codes)
}

@inline function slotOf<T>(value: T, shift: u64): usize {
  const bits = <u64>value
  return <usize>(((bits ^ (bits >> 32)) * GOLDEN) >> shift) << 4
}

// A slot is 16 bytes: the value, and its code + 1, zero when free. While there is room, a quarter of them is used at
// most: a value is then nearly always found where it is looked for first, and a wrong guess of the processor is dear.
function numbered<T>(values: usize, n: i32, limit: i32, slots: usize, most: i32, distinct: usize, codes: usize): i32 {
  let size = FEWEST
  let shift: u64 = 64 - <u64>ctz(size)
  let mask: usize = (size << 4) - 1
  memory.fill(slots, 0, size << 4)
  let count: u32 = 0
  let first = FIRST
  for (let i = 0; i < n; i++) {
    const value = load<T>(values + <usize>i * sizeof<T>())
    let at = slotOf<T>(value, shift)
    let known = load<u32>(slots + at, 8)
    // One branch for the common case; a free slot's value is 0 as well.
    while (!(<i32>(load<T>(slots + at) == value) & <i32>(known != 0))) {
      if (known == 0) {
        if (count == <u32>limit) return -1
        store<T>(distinct + <usize>count * sizeof<T>(), value)
        store<T>(slots + at, value)
        store<u32>(slots + at, ++count, 8)
        known = count
        if (<i32>count * 4 > size && size < most) {
          size <<= 1
          shift--
          mask = (size << 4) - 1
          rehash<T>(distinct, count, slots, size, shift)
        }
        break
      }
      at = (at + 16) & mask
      known = load<u32>(slots + at, 8)
    }
    store<u32>(codes + (<usize>i << 2), known - 1)
    if (i == first) {
      if (<i32>count > (i == FIRST ? FIRST_MOST : SECOND_MOST)) return -1
      first = SECOND
    }
  }
  return count
}

function rehash<T>(distinct: usize, count: u32, slots: usize, size: i32, shift: u64): void {
  const mask: usize = (size << 4) - 1
  memory.fill(slots, 0, size << 4)
  for (let i: u32 = 0; i < count; ) {
    const value = load<T>(distinct + <usize>i * sizeof<T>())
    let at = slotOf<T>(value, shift)
    while (load<u32>(slots + at, 8) != 0) at = (at + 16) & mask
    store<T>(slots + at, value)
    store<u32>(slots + at, ++i, 8)
  }
}

/**
 * Renumbers codes in place, in the order they first come. `table` has 4 bytes a code, all -1; `order` takes the old
 * code of each new one. Returns how many there are.
 */
export function renumber(codes: usize, n: i32, table: usize, order: usize): i32 {
  let count = 0
  for (let i = 0; i < n; i++) {
    const at = codes + (<usize>i << 2)
    const old = load<u32>(at)
    const slot = table + (<usize>old << 2)
    let code = load<i32>(slot)
    if (code < 0) {
      code = count++
      store<i32>(slot, code)
      store<u32>(order + (<usize>code << 2), old)
    }
    store<i32>(at, code)
  }
  return count
}
