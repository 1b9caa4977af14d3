// Folds of means and deviations over the rows index[0..count). As in sums, runs of rows of one cell stay in registers.

/** Adds up the values that are not null, and counts them. */
export function foldMean(index: usize, count: u32, cells: usize, values: usize, totals: usize, counts: usize): void {
  let at: usize = usize.MAX_VALUE
  let total: f64 = 0
  let n: f64 = 0
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const own = <usize>load<u32>(cells + (row << 2)) << 3
    if (own != at) {
      if (at != usize.MAX_VALUE) {
        store<f64>(totals + at, total)
        store<f64>(counts + at, n)
      }
      at = own
      total = load<f64>(totals + at)
      n = load<f64>(counts + at)
    }
    const value = load<f64>(values + (row << 3))
    if (value != value) continue
    total += value
    n += 1
  }
  if (at == usize.MAX_VALUE) return
  store<f64>(totals + at, total)
  store<f64>(counts + at, n)
}

/** Follows the mean and the sum of squares about it, by Welford's update. */
export function foldStd(index: usize, count: u32, cells: usize, values: usize, counts: usize, means: usize, squares: usize): void {
  let at: usize = usize.MAX_VALUE
  let n: f64 = 0
  let mean: f64 = 0
  let m2: f64 = 0
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const own = <usize>load<u32>(cells + (row << 2)) << 3
    if (own != at) {
      if (at != usize.MAX_VALUE) {
        store<f64>(counts + at, n)
        store<f64>(means + at, mean)
        store<f64>(squares + at, m2)
      }
      at = own
      n = load<f64>(counts + at)
      mean = load<f64>(means + at)
      m2 = load<f64>(squares + at)
    }
    const value = load<f64>(values + (row << 3))
    if (value != value) continue
    const delta = value - mean
    n += 1
    mean += delta / n
    m2 += delta * delta * ((n - 1) / n)
  }
  if (at == usize.MAX_VALUE) return
  store<f64>(counts + at, n)
  store<f64>(means + at, mean)
  store<f64>(squares + at, m2)
}
