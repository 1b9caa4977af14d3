/** Moves the 8-byte values whose byte in `valid` is not zero to the front, in place. Returns how many there are. */
export function keep64(values: usize, valid: usize, n: i32): i32 {
  return kept<u64>(values, valid, n)
}

/** Does the same for 4-byte values. */
export function keep32(values: usize, valid: usize, n: i32): i32 {
  return kept<u32>(values, valid, n)
}

/** Does the same for bytes. */
export function keep8(values: usize, valid: usize, n: i32): i32 {
  return kept<u8>(values, valid, n)
}

// Every value is stored, and overwritten by the next one when it is null: no branch to mispredict.
function kept<T>(values: usize, valid: usize, n: i32): i32 {
  let count = 0
  for (let i = 0; i < n; i++) {
    store<T>(values + <usize>count * sizeof<T>(), load<T>(values + <usize>i * sizeof<T>()))
    count += <i32>(load<u8>(valid + i) != 0)
  }
  return count
}
