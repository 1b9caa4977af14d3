/**
 * Writes stamps times `tick` (at most 10^9) and returns the first row, where `valid` is 1, whose product leaves 64 bits;
 * n when none does.
 */
export function scaleI64(stamps: usize, tick: i64, valid: usize, out: usize, n: u32): u32 {
  const most = i64.MAX_VALUE / tick
  const least = i64.MIN_VALUE / tick
  for (let i: u32 = 0; i < n; i++) {
    const stamp = load<i64>(stamps + (<usize>i << 3))
    if ((stamp > most || stamp < least) && (!valid || load<u8>(valid + i))) return i
    store<i64>(out + (<usize>i << 3), stamp * tick)
  }
  return n
}
