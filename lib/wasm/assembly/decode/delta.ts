import { BAD_BLOCK, BAD_HEADER, CUT } from './fault'

// A cursor over DELTA_BINARY_PACKED integers, 64 bytes that the caller owns:
//  0 next byte   4 end   8 values a part   12 parts a block   16 values left   20 values left in the part
// 24 next part  28 its widths   32 bits a value   36 next bit   40 least delta   48 value before   56 first is unread?

/** Reads an unsigned number of at most 64 bits at `from`. `varintEnd` is where it ends, 0 when it is cut. */
let varintEnd: usize = 0
function varint(from: usize, end: usize): u64 {
  let value: u64 = 0
  varintEnd = 0
  for (let shift: u64 = 0; shift < 64 && from < end; shift += 7) {
    const byte: u64 = load<u8>(from++)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      varintEnd = from
      break
    }
  }
  return value
}

/** Sets a cursor to the integers that begin at `from`. Returns how many there are, or a fault. */
export function startDelta(c: usize, from: usize, end: usize): i32 {
  memory.fill(c, 0, 64)
  const block = varint(from, end)
  if (!varintEnd) return CUT
  const parts = varint(varintEnd, end)
  if (!varintEnd) return CUT
  const count = varint(varintEnd, end)
  if (!varintEnd) return CUT
  const first = varint(varintEnd, end)
  if (!varintEnd) return CUT
  // No writer makes blocks beyond this; parts must end on a byte.
  if (block == 0 || block > 65_536 || parts == 0 || block % parts != 0 || ((block / parts) & 7) != 0) return BAD_BLOCK
  if (count > <u64>i32.MAX_VALUE) return BAD_HEADER
  store<u32>(c, <u32>varintEnd)
  store<u32>(c, <u32>end, 4)
  store<u32>(c, <u32>(block / parts), 8)
  store<u32>(c, <u32>parts, 12)
  store<u32>(c, <u32>count, 16)
  store<u32>(c, <u32>parts, 24)
  store<i64>(c, <i64>(first >> 1) ^ -<i64>(first & 1), 48)
  store<u32>(c, 1, 56)
  return <i32>count
}

/** Moves a cursor with values left to its next part; a block begins where the parts of the one before end. */
function openPart(c: usize): i32 {
  let from: usize = load<u32>(c)
  const end: usize = load<u32>(c, 4)
  const size: u32 = load<u32>(c, 8)
  let part: u32 = load<u32>(c, 24)
  if (part == load<u32>(c, 12)) {
    const least = varint(from, end)
    if (!varintEnd || part > <u32>(end - varintEnd)) return CUT
    store<i64>(c, <i64>(least >> 1) ^ -<i64>(least & 1), 40)
    store<u32>(c, <u32>varintEnd, 28)
    from = varintEnd + part
    part = 0
  }
  const width: u32 = load<u8>(<usize>load<u32>(c, 28) + part)
  if (width > 64) return BAD_BLOCK
  // The last part may lack the bytes that pad it.
  const take = min<u32>(size, load<u32>(c, 16))
  if (((take * width + 7) >> 3) > <u32>(end - from)) return CUT
  store<u32>(c, take, 20)
  store<u32>(c, part + 1, 24)
  store<u32>(c, width, 32)
  store<u32>(c, <u32>(from - <usize>load<u32>(c, 28)) << 3, 36) // behind the widths
  store<u32>(c, <u32>min<usize>(from + ((size * width) >> 3), end))
  return 0
}

/** Decodes the next n integers, `bytes` (4 or 8) each, wrapping. Returns 0 or a fault. */
export function nextDelta(c: usize, n: u32, out: usize, bytes: u32): i32 {
  if (n == 0) return 0
  let value = load<i64>(c, 48)
  if (load<u32>(c, 56)) {
    if (load<u32>(c, 16) == 0) return CUT
    store<u32>(c, load<u32>(c, 16) - 1, 16)
    store<u32>(c, 0, 56)
    if (bytes == 8) store<i64>(out, value)
    else store<i32>(out, <i32>value)
    out += bytes
    n--
  }
  while (n > 0) {
    if (load<u32>(c, 20) == 0) {
      if (load<u32>(c, 16) == 0) return CUT
      const fault = openPart(c)
      if (fault < 0) return fault
    }
    const take = min<u32>(n, load<u32>(c, 20))
    value = bytes == 8 ? addUp<i64>(c, take, value, out) : addUp<i32>(c, take, value, out)
    store<u32>(c, load<u32>(c, 20) - take, 20)
    store<u32>(c, load<u32>(c, 16) - take, 16)
    out += <usize>(take * bytes)
    n -= take
  }
  store<i64>(c, value, 48)
  return 0
}

@inline
function addUp<T>(c: usize, n: u32, value: i64, out: usize): i64 {
  const least = load<i64>(c, 40)
  const width: u64 = load<u32>(c, 32)
  const base: usize = load<u32>(c, 28) // where bits count from: those of an address would need 35 bits
  let bit: u64 = load<u32>(c, 36)
  const end = out + <usize>n * sizeof<T>()
  if (width == 0) {
    for (; out < end; out += sizeof<T>()) {
      value += least
      store<T>(out, <T>value)
    }
    return value
  }
  const mask: u64 = u64.MAX_VALUE >> (64 - width)
  if (width <= 57) {
    for (; out < end; out += sizeof<T>()) {
      value += least + <i64>((load<u64>(base + <usize>(bit >> 3)) >> (bit & 7)) & mask)
      bit += width
      store<T>(out, <T>value)
    }
  } else {
    for (; out < end; out += sizeof<T>()) {
      const at = base + <usize>(bit >> 3)
      let word = load<u64>(at) >> (bit & 7)
      if (bit & 7) word |= <u64>load<u8>(at, 8) << (64 - (bit & 7))
      value += least + <i64>(word & mask)
      bit += width
      store<T>(out, <T>value)
    }
  }
  store<u32>(c, <u32>bit, 36)
  return value
}

/** Returns the address behind the integers of a cursor that was just set, without decoding them, or 0 for a fault. */
export function endOfDelta(c: usize): usize {
  let left: i32 = load<i32>(c, 16) - 1
  while (left > 0) {
    store<u32>(c, <u32>left, 16)
    if (openPart(c) < 0) return 0
    left -= <i32>load<u32>(c, 8)
  }
  return load<u32>(c)
}
