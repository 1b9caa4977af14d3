// Finds the cell of each row: an entity's bucket. Offsets and labels are ns after the midnight of the entity's date.

// What a cell table is made of, as addresses and numbers of 8 bytes each.
const COUNT: usize = 0 // cells so far
const CAPACITY: usize = 8
const OWNERS: usize = 16 // i32 a cell: its entity
const LABELS: usize = 24 // f64 a cell
const HASH: usize = 32 // 16 bytes a slot of the hash table: label (f64), entity and cell + 1 (i32), 0 is empty
const HASH_MASK: usize = 40
const STANDING: usize = 48 // 24 bytes an entity: from, to (f64) and cell (i32) of its bucket last seen
const MODE: usize = 56 // 0 buckets of a width, 1 a bucket an instant, 2 one bucket a day
const WIDTH: usize = 64 // i64 ns
const ORIGIN: usize = 72 // i64 ns
const ANCHOR_END: usize = 80 // 1: labels are the end of the bucket
const CLOSED_RIGHT: usize = 88 // 1: the right edge belongs to the bucket
const DAY_LABEL: usize = 96 // f64, label of mode 2
const MOST_EXACT: f64 = 9007199254740992 / 2 // sums of two such numbers are exact
const RUNS: usize = 104 // runs of rows of one cell so far, of the rows that are being placed
const RISING: usize = 112 // 1 while times rise within each of them, with no two the same

const GRID: usize = 120 // i32 for each entity and bucket of a day: cell + 1, 0 is empty; 0: there is no grid
const BUCKETS: usize = 128 // of an entity in the grid
const LEAST: usize = 136 // f64, label of the first of them

/**
 * Writes the cell of each of the rows index[from..count) into cells[row] and returns the place of the first row that
 * was not placed because the table is full: `count` when all were. Where runs of rows of one cell start, and `count`
 * behind the last, goes to `starts`, which has room for count + 1.
 */
export function placeRows(
  table: usize,
  entities: usize,
  offsets: usize,
  index: usize,
  from: u32,
  count: u32,
  cells: usize,
  starts: usize,
): u32 {
  const standing: usize = load<u32>(table, STANDING)
  let runs = load<u32>(table, RUNS)
  let rising = load<u32>(table, RISING)
  let cell: i32 = -1
  let last: i32 = -1 // entity of the run
  let since: f64 = 0
  let start: f64 = 0 // of the bucket of the run
  let end: f64 = 0
  let k = from
  for (; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const entity = load<i32>(entities + (row << 2))
    const offset = load<f64>(offsets + (row << 3))
    if (entity != last || !(offset >= start && offset < end)) {
      const seen = standing + <usize>entity * 24
      let own: i32
      if (offset >= load<f64>(seen) && offset < load<f64>(seen, 8)) own = load<i32>(seen, 16)
      else {
        own = step(table, entity, offset, seen)
        if (own < 0) break // what has no room is a new cell, with which a run starts
      }
      last = entity
      start = load<f64>(seen)
      end = load<f64>(seen, 8)
      if (own != cell) {
        cell = own
        store<u32>(starts + (<usize>runs << 2), k)
        runs++
        since = -Infinity
      }
    }
    if (!(offset > since)) rising = 0
    since = offset
    store<i32>(cells + (row << 2), cell)
  }
  store<u32>(starts + (<usize>runs << 2), k)
  store<u32>(table, runs, RUNS)
  store<u32>(table, rising, RISING)
  return k
}

/** Moves an entity to the bucket of an offset; returns its cell, or -1 when it would be new and the table is full. */
function step(table: usize, entity: i32, offset: f64, seen: usize): i32 {
  let from: f64
  let to: f64
  let label: f64
  const mode = load<u32>(table, MODE)
  if (mode == 0) {
    const width = <f64>load<i64>(table, WIDTH)
    const right = load<u32>(table, CLOSED_RIGHT) != 0
    const past = offset - <f64>load<i64>(table, ORIGIN)
    // Of a remainder of 64-bit integers the division alone takes 40 cycles; this quotient is at most one too high.
    let rest = past - floor(past / width) * width
    if (abs(past) >= MOST_EXACT) rest = <f64>((<i64>offset - load<i64>(table, ORIGIN)) % load<i64>(table, WIDTH))
    if (rest < 0) rest += width
    let start = offset - rest
    if (right && rest == 0) start -= width
    label = load<u32>(table, ANCHOR_END) ? start + width : start
    from = right ? start + 1 : start
    to = right ? start + width + 1 : start + width
  } else if (mode == 1) {
    label = offset
    from = offset
    to = offset + 1
  } else {
    label = load<f64>(table, DAY_LABEL)
    from = -Infinity
    to = Infinity
  }
  const cell = cellOf(table, entity, label)
  if (cell < 0) return -1
  store<f64>(seen, from)
  store<f64>(seen, to, 8)
  store<i32>(seen, cell, 16)
  return cell
}

// @ts-ignore: decorator
@inline function hash(entity: i32, label: f64): u32 {
  let h = reinterpret<u64>(label) * 0x9e3779b97f4a7c15
  h ^= <u64>entity * 0xc2b2ae3d27d4eb4f
  h ^= h >> 29
  h *= 0xbf58476d1ce4e5b9
  return <u32>(h >> 32)
}

// @ts-ignore: decorator
@inline function fill(slot: usize, entity: i32, label: f64, cell: u32): void {
  store<f64>(slot, label)
  store<i32>(slot, entity, 8)
  store<i32>(slot, <i32>cell + 1, 12)
}

/** Returns where the grid has the cell of a label; 0 where it has no place for it. */
// @ts-ignore: decorator
@inline function placeInGrid(table: usize, entity: i32, label: f64): usize {
  const grid: usize = load<u32>(table, GRID)
  if (grid == 0) return 0
  const bucket = (label - load<f64>(table, LEAST)) / <f64>load<i64>(table, WIDTH)
  const at = <i32>bucket
  const buckets = load<i32>(table, BUCKETS)
  if (<f64>at != bucket || at < 0 || at >= buckets) return 0
  return grid + ((<usize>entity * buckets + at) << 2)
}

function cellOf(table: usize, entity: i32, label: f64): i32 {
  const place = placeInGrid(table, entity, label)
  if (place) {
    const known = load<i32>(place)
    if (known) return known - 1
    const cell = added(table, entity, label)
    if (cell >= 0) store<i32>(place, cell + 1)
    return cell
  }
  const slots: usize = load<u32>(table, HASH)
  const mask = load<u32>(table, HASH_MASK)
  let at = hash(entity, label) & mask
  let slot = slots + (<usize>at << 4)
  // All of a slot lies in one line of the cache: cells in no order miss it once and not three times.
  for (let cell = load<i32>(slot, 12); cell != 0; cell = load<i32>(slot, 12)) {
    if (load<i32>(slot, 8) == entity && load<f64>(slot) == label) return cell - 1
    at = (at + 1) & mask
    slot = slots + (<usize>at << 4)
  }
  const cell = added(table, entity, label)
  if (cell >= 0) fill(slot, entity, label, cell)
  return cell
}

/** Adds a cell and returns its number; -1 when the table is full. */
function added(table: usize, entity: i32, label: f64): i32 {
  const count = load<u32>(table, COUNT)
  if (count >= load<u32>(table, CAPACITY)) return -1
  store<i32>(<usize>load<u32>(table, OWNERS) + (<usize>count << 2), entity)
  store<f64>(<usize>load<u32>(table, LABELS) + (<usize>count << 3), label)
  store<u32>(table, count + 1, COUNT)
  return <i32>count
}

/** Enters the cells, whose owners and labels stand in the table, into its grid and its hash table, which are cleared. */
export function indexCells(table: usize): void {
  const slots: usize = load<u32>(table, HASH)
  const mask = load<u32>(table, HASH_MASK)
  const owners: usize = load<u32>(table, OWNERS)
  const labels: usize = load<u32>(table, LABELS)
  const count = load<u32>(table, COUNT)
  for (let cell: u32 = 0; cell < count; cell++) {
    const entity = load<i32>(owners + (<usize>cell << 2))
    const label = load<f64>(labels + (<usize>cell << 3))
    const place = placeInGrid(table, entity, label)
    if (place) {
      store<i32>(place, <i32>cell + 1)
      continue
    }
    let at = hash(entity, label) & mask
    while (load<i32>(slots + (<usize>at << 4), 12)) at = (at + 1) & mask
    fill(slots + (<usize>at << 4), entity, label, cell)
  }
}

const HALF: i64 = 1 << 51
const ONE_AND_HALF: f64 = 6755399441055744 // 2^52 + 2^51, whose bits plus a whole number below 2^51 are those of their sum

/**
 * Writes i64 stamps minus an i64 midnight as doubles; returns the first row where that is not exact, or `n`. What comes
 * before it widens range[0] and range[1], the least and the greatest so far.
 */
export function offsetsOf(stamps: usize, midnight: i64, out: usize, n: u32, range: usize): u32 {
  const start = i64x2.splat(midnight)
  const half = i64x2.splat(HALF)
  const bits = i64x2.splat(reinterpret<i64>(ONE_AND_HALF))
  const whole = f64x2.splat(ONE_AND_HALF)
  const beyond = i64x2.splat(~((HALF << 1) - 1))
  let leasts = f64x2.splat(load<f64>(range))
  let greatests = f64x2.splat(load<f64>(range, 8))
  let i: u32 = 0
  // There is no instruction that makes doubles of two 64-bit integers, but within 26 days an addition does.
  for (; i + 2 <= n; i += 2) {
    const offset = i64x2.sub(v128.load(stamps + (<usize>i << 3)), start)
    if (v128.any_true(v128.and(i64x2.add(offset, half), beyond))) break
    const time = f64x2.sub(i64x2.add(offset, bits), whole)
    v128.store(out + (<usize>i << 3), time)
    leasts = f64x2.pmin(leasts, time)
    greatests = f64x2.pmax(greatests, time)
  }
  let least = min<f64>(f64x2.extract_lane(leasts, 0), f64x2.extract_lane(leasts, 1))
  let greatest = max<f64>(f64x2.extract_lane(greatests, 0), f64x2.extract_lane(greatests, 1))
  for (; i < n; i++) {
    const offset = load<i64>(stamps + (<usize>i << 3)) - midnight
    if (offset > 9007199254740991 || offset < -9007199254740991) break
    const time = <f64>offset
    store<f64>(out + (<usize>i << 3), time)
    least = min<f64>(least, time)
    greatest = max<f64>(greatest, time)
  }
  store<f64>(range, least)
  store<f64>(range, greatest, 8)
  return i
}
