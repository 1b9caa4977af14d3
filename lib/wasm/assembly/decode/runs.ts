import { expandBits } from './bits'
import { BAD_LEVEL, BAD_WIDTH, CUT } from './fault'

// A cursor over runs of equal values and bit-packed groups of eight, 96 bytes that the caller owns:
//  0 next header   4 end   8 bits a value   12 values left in the run   16 packed?   20 equal value
// 24 packed bytes  28 next packed value     32 shuffle, 48 factors of values 0-3, 64, 80 of 4-7 (see `placeLanes`)

/** Sets a cursor to the runs in [from, end) of values of `width` bits. */
export function startRuns(c: usize, from: usize, end: usize, width: u32): i32 {
  if (width > 32) return BAD_WIDTH
  store<u32>(c, <u32>from)
  store<u32>(c, <u32>end, 4)
  store<u32>(c, width, 8)
  store<u32>(c, 0, 12)
  if (width > 0 && width <= 25) {
    placeLanes(c + 32, 0, width)
    placeLanes(c + 64, 4 * width, width)
  }
  return 0
}

/**
 * Four values of at most 25 bits each begin within a byte and end within the next four: a byte shuffle gives each a
 * lane, and a product moves it to the lane's top, since lanes cannot be shifted by different counts.
 */
function placeLanes(at: usize, firstBit: u32, width: u32): void {
  for (let lane: u32 = 0; lane < 4; lane++) {
    const bit = (firstBit & 7) + lane * width
    for (let k: u32 = 0; k < 4; k++) store<u8>(at + lane * 4 + k, <u8>((bit >> 3) + k))
    store<u32>(at + lane * 4, 1 << (32 - width - (bit & 7)), 16)
  }
}

/** Reads the header of the next run. A packed run that the end cuts off counts the values that are there. */
function openRun(c: usize): i32 {
  let from: usize = load<u32>(c)
  const end: usize = load<u32>(c, 4)
  const width: u32 = load<u32>(c, 8)
  let header: u64 = 0
  for (let shift: u64 = 0; ; shift += 7) {
    if (from >= end || shift > 28) return CUT
    const byte: u64 = load<u8>(from++)
    header |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  if (header & 1) {
    const there = (<u64>(end - from) << 3) / width
    store<u32>(c, <u32>min<u64>((header >> 1) << 3, there), 12)
    store<u32>(c, 1, 16)
    store<u32>(c, <u32>from, 24)
    store<u32>(c, 0, 28)
    from += <usize>min<u64>((header >> 1) * width, <u64>(end - from))
  } else {
    const bytes: usize = (width + 7) >> 3
    if (bytes > end - from) return CUT
    store<u32>(c, <u32>min<u64>(header >> 1, <u64>i32.MAX_VALUE), 12)
    store<u32>(c, 0, 16)
    store<u32>(c, load<u32>(from) & (u32.MAX_VALUE >> (32 - (<u32>bytes << 3))), 20)
    from += bytes
  }
  store<u32>(c, <u32>from)
  return 0
}

/** Decodes the next n values to 32 bits each. Returns 0 or a fault. Writes up to 12 bytes behind the last. */
export function nextRuns(c: usize, n: u32, out: usize): i32 {
  if (load<u32>(c, 8) == 0) {
    memory.fill(out, 0, <usize>n << 2)
    return 0
  }
  while (n > 0) {
    const left: u32 = load<u32>(c, 12)
    if (left == 0) {
      const fault = openRun(c)
      if (fault < 0) return fault
      continue
    }
    const take = min<u32>(left, n)
    store<u32>(c, left - take, 12)
    n -= take
    if (load<u32>(c, 16)) {
      const index: u32 = load<u32>(c, 28)
      unpack(c, index, take, out)
      store<u32>(c, index + take, 28)
    } else {
      const value = i32x4.splat(load<u32>(c, 20))
      for (let i: usize = 0; i < <usize>take << 2; i += 16) v128.store(out + i, value)
    }
    out += <usize>take << 2
  }
  return 0
}

/** Reads one value of at most 32 bits that begins at a bit. */
@inline
function valueAt(base: usize, bit: u32, mask: u64): u32 {
  return <u32>((load<u64>(base + (bit >> 3)) >> <u64>(bit & 7)) & mask)
}

function unpack(c: usize, index: u32, n: u32, out: usize): void {
  const base: usize = load<u32>(c, 24)
  const width: u32 = load<u32>(c, 8)
  const mask: u64 = (<u64>1 << width) - 1
  const end = index + n
  for (; index < end && (index & 7) != 0; index++) {
    store<u32>(out, valueAt(base, index * width, mask))
    out += 4
  }
  if (width <= 25) {
    const places = v128.load(c, 32)
    const factors = v128.load(c, 48)
    const places2 = v128.load(c, 64)
    const factors2 = v128.load(c, 80)
    const half: usize = (4 * width) >> 3
    const shift: i32 = 32 - width
    let from: usize = base + (index >> 3) * width
    for (; index + 8 <= end; index += 8) {
      const lanes = v128.swizzle(v128.load(from), places)
      v128.store(out, i32x4.shr_u(i32x4.mul(lanes, factors), shift))
      const lanes2 = v128.swizzle(v128.load(from + half), places2)
      v128.store(out, i32x4.shr_u(i32x4.mul(lanes2, factors2), shift), 16)
      from += width
      out += 32
    }
  }
  for (; index < end; index++) {
    store<u32>(out, valueAt(base, index * width, mask))
    out += 4
  }
}

/**
 * Decodes the next n levels of a column without nesting to a byte each, 1 = present, and returns how many are present,
 * or a fault. When that is n, the bytes may be unwritten: a run of ones over all of them, the common case, is free.
 */
export function nextLevels(c: usize, n: u32, out: usize): i32 {
  const all = n
  let present: u32 = 0
  while (n > 0) {
    const left: u32 = load<u32>(c, 12)
    if (left == 0) {
      const fault = openRun(c)
      if (fault < 0) return fault
      continue
    }
    const take = min<u32>(left, n)
    store<u32>(c, left - take, 12)
    n -= take
    if (load<u32>(c, 16)) {
      const index: u32 = load<u32>(c, 28)
      present += expandBits(load<u32>(c, 24), index, take, out, 0)
      store<u32>(c, index + take, 28)
    } else {
      const value: u32 = load<u32>(c, 20)
      if (value > 1) return BAD_LEVEL
      if (value == 1 && take == all) return all
      memory.fill(out, <u8>value, take)
      present += value * take
    }
    out += take
  }
  return present
}
