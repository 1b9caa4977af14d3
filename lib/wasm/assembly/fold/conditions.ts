// Conditions on columns: one byte a row, 1 where they hold. A comparison with null (NaN) does not hold.

// @ts-ignore: decorator
@inline function lanes(pair: v128, out: usize): void {
  // Two lanes of ones or zeros to two bytes of 1 or 0.
  store<u16>(out, <u16>((i64x2.extract_lane(pair, 0) & 1) | ((i64x2.extract_lane(pair, 1) & 1) << 8)))
}

export function eqF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 2) lanes(f64x2.eq(v128.load(a + (<usize>i << 3)), v128.load(b + (<usize>i << 3))), out + i)
}

/** Neither equal nor null. */
export function neF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 2) {
    const x = v128.load(a + (<usize>i << 3))
    const y = v128.load(b + (<usize>i << 3))
    lanes(v128.or(f64x2.lt(x, y), f64x2.gt(x, y)), out + i)
  }
}

export function ltF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 2) lanes(f64x2.lt(v128.load(a + (<usize>i << 3)), v128.load(b + (<usize>i << 3))), out + i)
}

export function leF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 2) lanes(f64x2.le(v128.load(a + (<usize>i << 3)), v128.load(b + (<usize>i << 3))), out + i)
}

export function isNaNF64(a: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 2) {
    const x = v128.load(a + (<usize>i << 3))
    lanes(f64x2.ne(x, x), out + i)
  }
}

/** Holds where a value is neither zero nor null. */
export function truthF64(a: usize, out: usize, n: u32): void {
  const zero = f64x2.splat(0)
  for (let i: u32 = 0; i < n; i += 2) {
    const x = v128.load(a + (<usize>i << 3))
    lanes(v128.or(f64x2.lt(x, zero), f64x2.gt(x, zero)), out + i)
  }
}

/** Looks codes up in a table of bytes, one per dictionary entry. Codes were checked when they were read. */
export function lookU8(codes: usize, table: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u8>(out + i, load<u8>(table + load<u32>(codes + (<usize>i << 2))))
}

/** As lookU8, for a table of at most 16 bytes, which is one vector: 16 rows at once. */
export function lookFewU8(codes: usize, table: usize, out: usize, n: u32): void {
  const entries = v128.load(table)
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const at = codes + (i << 2)
    const low = i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16))
    const high = i16x8.narrow_i32x4_s(v128.load(at, 32), v128.load(at, 48))
    v128.store(out + i, i8x16.swizzle(entries, i8x16.narrow_i16x8_u(low, high)))
  }
}

export function andU8(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0; i < <usize>n; i += 16) v128.store(out + i, v128.and(v128.load(a + i), v128.load(b + i)))
}

export function orU8(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0; i < <usize>n; i += 16) v128.store(out + i, v128.or(v128.load(a + i), v128.load(b + i)))
}

export function notU8(a: usize, out: usize, n: u32): void {
  const one = i8x16.splat(1)
  for (let i: usize = 0; i < <usize>n; i += 16) v128.store(out + i, v128.xor(v128.load(a + i), one))
}

/** Counts the rows where a mask holds. */
export function onesU8(mask: usize, n: u32): u32 {
  let total: u32 = 0
  let i: u32 = 0
  for (; i + 8 <= n; i += 8) total += <u32>popcnt<u64>(load<u64>(mask + i))
  for (; i < n; i++) total += load<u8>(mask + i)
  return total
}

/** Lists the rows where a mask holds; returns how many. `out` has room for n + 1. */
export function rowsWhere(mask: usize, n: u32, out: usize): u32 {
  let count: u32 = 0
  let i: u32 = 0
  for (; i + 8 <= n; i += 8) {
    const eight = load<u64>(mask + i)
    if (eight == 0) continue
    if (eight == 0x0101010101010101) {
      for (let j: u32 = 0; j < 8; j++) store<u32>(out + (<usize>(count + j) << 2), i + j)
      count += 8
      continue
    }
    for (let j: u32 = 0; j < 8; j++) {
      store<u32>(out + (<usize>count << 2), i + j)
      count += <u32>(eight >> (<u64>j << 3)) & 1
    }
  }
  for (; i < n; i++) {
    store<u32>(out + (<usize>count << 2), i)
    count += load<u8>(mask + i)
  }
  return count
}

/** Keeps those of `count` listed rows where a mask holds; returns how many. `out` has room for count + 1. */
export function rowsWithin(index: usize, count: u32, mask: usize, out: usize): u32 {
  let kept: u32 = 0
  for (let k: u32 = 0; k < count; k++) {
    const row = load<u32>(index + (<usize>k << 2))
    store<u32>(out + (<usize>kept << 2), row)
    kept += load<u8>(mask + row)
  }
  return kept
}
