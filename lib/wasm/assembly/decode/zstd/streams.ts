import { BAD_BITS, CUT } from '../fault'
import { bitsAt, firstPosition } from './backward'
import { HUFFMAN } from './workspace'

/** Decodes the rest of a stream to [to, end), which must use up its bits. */
function decodeRest(from: usize, position: i32, to: usize, end: usize, table: usize): i32 {
  while (to < end) {
    if (position <= 0) return BAD_BITS
    const entry: u32 = load<u16>(table + <usize>((bitsAt(from, position) >> 53) << 1))
    position -= entry & 0xff
    store<u8>(to++, <u8>(entry >> 8))
  }
  return position == 0 ? 0 : BAD_BITS
}

/** Decodes one stream [from, end) to n bytes. */
export function decodeStream(from: usize, end: usize, to: usize, n: usize, ws: usize): i32 {
  const table = ws + HUFFMAN
  let position = firstPosition(from, end)
  const last = to + n
  // 5 codes of at most 11 bits are in every 56.
  while (position >= 56 && to + 5 <= last) {
    let bits = bitsAt(from, position)
    for (let k: i32 = 0; k < 5; k++) {
      const entry: u32 = load<u16>(table + <usize>((bits >> 53) << 1))
      bits <<= <u64>(entry & 63)
      position -= entry & 0xff
      store<u8>(to++, <u8>(entry >> 8))
    }
  }
  return decodeRest(from, position, to, last, table)
}

/** Takes one code off the top of a stream's bits and stores its symbol. */
@inline
function nextCode(bits: u64, table: usize, to: usize, k: usize): u64 {
  const entry: u32 = load<u16>(table + <usize>((bits >> 53) << 1))
  store<u8>(to + k, <u8>(entry >> 8))
  return bits << <u64>(entry & 63)
}

/** Decodes four streams side by side to n bytes; [from, end) begins with the sizes of the first three. */
export function decodeStreams(from: usize, end: usize, to: usize, n: usize, ws: usize): i32 {
  if (end - from < 10 || n < 6) return CUT
  const table = ws + HUFFMAN
  const a = from + 6
  const b = a + load<u16>(from)
  const c = b + load<u16>(from, 2)
  const d = c + load<u16>(from, 4)
  if (d >= end) return CUT
  const positionA = firstPosition(a, b)
  const positionB = firstPosition(b, c)
  const positionC = firstPosition(c, d)
  const positionD = firstPosition(d, end)
  if (positionA < 0 || positionB < 0 || positionC < 0 || positionD < 0) return BAD_BITS
  const quarter = (n + 3) >> 2
  const last = to + n
  let toA = to
  let toB = toA + quarter
  let toC = toB + quarter
  let toD = toC + quarter
  if (toD > last) return BAD_BITS

  // Each stream's next bits are read as 8 bytes at `at`; streams too short for that go straight to their rest.
  let atA = b - 8
  let atB = c - 8
  let atC = d - 8
  let atD = end - 8
  let rounds = <i32>((last - toD) / 5)
  if (atA < a || atB < b || atC < c || atD < d) rounds = 0
  let bitsA: u64 = 0
  let bitsB: u64 = 0
  let bitsC: u64 = 0
  let bitsD: u64 = 0
  if (rounds > 0) {
    bitsA = (load<u64>(atA) | 1) << <u64>(64 - (positionA - (<i32>(atA - a) << 3)))
    bitsB = (load<u64>(atB) | 1) << <u64>(64 - (positionB - (<i32>(atB - b) << 3)))
    bitsC = (load<u64>(atC) | 1) << <u64>(64 - (positionC - (<i32>(atC - c) << 3)))
    bitsD = (load<u64>(atD) | 1) << <u64>(64 - (positionD - (<i32>(atD - d) << 3)))
  } else {
    const fault = decodeRest(a, positionA, toA, toB, table) | decodeRest(b, positionB, toB, toC, table) |
      decodeRest(c, positionC, toC, toD, table) | decodeRest(d, positionD, toD, last, table)
    return fault < 0 ? BAD_BITS : 0
  }
  while (rounds > 0) {
    // A round takes 7 bytes of each stream at most: no stream reads before its beginning, whatever its bits say.
    const room = min<usize>(min<usize>(atA - a, atB - b), min<usize>(atC - c, atD - d))
    let now = min<i32>(rounds, <i32>(room / 7))
    if (now == 0) break
    rounds -= now
    do {
      // Five codes of each stream, in turn: none waits for the code before it in its own stream.
      bitsA = nextCode(bitsA, table, toA, 0)
      bitsB = nextCode(bitsB, table, toB, 0)
      bitsC = nextCode(bitsC, table, toC, 0)
      bitsD = nextCode(bitsD, table, toD, 0)
      bitsA = nextCode(bitsA, table, toA, 1)
      bitsB = nextCode(bitsB, table, toB, 1)
      bitsC = nextCode(bitsC, table, toC, 1)
      bitsD = nextCode(bitsD, table, toD, 1)
      bitsA = nextCode(bitsA, table, toA, 2)
      bitsB = nextCode(bitsB, table, toB, 2)
      bitsC = nextCode(bitsC, table, toC, 2)
      bitsD = nextCode(bitsD, table, toD, 2)
      bitsA = nextCode(bitsA, table, toA, 3)
      bitsB = nextCode(bitsB, table, toB, 3)
      bitsC = nextCode(bitsC, table, toC, 3)
      bitsD = nextCode(bitsD, table, toD, 3)
      bitsA = nextCode(bitsA, table, toA, 4)
      bitsB = nextCode(bitsB, table, toB, 4)
      bitsC = nextCode(bitsC, table, toC, 4)
      bitsD = nextCode(bitsD, table, toD, 4)
      toA += 5
      toB += 5
      toC += 5
      toD += 5
      let used = ctz<u64>(bitsA)
      atA -= <usize>(used >> 3)
      bitsA = (load<u64>(atA) | 1) << (used & 7)
      used = ctz<u64>(bitsB)
      atB -= <usize>(used >> 3)
      bitsB = (load<u64>(atB) | 1) << (used & 7)
      used = ctz<u64>(bitsC)
      atC -= <usize>(used >> 3)
      bitsC = (load<u64>(atC) | 1) << (used & 7)
      used = ctz<u64>(bitsD)
      atD -= <usize>(used >> 3)
      bitsD = (load<u64>(atD) | 1) << (used & 7)
    } while (--now > 0)
  }
  const fault =
    decodeRest(a, (<i32>(atA - a) << 3) + 64 - <i32>ctz<u64>(bitsA), toA, to + quarter, table) |
    decodeRest(b, (<i32>(atB - b) << 3) + 64 - <i32>ctz<u64>(bitsB), toB, to + 2 * quarter, table) |
    decodeRest(c, (<i32>(atC - c) << 3) + 64 - <i32>ctz<u64>(bitsC), toC, to + 3 * quarter, table) |
    decodeRest(d, (<i32>(atD - d) << 3) + 64 - <i32>ctz<u64>(bitsD), toD, last, table)
  return fault < 0 ? BAD_BITS : 0
}
