// The literals section of a block (RFC 8878, 3.1.1.3.1).
import { lastSymbol, makeCodes } from './zstd-huffman'
import { describeWeights } from './zstd-weights'
import { CODES, COUNTS, LITERALS } from './zstd-work'

const RAW: u32 = 0
const CONSTANT: u32 = 1
const CODED: u32 = 2
const CODED_LEAST: u32 = 64 // fewer do not pay for a description of codes
const FOUR_STREAMS_LEAST: u32 = 256 // fewer do not pay for the streams' lengths

/** Writes a block's `n` literals, which have 16 bytes of room behind them, and returns the end. */
export function putLiterals(n: u32, work: usize, to: usize): usize {
  const literals = work + LITERALS
  if (n < CODED_LEAST) return putRaw(literals, n, to)
  const most = countBytes(literals, n, work + COUNTS)
  if (most == n) {
    to = putHeader(CONSTANT, n, to)
    store<u8>(to, load<u8>(literals))
    return to + 1
  }
  // Near evenly spread bytes: no code is worth the decoder's time.
  if (most <= (n >> 7) + 4) return putRaw(literals, n, to)
  const bits = makeCodes(work)
  const streams: u32 = n < FOUR_STREAMS_LEAST ? 1 : 4
  const header: u32 = n < 1024 ? 3 : n < 16384 ? 4 : 5
  const description = describeWeights(lastSymbol, work, to + header)
  const size = <u32>(description - to) - header + (bits >> 3) + streams * 3
  if (description == 0 || size + (n >> 6) + 2 >= n) return putRaw(literals, n, to)
  const end = streams == 1 ? putStream(literals, n, work, description) : putStreams(literals, n, work, description)
  const coded = <u64>(end - to - header)
  const form: u64 = streams == 1 ? 0 : header - 2
  const width: u64 = header == 3 ? 10 : header == 4 ? 14 : 18
  const fields = CODED | (form << 2) | ((<u64>n) << 4) | (coded << (4 + width))
  store<u16>(to, fields)
  store<u8>(to, fields >> 16, 2)
  if (header > 3) store<u8>(to, fields >> 24, 3)
  if (header > 4) store<u8>(to, fields >> 32, 4)
  return end
}

function putRaw(literals: usize, n: u32, to: usize): usize {
  to = putHeader(RAW, n, to)
  memory.copy(to, literals, n)
  return to + n
}

/** Writes the header of literals that are not coded. */
function putHeader(type: u32, n: u32, to: usize): usize {
  if (n < 32) {
    store<u8>(to, type | (n << 3))
    return to + 1
  }
  if (n < 4096) {
    store<u16>(to, type | 4 | (n << 4))
    return to + 2
  }
  store<u32>(to, type | 12 | (n << 4))
  return to + 3
}

/** Counts bytes and returns the count of the most frequent. */
function countBytes(from: usize, n: u32, counts: usize): u32 {
  memory.fill(counts, 0, 4096)
  // Four tables in turn: an increment need not wait for the one before of the same byte.
  const end = from + n
  for (; from + 8 <= end; from += 8) {
    const bytes = load<u64>(from)
    for (let i: u32 = 0; i < 8; i++) count(counts + ((i & 3) << 10), <u32>(bytes >> (i << 3)) & 255)
  }
  for (; from < end; from++) count(counts, load<u8>(from))
  let most: u32 = 0
  for (let symbol: usize = 0; symbol < 1024; symbol += 4) {
    const at = counts + symbol
    const sum = load<u32>(at) + load<u32>(at, 1024) + load<u32>(at, 2048) + load<u32>(at, 3072)
    store<u32>(at, sum)
    most = max(most, sum)
  }
  return most
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function count(counts: usize, symbol: u32): void {
  const slot = counts + (symbol << 2)
  store<u32>(slot, load<u32>(slot) + 1)
}

function putStreams(from: usize, n: u32, work: usize, to: usize): usize {
  const part = (n + 3) >> 2
  let at = to + 6
  for (let stream: u32 = 0; stream < 4; stream++) {
    const start = stream * part
    const end = putStream(from + start, min(part, n - start), work, at)
    if (stream < 3) store<u16>(to + (stream << 1), end - at)
    at = end
  }
  return at
}

/** Writes the codes of bytes, the last one's first, and a bit that marks the end. */
function putStream(from: usize, n: u32, work: usize, to: usize): usize {
  const codes = work + CODES
  let bits: u64 = 0
  let held: u64 = 0
  let at = from + n
  for (let left = n % 5; left > 0; left--) {
    const code = codeOf(codes, --at)
    bits |= (code & 0xffff) << held
    held += code >> 16
  }
  while (at > from) {
    store<u64>(to, bits)
    to += <usize>(held >> 3)
    bits >>= held & 56
    held &= 7
    at -= 5
    // Five codes of 11 bits and 7 that are held fit.
    for (let i = 4; i >= 0; i--) {
      const code = codeOf(codes, at + i)
      bits |= (code & 0xffff) << held
      held += code >> 16
    }
  }
  bits |= (<u64>1) << held
  store<u64>(to, bits)
  return to + <usize>(held >> 3) + 1
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function codeOf(codes: usize, at: usize): u64 {
  return load<u32>(codes + (<usize>load<u8>(at) << 2))
}
