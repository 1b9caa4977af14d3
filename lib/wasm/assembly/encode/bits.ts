/** Returns a bit for each of the next 64 bytes, 1 where it is not zero; zeros behind the `left` ones that count. */
@inline export function bitsOf(at: usize, left: i32): u64 {
  const bits =
    quarter(at) | (quarter(at + 16) << 16) | (quarter(at + 32) << 32) | (quarter(at + 48) << 48)
  return left >= 64 ? bits : bits & (((<u64>1) << left) - 1)
}

@inline function quarter(at: usize): u64 {
  return <u64>i8x16.bitmask(i8x16.ne(v128.load(at), i8x16.splat(0)))
}

/** Counts bytes that are not zero. 64 bytes behind them may be read. */
export function countSet(from: usize, n: i32): i32 {
  let count: u64 = 0
  for (let i = 0; i < n; i += 64) count += popcnt(bitsOf(from + i, n - i))
  return <i32>count
}
