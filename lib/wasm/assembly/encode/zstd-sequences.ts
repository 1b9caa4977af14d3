// The sequences section of a block (RFC 8878, 3.1.1.3.2).
import {
  LENGTH_BITS,
  LENGTH_SHARES,
  LENGTHS_LAST,
  lengthSymbol,
  MATCH_BITS,
  MATCH_SHARES,
  MATCHES_LAST,
  matchSymbol,
  OFFSET_SHARES,
  OFFSETS_LAST,
} from './zstd-codes'
import { firstState, nextState, stateBits, topBit } from './zstd-fse'
import { chosenForm, chosenLog, chooseEncoder } from './zstd-tables'
import { COUNTS, ENCODER, ENCODERS, SEQUENCE, SEQUENCES } from './zstd-work'

const OFFSET_COUNTS: usize = COUNTS + 256
const MATCH_COUNTS: usize = COUNTS + 512

/** Writes `n` sequences and returns the end, or 0 when it lies behind `limit`. */
export function putSequences(n: u32, work: usize, to: usize, limit: usize): usize {
  to = putNumber(n, to)
  if (n == 0) return to
  nameSymbols(n, work)
  const forms = to++
  const encoder = work + ENCODERS
  to = chooseEncoder(work + COUNTS, LENGTHS_LAST, n, LENGTH_SHARES, LENGTHS_LAST, 6, 9, work, encoder, to)
  const lengthForm = chosenForm
  const lengthLog = chosenLog
  to = chooseEncoder(work + OFFSET_COUNTS, OFFSETS_LAST, n, OFFSET_SHARES, 28, 5, 8, work, encoder + ENCODER, to)
  const offsetForm = chosenForm
  const offsetLog = chosenLog
  to = chooseEncoder(work + MATCH_COUNTS, MATCHES_LAST, n, MATCH_SHARES, MATCHES_LAST, 6, 9, work, encoder + 2 * ENCODER, to)
  store<u8>(forms, (lengthForm << 6) | (offsetForm << 4) | (chosenForm << 2))
  return putStates(n, work, to, limit, lengthLog, offsetLog, chosenLog)
}

function putNumber(n: u32, to: usize): usize {
  if (n < 128) {
    store<u8>(to, n)
    return to + 1
  }
  if (n < 0x7f00) {
    store<u8>(to, (n >> 8) + 128)
    store<u8>(to, n, 1)
    return to + 2
  }
  store<u8>(to, 255)
  store<u16>(to, n - 0x7f00, 1)
  return to + 3
}

/** Stores and counts the three symbols of each sequence. */
function nameSymbols(n: u32, work: usize): void {
  const lengths = work + COUNTS
  const offsets = work + OFFSET_COUNTS
  const matches = work + MATCH_COUNTS
  memory.fill(lengths, 0, 768)
  const end = work + SEQUENCES + <usize>n * SEQUENCE
  for (let at = work + SEQUENCES; at < end; at += SEQUENCE) {
    const length = lengthSymbol(load<u32>(at))
    const match = matchSymbol(load<u32>(at, 4))
    const offset = topBit(load<u32>(at, 8))
    store<u32>(at, length | (offset << 8) | (match << 16), 12)
    count(lengths, length)
    count(offsets, offset)
    count(matches, match)
  }
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function count(counts: usize, symbol: u32): void {
  const slot = counts + (symbol << 2)
  store<u32>(slot, load<u32>(slot) + 1)
}

/** Writes the sequences' bits from the last to the first, as the decoder reads backwards. */
function putStates(
  n: u32,
  work: usize,
  to: usize,
  limit: usize,
  lengthLog: u32,
  offsetLog: u32,
  matchLog: u32,
): usize {
  const lengths = work + ENCODERS
  const offsets = lengths + ENCODER
  const matches = offsets + ENCODER
  const first = work + SEQUENCES
  let at = first + <usize>(n - 1) * SEQUENCE
  let symbols = load<u32>(at, 12)
  let lengthState = firstState(lengths, symbols & 255)
  let offsetState = firstState(offsets, (symbols >> 8) & 255)
  let matchState = firstState(matches, symbols >> 16)
  let bits: u64 = 0
  let held: u64 = 0
  while (true) {
    // Extra bits: 16 + 15 at most in a block, 23 of an offset within the window, 7 that are held.
    let width = <u64>load<u8>(LENGTH_BITS + (symbols & 255))
    bits |= low(load<u32>(at), width) << held
    held += width
    width = load<u8>(MATCH_BITS + (symbols >> 16))
    bits |= low(load<u32>(at, 4), width) << held
    held += width
    width = (symbols >> 8) & 255
    bits |= low(load<u32>(at, 8), width) << held
    held += width
    store<u64>(to, bits)
    to += <usize>(held >> 3)
    bits >>= held & 56
    held &= 7
    if (to > limit) return 0
    if (at == first) break
    at -= SEQUENCE
    symbols = load<u32>(at, 12)
    const offset = (symbols >> 8) & 255
    width = stateBits(offsets, offset, offsetState)
    bits |= low(offsetState, width) << held
    held += width
    offsetState = nextState(offsets, offset, offsetState, <u32>width)
    const match = symbols >> 16
    width = stateBits(matches, match, matchState)
    bits |= low(matchState, width) << held
    held += width
    matchState = nextState(matches, match, matchState, <u32>width)
    const length = symbols & 255
    width = stateBits(lengths, length, lengthState)
    bits |= low(lengthState, width) << held
    held += width
    lengthState = nextState(lengths, length, lengthState, <u32>width)
    store<u64>(to, bits)
    to += <usize>(held >> 3)
    bits >>= held & 56
    held &= 7
  }
  bits |= low(matchState, matchLog) << held
  held += matchLog
  bits |= low(offsetState, offsetLog) << held
  held += offsetLog
  bits |= low(lengthState, lengthLog) << held
  held += lengthLog
  store<u64>(to, bits | ((<u64>1) << held))
  return to + <usize>(held >> 3) + 1
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function low(value: u32, width: u64): u64 {
  return (<u64>value) & (((<u64>1) << width) - 1)
}
