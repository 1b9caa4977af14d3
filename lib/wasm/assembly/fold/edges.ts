// Folds of the first and the last value by total order.

import { bySequence, KEPT, KEPT_TIMES, keepKeys, TIMES, VALID, VALUES } from './keys'

// @ts-ignore: decorator
@inline function present<T>(values: usize, valid: usize, row: usize): bool {
  if (sizeof<T>() == 4) return load<i32>(values + (row << 2)) >= 0
  if (isFloat<T>()) {
    const value = load<f64>(values + (row << 3))
    return value == value
  }
  return !valid || load<u8>(valid + row) != 0
}

/** Lets a cell keep a row that is not settled by time alone, unless one of the same time goes before it. */
// @ts-ignore: decorator
@inline function offer<T>(isFirst: bool, edge: usize, values: usize, kept: usize, row: usize, cell: usize, time: f64, known: f64): void {
  if (time == known) {
    const order = bySequence(edge, row, cell)
    if (isFirst ? order >= 0 : order < 0) return
  }
  store<T>(kept + cell * sizeof<T>(), load<T>(values + row * sizeof<T>()))
  keepKeys(edge, row, cell, time)
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
    offer<T>(isFirst, edge, values, kept, row, cell, time, known)
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
    offer<T>(isFirst, edge, values, kept, row, cell, time, known)
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
