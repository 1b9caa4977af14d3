import { copyBack, copyOver } from '../copy'
import { BAD_BITS, BAD_DISTANCE, BAD_SIZE, CUT, TOO_LONG } from '../fault'
import { bitsAt, firstPosition, highest } from './backward'
import { literalBits, matchBits, offsetBits, readCodes } from './codes'
import { literals, literalsEnd } from './literals'
import { LITERAL_LENGTHS, MATCH_LENGTHS, OFFSETS } from './workspace'

let recent0: u32 = 1
let recent1: u32 = 4
let recent2: u32 = 8

/** Sets the recent distances as a frame begins. */
export function resetDistances(): void {
  recent0 = 1
  recent1 = 4
  recent2 = 8
}

/**
 * Runs the sequences of a block [from, end) over its literals, writing from `to` on. Distances reach back to `start`
 * and no further than the window. Returns the bytes written or a fault.
 */
export function runSequences(
  from: usize,
  end: usize,
  to: usize,
  limit: usize,
  start: usize,
  window: usize,
  ws: usize,
): i32 {
  if (from >= end) return CUT
  const first = to
  let count: u32 = load<u8>(from++)
  if (count > 127) {
    if (count < 255) count = ((count - 128) << 8) + <u32>load<u8>(from++)
    else {
      count = <u32>load<u16>(from) + 0x7f00
      from += 2
    }
    if (from > end) return CUT
  }
  let literal = literals
  const lastLiteral = literalsEnd
  if (count == 0) {
    if (from != end) return BAD_SIZE
  } else {
    const read = readCodes(from, end, ws)
    if (read < 0) return read
    from += read
    let position = firstPosition(from, end) - literalBits - offsetBits - matchBits
    if (position < 0) return BAD_BITS
    const tableL = ws + LITERAL_LENGTHS
    const tableO = ws + OFFSETS
    const tableM = ws + MATCH_LENGTHS
    let bits = bitsAt(from, position + literalBits + offsetBits + matchBits)
    let stateL = tableL + (<usize>highest(bits, literalBits) << 3)
    bits <<= <u64>literalBits
    let stateO = tableO + (<usize>highest(bits, offsetBits) << 3)
    bits <<= <u64>offsetBits
    let stateM = tableM + (<usize>highest(bits, matchBits) << 3)
    let r0 = recent0
    let r1 = recent1
    let r2 = recent2

    for (;;) {
      bits = bitsAt(from, position)
      const entryO = load<u64>(stateO)
      const entryM = load<u64>(stateM)
      const entryL = load<u64>(stateL)
      const extraO: u64 = (entryO >> 32) & 0xff
      const extraM: u64 = (entryM >> 32) & 0xff
      const extraL: u64 = (entryL >> 32) & 0xff
      const code = <u32>entryO + highest(bits, extraO)
      bits <<= extraO
      const length: usize = <u32>entryM + highest(bits, extraM)
      bits <<= extraM
      const extra = <i32>(extraO + extraM + extraL)
      position -= extra
      if (position < 0) return BAD_BITS
      let plain: usize = <u32>entryL
      if (extra > 30) {
        // The window's 56 bits may not do for these and the 26 of the next states.
        plain += highest(bitsAt(from, position + <i32>extraL), extraL)
        bits = bitsAt(from, position)
      } else {
        plain += highest(bits, extraL)
        bits <<= extraL
      }

      let distance: u32
      if (code > 3) {
        distance = code - 3
        r2 = r1
        r1 = r0
        r0 = distance
      } else {
        const which = code - <u32>(plain != 0)
        if (which == 0) distance = r0
        else {
          distance = which == 1 ? r1 : which == 2 ? r2 : r0 - 1
          if (which != 1) r2 = r1
          r1 = r0
          r0 = distance
        }
      }
      if (plain > lastLiteral - literal) return BAD_SIZE
      if (plain + length > limit - to) return TOO_LONG
      copyOver(to, literal, plain)
      to += plain
      literal += plain
      if (distance - 1 >= <u32>(to - start) || distance > <u32>window) return BAD_DISTANCE
      copyBack(to, distance, length)
      to += length
      if (--count == 0) break

      const moreL: u64 = (entryL >> 40) & 0xff
      const moreM: u64 = (entryM >> 40) & 0xff
      const moreO: u64 = (entryO >> 40) & 0xff
      stateL = tableL + ((<usize>(entryL >> 48) + highest(bits, moreL)) << 3)
      bits <<= moreL
      stateM = tableM + ((<usize>(entryM >> 48) + highest(bits, moreM)) << 3)
      bits <<= moreM
      stateO = tableO + ((<usize>(entryO >> 48) + highest(bits, moreO)) << 3)
      // Below 0 by 26 at most, where the frame's own bytes are still read; the next round refuses it.
      position -= <i32>(moreL + moreM + moreO)
    }
    if (position != 0) return BAD_BITS
    recent0 = r0
    recent1 = r1
    recent2 = r2
  }
  const rest = lastLiteral - literal
  if (rest > limit - to) return TOO_LONG
  memory.copy(to, literal, rest)
  return <i32>(to + rest - first)
}
