// Runs of rows of one cell: run r is rows index[starts[r]..starts[r + 1]). Counts, firsts and lasts need not see the rows
// between; sums and extremes do, and are no quicker by runs than by rows, whose runs they keep in registers.

/**
 * Writes where runs of rows of one cell start, and `count` behind the last; returns how many there are, or `most` + 1
 * when there are more than that. rising[0] is 1 when times rise within each run, with no two the same.
 */
export function cellRuns(index: usize, count: u32, cells: usize, times: usize, starts: usize, most: u32, rising: usize): u32 {
  let runs: u32 = 0
  let last: u32 = u32.MAX_VALUE
  let since: f64 = -Infinity
  let rises: u32 = 1
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const cell = load<u32>(cells + (row << 2))
    const time = load<f64>(times + (row << 3))
    if (cell != last) {
      if (runs == most) return most + 1
      store<u32>(starts + (<usize>runs << 2), k)
      runs++
      last = cell
    } else if (!(time > since)) rises = 0
    since = time
  }
  store<u32>(starts + (<usize>runs << 2), count)
  store<i32>(rising, rises)
  return runs
}

export function countRuns(index: usize, starts: usize, runs: u32, cells: usize, rows: usize): void {
  for (let r: u32 = 0; r < runs; r++) {
    const from: usize = load<u32>(starts + (<usize>r << 2))
    const to: usize = load<u32>(starts + (<usize>r << 2), 4)
    const at = rows + (<usize>load<u32>(cells + (<usize>load<u32>(index + (from << 2)) << 2)) << 3)
    store<f64>(at, load<f64>(at) + <f64>(to - from))
  }
}
