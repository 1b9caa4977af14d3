// Folds of sums and counts over the rows index[0..count). Runs of rows of one cell are added up in a register: storing
// and loading a total row by row costs 9 cycles, adding 4. The order of additions is the order of rows either way. Sums
// over the same rows are folded together: an addition waits for the one before it, not for those of other sums.

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

// @ts-ignore: decorator
@inline function pairAt(a: usize, b: usize, at: usize): v128 {
  return v128.load64_lane(b + at, v128.load64_zero(a + at), 1)
}

/** Adds two values, but for nulls: +0 changes no total, since none is ever -0. */
// @ts-ignore: decorator
@inline function plus(totals: v128, values: v128): v128 {
  return f64x2.add(totals, v128.and(values, f64x2.eq(values, values)))
}

// @ts-ignore: decorator
@inline function sumsOf(four: bool, index: usize, count: u32, cells: usize, block: usize): void {
  const values0: usize = load<u32>(block)
  const totals0: usize = load<u32>(block, 4)
  const values1: usize = load<u32>(block, 8)
  const totals1: usize = load<u32>(block, 12)
  const values2: usize = four ? load<u32>(block, 16) : 0
  const totals2: usize = four ? load<u32>(block, 20) : 0
  const values3: usize = four ? load<u32>(block, 24) : 0
  const totals3: usize = four ? load<u32>(block, 28) : 0
  for (let k: u32 = 0; k < count; ) {
    let row: usize = load<u32>(index + (<usize>k << 2))
    const cell = load<u32>(cells + (row << 2))
    const at: usize = <usize>cell << 3
    let first = pairAt(totals0, totals1, at)
    let second = four ? pairAt(totals2, totals3, at) : f64x2.splat(0)
    do {
      first = plus(first, pairAt(values0, values1, row << 3))
      if (four) second = plus(second, pairAt(values2, values3, row << 3))
      if (++k == count) break
      row = load<u32>(index + (<usize>k << 2))
    } while (load<u32>(cells + (row << 2)) == cell)
    store<f64>(totals0 + at, f64x2.extract_lane(first, 0))
    store<f64>(totals1 + at, f64x2.extract_lane(first, 1))
    if (four) store<f64>(totals2 + at, f64x2.extract_lane(second, 0))
    if (four) store<f64>(totals3 + at, f64x2.extract_lane(second, 1))
  }
}

/** Folds two sums over the same rows; `block` has the address of values and of totals of each. */
export function foldSum2(index: usize, count: u32, cells: usize, block: usize): void {
  sumsOf(false, index, count, cells, block)
}

/** As foldSum2, of four. */
export function foldSum4(index: usize, count: u32, cells: usize, block: usize): void {
  sumsOf(true, index, count, cells, block)
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

/** Adds the partial of each of n cells to its total and starts it anew. */
export function settleSums(totals: usize, partials: usize, n: u32): void {
  const end = partials + (<usize>n << 3)
  for (; partials + 16 <= end; partials += 16, totals += 16) {
    v128.store(totals, f64x2.add(v128.load(totals), v128.load(partials)))
    v128.store(partials, f64x2.splat(0))
  }
  if (partials == end) return
  store<f64>(totals, load<f64>(totals) + load<f64>(partials))
  store<f64>(partials, 0)
}
