// Folds of the first and the last value by total order: time, feed, sequence number (null last), then the order of rows.

// What they work on, as addresses of 4 bytes each; 0 where there is none.
export const VALUES: usize = 0 // f64, i64 or i32 by row
export const VALID: usize = 4
export const TIMES: usize = 8 // f64 by row
const SOURCES: usize = 12 // i64 by row
const SOURCES_VALID: usize = 16
const NUMBERS: usize = 20
const NUMBERS_VALID: usize = 24
export const KEPT: usize = 28 // the value of each cell
export const KEPT_TIMES: usize = 32 // NaN in an empty cell
const KEPT_SOURCES: usize = 36
const KEPT_NUMBERS: usize = 40
const KEPT_NULLS: usize = 44 // f64: 1 without a feed, 2 without a number

// @ts-ignore: decorator
@inline function absent(values: usize, valid: usize, row: usize): bool {
  return !values || (valid != 0 && !load<u8>(valid + row))
}

/** Compares two keys, null last: below 0 where the row's comes first. */
// @ts-ignore: decorator
@inline function compare(a: i64, aNull: bool, b: i64, bNull: bool): i32 {
  if (aNull || bNull) return <i32>aNull - <i32>bNull
  return a < b ? -1 : a > b ? 1 : 0
}

/** Compares a row with the one a cell keeps, whose time is the same. */
export function bySequence(edge: usize, row: usize, cell: usize): i32 {
  const sources: usize = load<u32>(edge, SOURCES)
  const numbers: usize = load<u32>(edge, NUMBERS)
  const nulls = <u32>load<f64>(load<u32>(edge, KEPT_NULLS) + (cell << 3))
  const noSource = absent(sources, load<u32>(edge, SOURCES_VALID), row)
  const kept = load<i64>(load<u32>(edge, KEPT_SOURCES) + (cell << 3))
  const bySource = compare(noSource ? 0 : load<i64>(sources + (row << 3)), noSource, kept, (nulls & 1) != 0)
  if (bySource != 0) return bySource
  const noNumber = absent(numbers, load<u32>(edge, NUMBERS_VALID), row)
  const keptNumber = load<i64>(load<u32>(edge, KEPT_NUMBERS) + (cell << 3))
  return compare(noNumber ? 0 : load<i64>(numbers + (row << 3)), noNumber, keptNumber, (nulls & 2) != 0)
}

// @ts-ignore: decorator
@inline export function keepKeys(edge: usize, row: usize, cell: usize, time: f64): void {
  const sources: usize = load<u32>(edge, SOURCES)
  const numbers: usize = load<u32>(edge, NUMBERS)
  store<f64>(load<u32>(edge, KEPT_TIMES) + (cell << 3), time)
  const noSource = absent(sources, load<u32>(edge, SOURCES_VALID), row)
  const noNumber = absent(numbers, load<u32>(edge, NUMBERS_VALID), row)
  store<i64>(load<u32>(edge, KEPT_SOURCES) + (cell << 3), noSource ? 0 : load<i64>(sources + (row << 3)))
  store<i64>(load<u32>(edge, KEPT_NUMBERS) + (cell << 3), noNumber ? 0 : load<i64>(numbers + (row << 3)))
  store<f64>(load<u32>(edge, KEPT_NULLS) + (cell << 3), <f64>(<u32>noSource | (<u32>noNumber << 1)))
}

// @ts-ignore: decorator
@inline function present<T>(values: usize, valid: usize, row: usize): bool {
  if (sizeof<T>() == 4) return load<i32>(values + (row << 2)) >= 0
  if (isFloat<T>()) {
    const value = load<f64>(values + (row << 3))
    return value == value
  }
  return !valid || load<u8>(valid + row) != 0
}

// @ts-ignore: decorator
@inline function edgeOf<T>(isFirst: bool, index: usize, count: u32, cells: usize, edge: usize): void {
  const values: usize = load<u32>(edge, VALUES)
  const valid: usize = load<u32>(edge, VALID)
  const times: usize = load<u32>(edge, TIMES)
  const kept: usize = load<u32>(edge, KEPT)
  const keptTimes: usize = load<u32>(edge, KEPT_TIMES)
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const cell: usize = load<u32>(cells + (row << 2))
    const time = load<f64>(times + (row << 3))
    const known = load<f64>(keptTimes + (cell << 3))
    // Nearly all rows are settled by time alone. An empty cell's NaN is neither before nor after.
    if (isFirst ? time > known : time < known) continue
    if (!present<T>(values, valid, row)) continue
    if (!isFirst && k + 1 < count) {
      // In a run of rows of one cell only the last one matters.
      const next: usize = load<u32>(index + (<usize>(k + 1) << 2))
      if (<usize>load<u32>(cells + (next << 2)) == cell && load<f64>(times + (next << 3)) > time && present<T>(values, valid, next)) continue
    }
    if (time == known) {
      const order = bySequence(edge, row, cell)
      if (isFirst ? order >= 0 : order < 0) continue
    }
    store<T>(kept + cell * sizeof<T>(), load<T>(values + row * sizeof<T>()))
    keepKeys(edge, row, cell, time)
  }
}

export function foldFirstF64(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<f64>(true, index, count, cells, edge)
}

export function foldLastF64(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<f64>(false, index, count, cells, edge)
}

export function foldFirstI64(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<i64>(true, index, count, cells, edge)
}

export function foldLastI64(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<i64>(false, index, count, cells, edge)
}

export function foldFirstI32(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<i32>(true, index, count, cells, edge)
}

export function foldLastI32(index: usize, count: u32, cells: usize, edge: usize): void {
  edgeOf<i32>(false, index, count, cells, edge)
}

// @ts-ignore: decorator
@inline function edgeOfRuns<T>(isFirst: bool, index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  const values: usize = load<u32>(edge, VALUES)
  const valid: usize = load<u32>(edge, VALID)
  const times: usize = load<u32>(edge, TIMES)
  const kept: usize = load<u32>(edge, KEPT)
  const keptTimes: usize = load<u32>(edge, KEPT_TIMES)
  for (let r: u32 = 0; r < runs; r++) {
    const from: usize = load<u32>(starts + (<usize>r << 2))
    const to: usize = load<u32>(starts + (<usize>r << 2), 4)
    // Times rise within a run: its first or last row with a value is its edge.
    let k = isFirst ? from : to - 1
    while (k >= from && k < to && !present<T>(values, valid, load<u32>(index + (k << 2)))) k = isFirst ? k + 1 : k - 1
    if (k < from || k >= to) continue
    const row: usize = load<u32>(index + (k << 2))
    const cell: usize = load<u32>(cells + (row << 2))
    const time = load<f64>(times + (row << 3))
    const known = load<f64>(keptTimes + (cell << 3))
    if (isFirst ? time > known : time < known) continue
    if (time == known) {
      const order = bySequence(edge, row, cell)
      if (isFirst ? order >= 0 : order < 0) continue
    }
    store<T>(kept + cell * sizeof<T>(), load<T>(values + row * sizeof<T>()))
    keepKeys(edge, row, cell, time)
  }
}

export function firstRunsF64(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<f64>(true, index, starts, runs, cells, edge)
}

export function lastRunsF64(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<f64>(false, index, starts, runs, cells, edge)
}

export function firstRunsI64(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<i64>(true, index, starts, runs, cells, edge)
}

export function lastRunsI64(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<i64>(false, index, starts, runs, cells, edge)
}

export function firstRunsI32(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<i32>(true, index, starts, runs, cells, edge)
}

export function lastRunsI32(index: usize, starts: usize, runs: u32, cells: usize, edge: usize): void {
  edgeOfRuns<i32>(false, index, starts, runs, cells, edge)
}
