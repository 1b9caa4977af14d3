import { BAD_TABLE, CUT } from '../fault'
import { COUNTS, NEXT_STATES } from './workspace'

/** Symbols and accuracy of the counts that were read last. */
export let symbols: u32 = 0
export let accuracy: u32 = 0

/**
 * Reads how the states of a table are shared out among symbols 0..most to `COUNTS`, -1 for less than one state. Returns
 * the bytes read or a fault.
 */
export function readCounts(from: usize, end: usize, ws: usize, most: u32, mostAccuracy: u32): i32 {
  if (from >= end) return CUT
  accuracy = (load<u8>(from) & 15) + 5
  if (accuracy > mostAccuracy) return BAD_TABLE
  const size = <u32>(end - from)
  let left: i32 = 1 << accuracy
  let bit: u32 = 4
  let symbol: u32 = 0
  while (left > 0) {
    if (symbol > most) return BAD_TABLE
    if (bit >> 3 >= size) return CUT
    // Numbers 0..left + 1 take one bit less while their code is below what is spare.
    const width: u32 = 32 - clz<u32>(left + 1)
    const word = load<u32>(from + (bit >> 3)) >> (bit & 7)
    const half: u32 = 1 << (width - 1)
    const spare: u32 = (half << 1) - 2 - <u32>left
    let count: u32 = word & (half - 1)
    if (count < spare) bit += width - 1
    else {
      count = word & (2 * half - 1)
      if (count >= half) count -= spare
      bit += width
    }
    const states = <i32>count - 1
    store<i16>(ws + COUNTS + (symbol++ << 1), <i16>states)
    left -= states < 0 ? 1 : states
    if (states != 0) continue
    for (let repeat: u32 = 3; repeat == 3; ) {
      if (bit >> 3 >= size) return CUT
      repeat = (load<u16>(from + (bit >> 3)) >> (bit & 7)) & 3
      bit += 2
      if (symbol + repeat > most + 1) return BAD_TABLE
      for (let k: u32 = 0; k < repeat; k++) store<i16>(ws + COUNTS + (symbol++ << 1), 0)
    }
  }
  const bytes = (bit + 7) >> 3
  if (left < 0) return BAD_TABLE
  if (bytes > size) return CUT
  symbols = symbol
  return bytes
}

/**
 * Builds a table of 1 << bits states from `COUNTS`, whose sum is that many. An entry of 1 << shift bytes begins with
 * the symbol, and ends with a byte of bits to read and two of what to add to them for the next state.
 */
export function buildStates(table: usize, ws: usize, count: u32, bits: u32, shift: u32): void {
  const size: u32 = 1 << bits
  const mask = size - 1
  const step = (size >> 1) + (size >> 3) + 3
  let top: i32 = size - 1
  for (let s: u32 = 0; s < count; s++) {
    const states = <i32>load<i16>(ws + COUNTS + (s << 1))
    if (states == -1) {
      store<u8>(table + (<usize>top << shift), <u8>s)
      top--
    }
    store<u16>(ws + NEXT_STATES + (s << 1), <u16>(states == -1 ? 1 : states))
  }
  let at: u32 = 0
  for (let s: u32 = 0; s < count; s++) {
    for (let k = <i32>load<i16>(ws + COUNTS + (s << 1)); k > 0; k--) {
      store<u8>(table + (<usize>at << shift), <u8>s)
      do at = (at + step) & mask
      while (<i32>at > top)
    }
  }
  const tail: usize = (1 << shift) - 3
  for (let i: u32 = 0; i < size; i++) {
    const entry = table + (<usize>i << shift)
    const next = ws + NEXT_STATES + (<usize>load<u8>(entry) << 1)
    const state: u32 = load<u16>(next)
    store<u16>(next, <u16>(state + 1))
    const width = bits - (31 - clz<u32>(state))
    store<u8>(entry + tail, <u8>width)
    store<u16>(entry + tail + 1, <u16>((state << width) - size))
  }
}
