// Folds attributes of entities: the first value by total order, and whether a second one came. Rows that change nothing,
// which are nearly all, are passed over four at a time where they follow one another and are of one entity.

import { bySequence, KEPT, KEPT_TIMES, keepKeys, TIMES, VALID, VALUES } from './keys'

// What else an attribute needs, behind the operands of first and last.
const CONFLICTS: usize = 48 // f64 an entity: 1 when it had a second value
const TOUCHED: usize = 52 // u8 an entity: 1 when its state was changed
const SINCE: usize = 56 // f64 an entity: the latest time of its attributes' values, NaN while it has none

// @ts-ignore: decorator
@inline function entityOfFour(index: usize, k: u32, count: u32, entities: usize): i32 {
  if (k + 4 > count) return -1
  const at = index + (<usize>k << 2)
  const row: usize = load<u32>(at)
  if (<usize>load<u32>(at, 12) - row != 3) return -1
  const entity = load<i32>(entities + (row << 2))
  return i32x4.all_true(i32x4.eq(v128.load(entities + (row << 2)), i32x4.splat(entity))) ? entity : -1
}

/** Tells whether one of the rows index[0..count) is at or before the time that its entity has in `since`. */
export function anyEarly(index: usize, count: u32, entities: usize, times: usize, since: usize): bool {
  for (let k: u32 = 0; k < count; ) {
    const entity = entityOfFour(index, k, count, entities)
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (entity >= 0) {
      const last = f64x2.splat(load<f64>(since + (<usize>entity << 3)))
      const at = times + (row << 3)
      if (v128.any_true(v128.or(f64x2.le(v128.load(at), last), f64x2.le(v128.load(at, 16), last)))) return true
      k += 4
      continue
    }
    for (const end = min<u32>(k + 4, count); k < end; k++) {
      const row: usize = load<u32>(index + (<usize>k << 2))
      if (load<f64>(times + (row << 3)) <= load<f64>(since + (<usize>load<u32>(entities + (row << 2)) << 3))) return true
    }
  }
  return false
}

// @ts-ignore: decorator
@inline function sameFour<T>(values: usize, known: T): bool {
  if (sizeof<T>() == 4) return i32x4.all_true(i32x4.eq(v128.load(values), i32x4.splat(<i32>known)))
  const all = i64x2.splat(<i64>known)
  return i64x2.all_true(v128.and(i64x2.eq(v128.load(values), all), i64x2.eq(v128.load(values, 16), all)))
}

// @ts-ignore: decorator
@inline function attributeOf<T>(index: usize, count: u32, entities: usize, edge: usize, watch: bool): void {
  const values: usize = load<u32>(edge, VALUES)
  const mask: usize = load<u32>(edge, VALID)
  const times: usize = load<u32>(edge, TIMES)
  const kept: usize = load<u32>(edge, KEPT)
  const keptTimes: usize = load<u32>(edge, KEPT_TIMES)
  const conflicts: usize = load<u32>(edge, CONFLICTS)
  const touched: usize = load<u32>(edge, TOUCHED)
  const since: usize = load<u32>(edge, SINCE)
  for (let k: u32 = 0; k < count; ) {
    const entity = entityOfFour(index, k, count, entities)
    if (entity >= 0) {
      const row: usize = load<u32>(index + (<usize>k << 2))
      const known = load<f64>(keptTimes + (<usize>entity << 3))
      if (known == known && sameFour<T>(values + row * sizeof<T>(), load<T>(kept + <usize>entity * sizeof<T>()))) {
        const at = times + (row << 3)
        const last = f64x2.splat(known)
        if (!watch || !v128.any_true(v128.or(f64x2.le(v128.load(at), last), f64x2.le(v128.load(at, 16), last)))) {
          k += 4
          continue
        }
      }
    }
    for (const end = min<u32>(k + 4, count); k < end; k++) {
      const row: usize = load<u32>(index + (<usize>k << 2))
      if (mask && !load<u8>(mask + row)) continue
      const entity: usize = load<u32>(entities + (row << 2))
      const time = load<f64>(times + (row << 3))
      const known = load<f64>(keptTimes + (entity << 3))
      const value = load<T>(values + row * sizeof<T>())
      if (known == known) {
        if (value != load<T>(kept + entity * sizeof<T>()) && load<f64>(conflicts + (entity << 3)) == 0) {
          store<f64>(conflicts + (entity << 3), 1)
          store<u8>(touched + entity, 1)
        }
        if (time > known || (time == known && bySequence(edge, row, entity) >= 0)) continue
      }
      store<T>(kept + entity * sizeof<T>(), value)
      keepKeys(edge, row, entity, time)
      store<u8>(touched + entity, 1)
      if (!(load<f64>(since + (entity << 3)) >= time)) store<f64>(since + (entity << 3), time)
      watch = true // rows behind this one may tie with it
    }
  }
}

/** Folds an attribute of codes; `watch` says that rows may be as early as what is known. */
export function attributeCodes(index: usize, count: u32, entities: usize, edge: usize, watch: bool): void {
  attributeOf<i32>(index, count, entities, edge, watch)
}

/** As attributeCodes, of integers. */
export function attributeLongs(index: usize, count: u32, entities: usize, edge: usize, watch: bool): void {
  attributeOf<i64>(index, count, entities, edge, watch)
}
