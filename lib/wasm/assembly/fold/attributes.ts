// Finds the rows that may change what is known of their entity; nearly none do. Rows index[from..count) of a chunk.

// @ts-ignore: decorator
@inline function entityOfFour(index: usize, k: u32, count: u32, entities: usize): i32 {
  // The entity of four rows that follow one another, or -1: files sorted by listing have long runs of one.
  if (k + 4 > count) return -1
  const at = index + (<usize>k << 2)
  const row: usize = load<u32>(at)
  if (<usize>load<u32>(at, 12) - row != 3) return -1
  const entity = load<i32>(entities + (row << 2))
  return i32x4.all_true(i32x4.eq(v128.load(entities + (row << 2)), i32x4.splat(entity))) ? entity : -1
}

/**
 * Returns the place of the first row whose code is not the one that is known of its entity; `count` when none is. Rows
 * where `mask` is 0 do not count.
 */
export function firstOtherCode(index: usize, from: u32, count: u32, entities: usize, codes: usize, mask: usize, known: usize): u32 {
  for (let k = from; k < count; ) {
    const entity = entityOfFour(index, k, count, entities)
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (entity >= 0 && i32x4.all_true(i32x4.eq(v128.load(codes + (row << 2)), i32x4.splat(load<i32>(known + (<usize>entity << 2)))))) {
      k += 4
      continue
    }
    for (const end = min<u32>(k + 4, count); k < end; k++) {
      const row: usize = load<u32>(index + (<usize>k << 2))
      const expected = load<i32>(known + (<usize>load<u32>(entities + (row << 2)) << 2))
      if (load<i32>(codes + (row << 2)) != expected && (!mask || load<u8>(mask + row))) return k
    }
  }
  return count
}

/** As firstOtherCode, for integers; an entity of which none is known has the time NaN. */
export function firstOtherLong(index: usize, from: u32, count: u32, entities: usize, values: usize, mask: usize, known: usize, times: usize): u32 {
  for (let k = from; k < count; k++) {
    const row: usize = load<u32>(index + (<usize>k << 2))
    const entity: usize = load<u32>(entities + (row << 2))
    const since = load<f64>(times + (entity << 3))
    if (load<i64>(values + (row << 3)) == load<i64>(known + (entity << 3)) && since == since) continue
    if (!mask || load<u8>(mask + row)) return k
  }
  return count
}

/** Returns the place of the first row at or before the time that its entity has in `since`; none is before NaN. */
export function firstEarly(index: usize, from: u32, count: u32, entities: usize, times: usize, since: usize): u32 {
  for (let k = from; k < count; ) {
    const entity = entityOfFour(index, k, count, entities)
    const row: usize = load<u32>(index + (<usize>k << 2))
    if (entity >= 0) {
      const last = f64x2.splat(load<f64>(since + (<usize>entity << 3)))
      const at = times + (row << 3)
      if (!v128.any_true(v128.or(f64x2.le(v128.load(at), last), f64x2.le(v128.load(at, 16), last)))) {
        k += 4
        continue
      }
    }
    for (const end = min<u32>(k + 4, count); k < end; k++) {
      const row: usize = load<u32>(index + (<usize>k << 2))
      if (load<f64>(times + (row << 3)) <= load<f64>(since + (<usize>load<u32>(entities + (row << 2)) << 3))) return k
    }
  }
  return count
}
