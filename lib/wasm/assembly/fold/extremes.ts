// Folds of extremes over the rows index[0..count). An empty cell holds NaN, which every value replaces.

// @ts-ignore: decorator
@inline function extremeOf(least: bool, index: usize, count: u32, cells: usize, values: usize, found: usize): void {
  let at: usize = 0
  let known: f64 = NaN // of the run of rows of one cell, in a register
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const own = found + (<usize>load<u32>(cells + (row << 2)) << 3)
    if (own != at) {
      if (at) store<f64>(at, known)
      at = own
      known = load<f64>(at)
    }
    const value = load<f64>(values + (row << 3))
    if ((least ? value < known : value > known) || (known != known && value == value)) known = value
  }
  if (at) store<f64>(at, known)
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
