// The description of Huffman codes: weights of all symbols but the last, four bits each or FSE coded (RFC 8878, 4.2.1).
import {
  describeShares,
  firstState,
  makeEncoder,
  nextState,
  shareStates,
  stateBits,
  statesLog,
} from './zstd-fse'
import { ENCODERS, NORMS, SPREAD, TREE, WEIGHTS } from './zstd-work'

const MOST_LOG: u32 = 6
const MOST_WEIGHT: u32 = 11
const DIRECT_MOST: u32 = 128 // weights that the description without FSE takes

/** Writes the description of codes whose last symbol is `n` and returns its end, or 0 if there is none. */
export function describeWeights(n: u32, work: usize, to: usize): usize {
  const end = n > 1 ? encodeWeights(n, work, to + 1) : 0
  const direct = to + 1 + ((n + 1) >> 1)
  if (end != 0 && end - to <= 128 && (n > DIRECT_MOST || end < direct)) {
    store<u8>(to, end - to - 1)
    return end
  }
  if (n > DIRECT_MOST) return 0
  store<u8>(to, 127 + n)
  for (let i: u32 = 0; i < n; i += 2) {
    const pair = load<u16>(work + WEIGHTS + i)
    // The last symbol's own weight is not for the decoder.
    store<u8>(to + 1 + (i >> 1), ((pair & 15) << 4) | (i + 1 < n ? pair >> 8 : 0))
  }
  return direct
}

/** Writes weights with FSE: even and odd places have a state each. Returns the end, or 0 if all are the same. */
function encodeWeights(n: u32, work: usize, to: usize): usize {
  const counts = work + TREE
  const weights = work + WEIGHTS
  const encoder = work + ENCODERS
  memory.fill(counts, 0, (MOST_WEIGHT + 1) * 4)
  let last: u32 = 0
  for (let i: u32 = 0; i < n; i++) {
    const weight = <u32>load<u8>(weights + i)
    store<u32>(counts + (weight << 2), load<u32>(counts + (weight << 2)) + 1)
    last = max(last, weight)
  }
  if (load<u32>(counts + (last << 2)) == n) return 0
  const log = statesLog(n, last, MOST_LOG)
  shareStates(counts, last, n, log, work + NORMS)
  makeEncoder(work + NORMS, last, log, work + SPREAD, encoder)
  to = describeShares(work + NORMS, last, log, to)
  return encodePairs(weights, n, encoder, log, to)
}

function encodePairs(weights: usize, n: u32, encoder: usize, log: u32, to: usize): usize {
  let coming = firstState(encoder, load<u8>(weights + n - 1))
  let other = firstState(encoder, load<u8>(weights + n - 2))
  let bits: u64 = 0
  let held: u32 = 0
  for (let i = <i32>n - 3; i >= 0; i--) {
    const weight = <u32>load<u8>(weights + i)
    const width = stateBits(encoder, weight, coming)
    bits |= (<u64>(coming & ((1 << width) - 1))) << held
    held += width
    const next = nextState(encoder, weight, coming, width)
    coming = other
    other = next
    store<u64>(to, bits)
    to += held >> 3
    bits >>= held & 56
    held &= 7
  }
  // By now `coming` is the odd places' state; the decoder reads backwards, and the even places' first.
  const mask: u64 = (1 << log) - 1
  bits |= (coming & mask) << held
  bits |= (other & mask) << (held + log)
  held += 2 * log
  store<u64>(to, bits | ((<u64>1) << held))
  return to + (held >> 3) + 1
}
