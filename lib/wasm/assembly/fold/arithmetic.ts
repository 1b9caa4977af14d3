// Arithmetic on columns of doubles, in which NaN is null. `n` rows; two at a time, with room behind the arrays.

export function addF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 16) {
    v128.store(out + i, f64x2.add(v128.load(a + i), v128.load(b + i)))
  }
}

export function subF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 16) {
    v128.store(out + i, f64x2.sub(v128.load(a + i), v128.load(b + i)))
  }
}

export function mulF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 16) {
    v128.store(out + i, f64x2.mul(v128.load(a + i), v128.load(b + i)))
  }
}

/** A zero denominator gives null, never infinity. */
export function divF64(a: usize, b: usize, out: usize, n: u32): void {
  const zero = f64x2.splat(0)
  const nan = f64x2.splat(NaN)
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 16) {
    const denominator = v128.load(b + i)
    const quotient = f64x2.div(v128.load(a + i), denominator)
    v128.store(out + i, v128.bitselect(nan, quotient, f64x2.eq(denominator, zero)))
  }
}

/** Takes `b` where `a` is null. */
export function coalesceF64(a: usize, b: usize, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 16) {
    const first = v128.load(a + i)
    v128.store(out + i, v128.bitselect(first, v128.load(b + i), f64x2.eq(first, first)))
  }
}

/** Takes `a` where the mask holds, else `b`. */
export function selectF64(mask: usize, a: usize, b: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const from = load<u8>(mask + i) ? a : b
    store<f64>(out + (<usize>i << 3), load<f64>(from + (<usize>i << 3)))
  }
}

export function clipF64(a: usize, low: f64, high: f64, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 8) {
    const value = load<f64>(a + i)
    store<f64>(out + i, value < low ? low : value > high ? high : value)
  }
}

export function widenI32(from: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<f64>(out + (<usize>i << 3), <f64>load<i32>(from + (<usize>i << 2)))
}

/** Rounds once, to the nearest double, as a product of the two halves would. */
export function widenI64(from: usize, out: usize, n: u32): void {
  for (let i: usize = 0, end: usize = <usize>n << 3; i < end; i += 8) store<f64>(out + i, <f64>load<i64>(from + i))
}

export function widenU8(from: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<f64>(out + (<usize>i << 3), <f64>load<u8>(from + i))
}

/** Writes NaN where a row is null. */
export function voidNulls(valid: usize, values: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) if (!load<u8>(valid + i)) store<f64>(values + (<usize>i << 3), NaN)
}

/** Turns infinities into NaN and returns how many values are not finite, counting null rows out (`valid` 0: none). */
export function voidNonFinite(values: usize, valid: usize, n: u32): u32 {
  let found: u32 = 0
  for (let i: u32 = 0; i < n; i++) {
    const at = values + (<usize>i << 3)
    const value = load<f64>(at)
    if (value - value == 0) continue
    store<f64>(at, NaN)
    if (!valid || load<u8>(valid + i)) found++
  }
  return found
}
