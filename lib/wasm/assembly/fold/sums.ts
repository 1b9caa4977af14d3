// Folds of sums and counts over the rows index[0..count). Runs of rows of one cell are added up in a register: storing
// and loading a total row by row costs 9 cycles, adding 4. The order of additions is the order of rows either way.

export function foldCount(index: usize, count: u32, cells: usize, rows: usize): void {
  let k: u32 = 0
  while (k < count) {
    const cell = load<u32>(cells + (<usize>load<u32>(index + (<usize>k << 2)) << 2))
    const from = k
    do k++
    while (k < count && load<u32>(cells + (<usize>load<u32>(index + (<usize>k << 2)) << 2)) == cell)
    const at = rows + (<usize>cell << 3)
    store<f64>(at, load<f64>(at) + <f64>(k - from))
  }
}

export function foldSum(index: usize, count: u32, cells: usize, values: usize, totals: usize): void {
  let at: usize = 0
  let total: f64 = 0
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const own = totals + (<usize>load<u32>(cells + (row << 2)) << 3)
    if (own != at) {
      if (at) store<f64>(at, total)
      at = own
      total = load<f64>(at)
    }
    const value = load<f64>(values + (row << 3))
    if (value == value) total += value
  }
  if (at) store<f64>(at, total)
}

const TWO_32: f64 = 4294967296
const CARRY: f64 = 4503599627370496 // 2^52: the low parts are carried over before their sum can lose a bit

/** Adds 64-bit integers as two sums of halves, each a double that stays an integer. */
export function foldSumI64(index: usize, count: u32, cells: usize, values: usize, valid: usize, lows: usize, highs: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (valid && !load<u8>(valid + row)) continue
    const own = <usize>load<u32>(cells + (row << 2)) << 3
    const value = load<i64>(values + (row << 3))
    let low = load<f64>(lows + own) + <f64>(<u32>value)
    let high = load<f64>(highs + own) + <f64>(<i32>(value >> 32))
    if (low >= CARRY) {
      const carry = Math.floor(low / TWO_32)
      high += carry
      low -= carry * TWO_32
    }
    store<f64>(lows + own, low)
    store<f64>(highs + own, high)
  }
}
