// Folds over runs: rows index[starts[r]..starts[r + 1]) are of one cell. Its state is loaded and stored once a run.

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

// @ts-ignore: decorator
@inline function cellOfRun(starts: usize, r: u32, index: usize, cells: usize): usize {
  const first: usize = load<u32>(starts + (<usize>r << 2))
  return load<u32>(cells + (<usize>load<u32>(index + (first << 2)) << 2))
}

export function countRuns(index: usize, starts: usize, runs: u32, cells: usize, rows: usize): void {
  for (let r: u32 = 0; r < runs; r++) {
    const at = rows + (cellOfRun(starts, r, index, cells) << 3)
    store<f64>(at, load<f64>(at) + <f64>(load<u32>(starts + (<usize>r << 2), 4) - load<u32>(starts + (<usize>r << 2))))
  }
}

export function sumRuns(index: usize, starts: usize, runs: u32, cells: usize, values: usize, totals: usize): void {
  for (let r: u32 = 0; r < runs; r++) {
    const at = totals + (cellOfRun(starts, r, index, cells) << 3)
    let total = load<f64>(at)
    const end = index + (<usize>load<u32>(starts + (<usize>r << 2), 4) << 2)
    for (let k = index + (<usize>load<u32>(starts + (<usize>r << 2)) << 2); k < end; k += 4) {
      const value = load<f64>(values + (<usize>load<u32>(k) << 3))
      if (value == value) total += value
    }
    store<f64>(at, total)
  }
}

// @ts-ignore: decorator
@inline function extremeRuns(least: bool, index: usize, starts: usize, runs: u32, cells: usize, values: usize, found: usize): void {
  for (let r: u32 = 0; r < runs; r++) {
    const at = found + (cellOfRun(starts, r, index, cells) << 3)
    let known = load<f64>(at)
    const end = index + (<usize>load<u32>(starts + (<usize>r << 2), 4) << 2)
    for (let k = index + (<usize>load<u32>(starts + (<usize>r << 2)) << 2); k < end; k += 4) {
      const value = load<f64>(values + (<usize>load<u32>(k) << 3))
      if ((least ? value < known : value > known) || (known != known && value == value)) known = value
    }
    store<f64>(at, known)
  }
}

export function minRuns(index: usize, starts: usize, runs: u32, cells: usize, values: usize, least: usize): void {
  extremeRuns(true, index, starts, runs, cells, values, least)
}

export function maxRuns(index: usize, starts: usize, runs: u32, cells: usize, values: usize, greatest: usize): void {
  extremeRuns(false, index, starts, runs, cells, values, greatest)
}
