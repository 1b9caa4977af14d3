// Folds attributes of entities: the first value by total order, and whether a second one came. Rows that change nothing,
// which are nearly all, are passed over four at a time within stretches of rows of one entity.

import { bySequence, KEPT, KEPT_TIMES, keepKeys, TIMES, VALID, VALUES } from './keys'

// What else an attribute needs, behind the operands of first and last.
const CONFLICTS: usize = 48 // f64 an entity: 1 when it had a second value
const TOUCHED: usize = 52 // u8 an entity: 1 when its state was changed

/** Returns the least of n times; infinity of none. */
// @ts-ignore: decorator
@inline function leastOf(times: usize, n: u32): f64 {
  let two = f64x2.splat(Infinity)
  const end = times + (<usize>n << 3)
  for (const whole = times + (<usize>(n & ~1) << 3); times < whole; times += 16) two = f64x2.pmin(two, v128.load(times))
  const least = min<f64>(f64x2.extract_lane(two, 0), f64x2.extract_lane(two, 1))
  return times < end ? min<f64>(least, load<f64>(times)) : least
}

/**
 * Writes where stretches of rows that follow one another and are of one entity start, and `count` behind the last;
 * returns how many there are. `starts` has room for count + 1. `rests` gets the least time of each but for its first row.
 */
export function entityRuns(index: usize, count: u32, entities: usize, times: usize, starts: usize, rests: usize): u32 {
  let runs: u32 = 0
  for (let k: u32 = 0; k < count; ) {
    const first = load<u32>(index + (<usize>k << 2))
    const own = entities + (<usize>first << 2)
    const entity = load<i32>(own)
    const all = i32x4.splat(entity)
    let n: u32 = 1
    // Row numbers rise: when the fourth from here is three on, so are those between.
    while (k + n + 4 <= count && load<u32>(index + (<usize>(k + n + 3) << 2)) - first == n + 3) {
      if (!i32x4.all_true(i32x4.eq(v128.load(own + (<usize>n << 2)), all))) break
      n += 4
    }
    while (k + n < count && load<u32>(index + (<usize>(k + n) << 2)) - first == n && load<i32>(own + (<usize>n << 2)) == entity) n++
    store<u32>(starts + (<usize>runs << 2), k)
    store<f64>(rests + (<usize>runs << 3), leastOf(times + (<usize>(first + 1) << 3), n - 1))
    runs++
    k += n
  }
  store<u32>(starts + (<usize>runs << 2), count)
  return runs
}

// @ts-ignore: decorator
@inline function anyOfFourUpTo(times: usize, last: f64): bool {
  const all = f64x2.splat(last)
  return v128.any_true(v128.or(f64x2.le(v128.load(times), all), f64x2.le(v128.load(times, 16), all)))
}

// @ts-ignore: decorator
@inline function sameFour<T>(values: usize, known: T): bool {
  if (sizeof<T>() == 4) return i32x4.all_true(i32x4.eq(v128.load(values), i32x4.splat(<i32>known)))
  const all = i64x2.splat(<i64>known)
  return i64x2.all_true(v128.and(i64x2.eq(v128.load(values), all), i64x2.eq(v128.load(values, 16), all)))
}

// @ts-ignore: decorator
@inline function attributeOf<T>(index: usize, starts: usize, runs: u32, rests: usize, entities: usize, edge: usize): void {
  const values: usize = load<u32>(edge, VALUES)
  const mask: usize = load<u32>(edge, VALID)
  const times: usize = load<u32>(edge, TIMES)
  const kept: usize = load<u32>(edge, KEPT)
  const keptTimes: usize = load<u32>(edge, KEPT_TIMES)
  const conflicts: usize = load<u32>(edge, CONFLICTS)
  const touched: usize = load<u32>(edge, TOUCHED)
  for (let r: u32 = 0; r < runs; r++) {
    const from = load<u32>(starts + (<usize>r << 2))
    const first: usize = load<u32>(index + (<usize>from << 2))
    const end: usize = first + (load<u32>(starts + (<usize>r << 2), 4) - from)
    const entity: usize = load<u32>(entities + (first << 2))
    const own = entity << 3
    let since = load<f64>(keptTimes + own)
    // Of files in order of time, or in none, nearly every run is one row that is later and says the same.
    if (
      end == first + 1 &&
      load<f64>(times + (first << 3)) > since &&
      load<T>(values + first * sizeof<T>()) == load<T>(kept + entity * sizeof<T>())
    ) continue
    const rest = load<f64>(rests + (<usize>r << 3))
    // Files mostly rise in time: then only values matter, as no row can come before or tie with the one that is kept.
    let watch = !(load<f64>(times + (first << 3)) > since && rest > since)
    for (let row = first; row < end; ) {
      if (since == since) {
        const known = load<T>(kept + entity * sizeof<T>())
        while (row + 4 <= end && sameFour<T>(values + row * sizeof<T>(), known)) {
          if (watch && anyOfFourUpTo(times + (row << 3), since)) break
          row += 4
        }
      }
      for (const four = min<usize>(row + 4, end); row < four; row++) {
        if (mask && !load<u8>(mask + row)) continue
        const time = load<f64>(times + (row << 3))
        const value = load<T>(values + row * sizeof<T>())
        if (since == since) {
          if (value != load<T>(kept + entity * sizeof<T>()) && load<f64>(conflicts + own) == 0) {
            store<f64>(conflicts + own, 1)
            store<u8>(touched + entity, 1)
          }
          if (time > since || (time == since && bySequence(edge, row, entity) >= 0)) continue
        }
        store<T>(kept + entity * sizeof<T>(), value)
        keepKeys(edge, row, entity, time)
        store<u8>(touched + entity, 1)
        since = time
        watch = row != first || !(rest > time)
      }
    }
  }
}

/** Folds an attribute of codes over the runs of entities. */
export function attributeCodes(index: usize, starts: usize, runs: u32, rests: usize, entities: usize, edge: usize): void {
  attributeOf<i32>(index, starts, runs, rests, entities, edge)
}

/** As attributeCodes, of integers. */
export function attributeLongs(index: usize, starts: usize, runs: u32, rests: usize, entities: usize, edge: usize): void {
  attributeOf<i64>(index, starts, runs, rests, entities, edge)
}
