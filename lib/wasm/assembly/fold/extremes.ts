// Folds of extremes over the rows index[0..count). An empty cell holds NaN, which every value replaces.

// @ts-ignore: decorator
@inline function extremeOf(least: bool, index: usize, count: u32, cells: usize, values: usize, found: usize): void {
  let at: usize = 0
  let known = f64x2.splat(NaN) // of the run of rows of one cell, in a register; its first lane counts
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const own = found + (<usize>load<u32>(cells + (row << 2)) << 3)
    if (own != at) {
      if (at) store<f64>(at, f64x2.extract_lane(known, 0))
      at = own
      known = v128.load64_zero(at)
    }
    const value = v128.load64_zero(values + (row << 3))
    // A vector's least of two is one instruction that keeps what is known where the value is NaN, and no branch.
    if (f64x2.extract_lane(known, 0) != f64x2.extract_lane(known, 0)) known = value
    else known = least ? f64x2.pmin(known, value) : f64x2.pmax(known, value)
  }
  if (at) store<f64>(at, f64x2.extract_lane(known, 0))
}

export function foldMin(index: usize, count: u32, cells: usize, values: usize, least: usize): void {
  extremeOf(true, index, count, cells, values, least)
}

export function foldMax(index: usize, count: u32, cells: usize, values: usize, greatest: usize): void {
  extremeOf(false, index, count, cells, values, greatest)
}

export function foldMinI64(index: usize, count: u32, cells: usize, values: usize, valid: usize, least: usize, seen: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (valid && !load<u8>(valid + row)) continue
    const own = <usize>load<u32>(cells + (row << 2)) << 3
    const value = load<i64>(values + (row << 3))
    if (load<f64>(seen + own) != 0 && value >= load<i64>(least + own)) continue
    store<i64>(least + own, value)
    store<f64>(seen + own, 1)
  }
}

export function foldMaxI64(index: usize, count: u32, cells: usize, values: usize, valid: usize, greatest: usize, seen: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (valid && !load<u8>(valid + row)) continue
    const own = <usize>load<u32>(cells + (row << 2)) << 3
    const value = load<i64>(values + (row << 3))
    if (load<f64>(seen + own) != 0 && value <= load<i64>(greatest + own)) continue
    store<i64>(greatest + own, value)
    store<f64>(seen + own, 1)
  }
}
