// Moves the values that are present from the end of an array of n rows to their rows; the others become 0. In place: a
// row is never behind the next value to move, because the nulls that are still to come lie between them.

const EIGHT_PRESENT: u64 = 0x0101010101010101

@inline
function spread<T>(rows: usize, n: u32, present: u32, valid: usize): void {
  let from = rows + <usize>(n - present) * sizeof<T>()
  const end = valid + n
  while (valid < end) {
    // Most columns have few nulls: eight values that stay neighbours are moved as they are, six times as fast.
    while (valid + 8 <= end && load<u64>(valid) == EIGHT_PRESENT) {
      if (sizeof<T>() == 1) store<u64>(rows, load<u64>(from))
      else for (let i: usize = 0; i < 8 * sizeof<T>(); i += 16) v128.store(rows + i, v128.load(from + i))
      from += 8 * sizeof<T>()
      rows += 8 * sizeof<T>()
      valid += 8
    }
    for (const next = min<usize>(valid + 8, end); valid < next; valid++) {
      const here: u32 = load<u8>(valid)
      store<T>(rows, <T>(load<T>(from) & (<T>0 - <T>here)))
      from += <usize>here * sizeof<T>()
      rows += sizeof<T>()
    }
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
