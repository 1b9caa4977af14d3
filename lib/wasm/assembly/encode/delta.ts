import { varint, varintBytes, zigzag } from './varint'

const BLOCK = 128
const PARTS = 4
const PART = BLOCK / PARTS

/** Writes 64-bit integers as DELTA_BINARY_PACKED. Returns the bytes written. */
export function deltaOf64(from: usize, n: i32, out: usize): i32 {
  return encoded<i64>(from, n, out)
}

/** Writes 32-bit integers as DELTA_BINARY_PACKED. Returns the bytes written. */
export function deltaOf32(from: usize, n: i32, out: usize): i32 {
  return encoded<i32>(from, n, out)
}

/** Returns the bytes that 64-bit integers take as DELTA_BINARY_PACKED. */
export function deltaBytes64(from: usize, n: i32): i32 {
  return sized<i64>(from, n)
}

/** Returns the bytes that 32-bit integers take as DELTA_BINARY_PACKED. */
export function deltaBytes32(from: usize, n: i32): i32 {
  return sized<i32>(from, n)
}

// Differences wrap at the width of the type: a reader's sum wraps back.
@inline function step<T>(from: usize, i: i32): T {
  const at = from + <usize>i * sizeof<T>()
  return <T>(load<T>(at + sizeof<T>()) - load<T>(at))
}

@inline function above<T>(value: T, least: T): u64 {
  if (sizeof<T>() == 8) return <u64>value - <u64>least
  return <u64>(<u32>value - <u32>least)
}

function leastStep<T>(from: usize, i: i32, end: i32): T {
  let least = step<T>(from, i)
  for (i++; i < end; i++) least = min<T>(least, step<T>(from, i))
  return least
}

function widthOf<T>(from: usize, i: i32, end: i32, least: T): i32 {
  let any: u64 = 0
  for (; i < end; i++) any |= above<T>(step<T>(from, i), least)
  return 64 - <i32>clz(any)
}

function sized<T>(from: usize, n: i32): i32 {
  let bytes = 3 + varintBytes(n) + (n > 0 ? varintBytes(zigzag(<i64>load<T>(from))) : 1)
  for (let block = 0; block < n - 1; block += BLOCK) {
    const end = min(block + BLOCK, n - 1)
    const least = leastStep<T>(from, block, end)
    bytes += varintBytes(zigzag(<i64>least)) + PARTS
    for (let i = block; i < end; i += PART) bytes += widthOf<T>(from, i, min(i + PART, end), least) * (PART / 8)
  }
  return bytes
}

function encoded<T>(from: usize, n: i32, out: usize): i32 {
  const start = out
  out = varint(BLOCK, out)
  out = varint(PARTS, out)
  out = varint(n, out)
  out = varint(n > 0 ? zigzag(<i64>load<T>(from)) : 0, out)
  for (let block = 0; block < n - 1; block += BLOCK) {
    const end = min(block + BLOCK, n - 1)
    const least = leastStep<T>(from, block, end)
    out = varint(zigzag(<i64>least), out)
    const widths = out
    store<u32>(widths, 0) // parts behind the last value have no bits
    out += PARTS
    for (let i = block, part = 0; i < end; i += PART, part++) {
      const stop = min(i + PART, end)
      const width = widthOf<T>(from, i, stop, least)
      store<u8>(widths + part, <u8>width)
      pack<T>(from, i, stop, least, width, out)
      out += width * (PART / 8)
    }
  }
  return <i32>(out - start)
}

/** Writes the steps [i, end) above the least one; what is missing to 32 of them stays zero. */
function pack<T>(from: usize, i: i32, end: i32, least: T, width: i32, out: usize): void {
  if (end - i < PART) memory.fill(out, 0, width * (PART / 8))
  let word: u64 = 0
  let filled = 0
  for (; i < end; i++) {
    const value = above<T>(step<T>(from, i), least)
    word |= value << filled
    filled += width
    if (filled >= 64) {
      store<u64>(out, word)
      out += 8
      filled -= 64
      word = filled == 0 ? 0 : value >> (width - filled)
    }
  }
  // No more than these bytes: the ones behind are zeros already, or belong to nobody yet.
  if (filled > 0) store<u64>(out, word)
}
