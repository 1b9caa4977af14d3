// Total order: time, feed, sequence number (null last), then the order of rows. Keys of the row that a cell keeps.

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
