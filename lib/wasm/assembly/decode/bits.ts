const LOW_FIRST: v128 = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)
const HIGH_FIRST: v128 = i8x16(-128, 64, 32, 16, 8, 4, 2, 1, -128, 64, 32, 16, 8, 4, 2, 1)

/**
 * Writes bits [first, first + n) behind `base` as bytes of 0 and 1, and returns how many are 1. Bits of a byte go from
 * the lowest up, or from the highest down where `highFirst`. Writes up to 15 bytes behind the last.
 */
export function expandBits(base: usize, first: u32, n: u32, out: usize, highFirst: u32): u32 {
  const flip: u32 = highFirst ? 7 : 0
  let ones: u32 = 0
  let i = first
  const end = first + n
  for (; i < end && (i & 7) != 0; i++) {
    const bit = (<u32>load<u8>(base + (i >> 3)) >> ((i & 7) ^ flip)) & 1
    store<u8>(out++, <u8>bit)
    ones += bit
  }
  const masks = highFirst ? HIGH_FIRST : LOW_FIRST
  const one = i8x16.splat(1)
  for (; i + 16 <= end; i += 16) {
    const word = load<u16>(base + (i >> 3))
    const spread = v128.swizzle(i16x8.splat(<i16>word), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1))
    v128.store(out, v128.and(i8x16.eq(v128.and(spread, masks), masks), one))
    ones += popcnt<u32>(word)
    out += 16
  }
  for (; i < end; i++) {
    const bit = (<u32>load<u8>(base + (i >> 3)) >> ((i & 7) ^ flip)) & 1
    store<u8>(out++, <u8>bit)
    ones += bit
  }
  return ones
}
