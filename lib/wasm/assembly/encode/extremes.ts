/** Writes the least and the greatest double that is a number; infinity and -infinity where none is. */
export function extremesF64(from: usize, n: i32, out: usize): void {
  let low = f64x2.splat(Infinity)
  let high = f64x2.splat(-Infinity)
  const pairs = n & ~1
  for (let i = 0; i < pairs; i += 2) {
    const two = v128.load(from + (<usize>i << 3))
    // The first operand stays unless the second compares as less (greater): a NaN never does.
    low = f64x2.pmin(low, two)
    high = f64x2.pmax(high, two)
  }
  let least = f64x2.extract_lane(low, 0)
  let most = f64x2.extract_lane(high, 0)
  if (f64x2.extract_lane(low, 1) < least) least = f64x2.extract_lane(low, 1)
  if (f64x2.extract_lane(high, 1) > most) most = f64x2.extract_lane(high, 1)
  if (n & 1) {
    const last = load<f64>(from + (<usize>(n - 1) << 3))
    if (last < least) least = last
    if (last > most) most = last
  }
  store<f64>(out, least)
  store<f64>(out, most, 8)
}

/** Writes the least and the greatest of 64-bit integers; there is one at least. */
export function extremesI64(from: usize, n: i32, out: usize): void {
  let low = v128.load64_splat(from)
  let high = low
  const pairs = n & ~1
  for (let i = 0; i < pairs; i += 2) {
    const two = v128.load(from + (<usize>i << 3))
    low = v128.bitselect(two, low, i64x2.gt_s(low, two))
    high = v128.bitselect(two, high, i64x2.gt_s(two, high))
  }
  const last = load<i64>(from + (<usize>(n - 1) << 3))
  store<i64>(out, min(last, min(i64x2.extract_lane(low, 0), i64x2.extract_lane(low, 1))))
  store<i64>(out, max(last, max(i64x2.extract_lane(high, 0), i64x2.extract_lane(high, 1))), 8)
}

/** Writes the least and the greatest of 32-bit integers; there is one at least. */
export function extremesI32(from: usize, n: i32, out: usize): void {
  let least = load<i32>(from)
  let most = least
  for (let i = 1; i < n; i++) {
    const value = load<i32>(from + (<usize>i << 2))
    least = min(least, value)
    most = max(most, value)
  }
  store<i32>(out, least)
  store<i32>(out, most, 4)
}
