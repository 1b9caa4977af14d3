import { BAD_BITS, BAD_TABLE, CUT } from '../fault'
import { bitsAt, firstPosition, highest } from './backward'
import { accuracy, buildStates, readCounts, symbols } from './entropy'
import { HUFFMAN, WEIGHT_STATES, WEIGHTS } from './workspace'

/** The longest code: tables have an entry for each value of so many bits. */
const TABLE_BITS: u32 = 11

/** Reads a code tree and builds its table: code length, symbol << 8 by the next 11 bits. Returns bytes or a fault. */
export function readTree(from: usize, end: usize, ws: usize): i32 {
  if (from >= end) return CUT
  const header: u32 = load<u8>(from)
  let count: i32
  let bytes: usize
  if (header >= 128) {
    count = header - 127
    bytes = (header - 126) >> 1
    if (bytes > end - from - 1) return CUT
    for (let i: i32 = 0; i < count; i += 2) {
      const pair: u32 = load<u8>(from + 1 + (i >> 1))
      store<u8>(ws + WEIGHTS + i, <u8>(pair >> 4))
      store<u8>(ws + WEIGHTS + i, <u8>(pair & 15), 1)
    }
  } else {
    bytes = header
    if (bytes > end - from - 1) return CUT
    count = readWeights(from + 1, from + 1 + bytes, ws)
    if (count < 0) return count
  }
  const fault = buildCodes(ws, count)
  return fault < 0 ? fault : <i32>bytes + 1
}

/** Decodes weights, packed by two states in turn until the bits run out. Returns how many. */
function readWeights(from: usize, end: usize, ws: usize): i32 {
  const bytes = readCounts(from, end, ws, 12, 6)
  if (bytes < 0) return bytes
  buildStates(ws + WEIGHT_STATES, ws, symbols, accuracy, 2)
  from += bytes
  let position = firstPosition(from, end)
  if (position < <i32>(2 * accuracy)) return BAD_BITS
  const bits = bitsAt(from, position)
  let here: u32 = highest(bits, accuracy)
  let other: u32 = highest(bits << accuracy, accuracy)
  position -= 2 * accuracy
  let count: i32 = 0
  while (count < 254) {
    const entry = load<u32>(ws + WEIGHT_STATES + (here << 2))
    store<u8>(ws + WEIGHTS + count++, <u8>entry)
    const width: u32 = (entry >> 8) & 0xff
    if (position < <i32>width) {
      store<u8>(ws + WEIGHTS + count++, load<u8>(ws + WEIGHT_STATES + (other << 2)))
      return count
    }
    here = other
    other = (entry >> 16) + highest(bitsAt(from, position), width)
    position -= width
  }
  return BAD_TABLE
}

/** Builds the table of `count` weights and the last one, which is what is missing to a power of two. */
function buildCodes(ws: usize, count: i32): i32 {
  let sum: u32 = 0
  for (let i: i32 = 0; i < count; i++) {
    const weight: u32 = load<u8>(ws + WEIGHTS + i)
    if (weight > TABLE_BITS) return BAD_TABLE
    sum += (1 << weight) >> 1
  }
  if (sum == 0) return BAD_TABLE
  const longest: u32 = 32 - clz<u32>(sum)
  if (longest > TABLE_BITS) return BAD_TABLE
  const missing: u32 = (1 << longest) - sum
  if ((missing & (missing - 1)) != 0) return BAD_TABLE
  store<u8>(ws + WEIGHTS + count++, <u8>(32 - clz<u32>(missing)))

  let to = ws + HUFFMAN
  for (let weight: u32 = 1; weight <= longest; weight++) {
    const bytes: usize = <usize>1 << (weight + TABLE_BITS - longest)
    for (let i: i32 = 0; i < count; i++) {
      if (load<u8>(ws + WEIGHTS + i) != weight) continue
      const entry = <u16>((longest + 1 - weight) | (i << 8))
      const end = to + bytes
      const entries = i16x8.splat(entry)
      for (let at = to; at < end; at += 16) v128.store(at, entries) // what goes too far is written again
      to = end
    }
  }
  return 0
}
