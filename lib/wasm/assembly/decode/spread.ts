// Moves the values that are present from the end of an array of n rows to their rows; the others become 0. In place: a
// row is never behind the next value to move, because the nulls that are still to come lie between them.

@inline
function spread<T>(rows: usize, n: u32, present: u32, valid: usize): void {
  let from = rows + <usize>(n - present) * sizeof<T>()
  const end = valid + n
  for (; valid < end; valid++) {
    const here: u32 = load<u8>(valid)
    store<T>(rows, <T>(load<T>(from) & (<T>0 - <T>here)))
    from += <usize>here * sizeof<T>()
    rows += sizeof<T>()
  }
}

/** Spreads values of a byte. */
export function spread1(rows: usize, n: u32, present: u32, valid: usize): void {
  spread<u8>(rows, n, present, valid)
}

/** Spreads values of 4 bytes. */
export function spread4(rows: usize, n: u32, present: u32, valid: usize): void {
  spread<u32>(rows, n, present, valid)
}

/** Spreads values of 8 bytes. */
export function spread8(rows: usize, n: u32, present: u32, valid: usize): void {
  spread<u64>(rows, n, present, valid)
}
