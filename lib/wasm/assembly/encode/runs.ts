import { bitsOf } from './bits'
import { varint } from './varint'

/**
 * Writes codes below 2 ** bits as runs and bit-packed groups of 8, as Parquet's RLE. Returns the bytes written: at most
 * n * bits / 8 + 16; 64 bytes more are touched.
 */
export function runsOfCodes(from: usize, n: i32, bits: i32, out: usize): i32 {
  const start = out
  const width = (bits + 7) >> 3
  // A run costs its header and value, and another header for the groups behind it: shorter ones are packed.
  const least = (((4 + width) * 8 + bits - 1) / bits + 7) & ~7
  let i = 0
  while (i < n) {
    const run = runLength(from, i, n)
    if (run >= least || run == n - i) {
      out = varint(<u64>run << 1, out)
      store<u32>(out, load<u32>(from + (<usize>i << 2)))
      out += width
      i += run
      continue
    }
    let stop = i + 8
    while (stop < n && !sameAhead(from, stop, n, least)) stop += 8
    out = varint((<u64>((stop - i) >> 3) << 1) | 1, out)
    const end = min(stop, n)
    pack(from + (<usize>i << 2), end - i, bits, out)
    out += <usize>((stop - i) >> 3) * bits
    i = end
  }
  return <i32>(out - start)
}

@inline function runLength(from: usize, i: i32, n: i32): i32 {
  const value = load<u32>(from + (<usize>i << 2))
  let end = i + 1
  while (end < n && load<u32>(from + (<usize>end << 2)) == value) end++
  return end - i
}

/** Tells whether `least` equal values start at i. */
@inline function sameAhead(from: usize, i: i32, n: i32, least: i32): bool {
  const at = from + (<usize>i << 2)
  const value = load<u32>(at)
  if (load<u32>(at, 4) != value || n - i < least) return false
  let k = 2
  while (k < least && load<u32>(at + (<usize>k << 2)) == value) k++
  return k == least
}

/** Writes codes of `bits` bits without gaps; the last group of 8 is filled up with zeros. */
function pack(from: usize, n: i32, bits: i32, out: usize): void {
  let word: u64 = 0
  let filled = 0
  let i = 0
  // Joined first, whose shifts do not wait for each other: by four, or by two where four do not fit a word.
  const joined = bits <= 16 ? 4 : 2
  const step = bits * joined
  const b = <u64>bits
  for (; i + joined <= n; i += joined) {
    const at = from + (<usize>i << 2)
    let value = <u64>load<u32>(at) | (<u64>load<u32>(at, 4) << b)
    if (joined == 4) value |= ((<u64>load<u32>(at, 8)) | (<u64>load<u32>(at, 12) << b)) << (b << 1)
    word |= value << filled
    filled += step
    if (filled >= 64) {
      store<u64>(out, word)
      out += 8
      filled -= 64
      word = filled == 0 ? 0 : value >> (step - filled)
    }
  }
  for (; i < n; i++) {
    const value = <u64>load<u32>(from + (<usize>i << 2))
    word |= value << filled
    filled += bits
    if (filled >= 64) {
      store<u64>(out, word)
      out += 8
      filled -= 64
      word = value >> (bits - filled)
    }
  }
  // Up to 7 codes of 32 bits are filled up.
  for (let behind = out; behind <= out + 32; behind += 8) {
    store<u64>(behind, word)
    word = 0
  }
}

/**
 * Writes bytes, of which only zero or not counts, as Parquet's RLE of one bit: runs of 64 and more, groups between them.
 * Returns the bytes written: at most n / 8 + 16; 64 bytes more are touched. 64 bytes behind `from` may be read.
 */
export function runsOfBytes(from: usize, n: i32, out: usize): i32 {
  const start = out
  let i = 0
  while (i < n) {
    const first = bitsOf(from + i, n - i)
    if (uniform(first, n - i)) {
      const run = i
      while (i < n && uniform(bitsOf(from + i, n - i), n - i) && (bitsOf(from + i, 1) & 1) == (first & 1)) i += 64
      i = min(i, n)
      out = varint(<u64>(i - run) << 1, out)
      store<u8>(out++, <u8>(first & 1))
      continue
    }
    let stop = i + 64
    while (stop < n && !uniform(bitsOf(from + stop, n - stop), n - stop)) stop += 64
    const groups = (min(stop, n) - i + 7) >> 3
    out = varint((<u64>groups << 1) | 1, out)
    for (let k = i; k < stop; k += 64) store<u64>(out + ((k - i) >> 3), bitsOf(from + k, n - k))
    out += groups
    i = stop
  }
  return <i32>(out - start)
}

/** Tells whether the bits of the next values, at most 64 of them, are all equal. */
@inline function uniform(bits: u64, left: i32): bool {
  return bits == 0 || bits == (left >= 64 ? <u64>-1 : ((<u64>1) << left) - 1)
}
