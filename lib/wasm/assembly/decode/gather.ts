/** Returns the greatest of n codes, read without sign; 0 of none. */
export function greatestCode(codes: usize, n: u32): u32 {
  let greatest = i32x4.splat(0)
  const end = codes + (<usize>n << 2)
  const whole = codes + (<usize>(n & ~3) << 2)
  for (; codes < whole; codes += 16) greatest = v128.max<u32>(greatest, v128.load(codes))
  let most = max<u32>(
    max<u32>(i32x4.extract_lane(greatest, 0), i32x4.extract_lane(greatest, 1)),
    max<u32>(i32x4.extract_lane(greatest, 2), i32x4.extract_lane(greatest, 3)),
  )
  for (; codes < end; codes += 4) most = max<u32>(most, load<u32>(codes))
  return most
}

/** Writes `values[codes[i]]` for i in 0..n, 4 bytes each. The codes have been checked. */
export function gather4(values: usize, codes: usize, n: u32, out: usize): void {
  const end = codes + (<usize>n << 2)
  for (; codes < end; codes += 4) {
    store<u32>(out, load<u32>(values + (<usize>load<u32>(codes) << 2)))
    out += 4
  }
}

/** Writes `values[codes[i]]` for i in 0..n, 8 bytes each. The codes have been checked. */
export function gather8(values: usize, codes: usize, n: u32, out: usize): void {
  const end = codes + (<usize>n << 2)
  const most = codes + (<usize>(n & ~3) << 2)
  for (; codes < most; codes += 16) {
    store<u64>(out, load<u64>(values + (<usize>load<u32>(codes) << 3)))
    store<u64>(out, load<u64>(values + (<usize>load<u32>(codes, 4) << 3)), 8)
    store<u64>(out, load<u64>(values + (<usize>load<u32>(codes, 8) << 3)), 16)
    store<u64>(out, load<u64>(values + (<usize>load<u32>(codes, 12) << 3)), 24)
    out += 32
  }
  for (; codes < end; codes += 4) {
    store<u64>(out, load<u64>(values + (<usize>load<u32>(codes) << 3)))
    out += 8
  }
}
