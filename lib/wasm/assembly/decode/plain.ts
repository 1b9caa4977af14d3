import { BAD_STAMP } from './fault'

/** Copies n values of `bytes` bytes: those of a page may lie at any address, typed arrays may not. */
export function copyValues(from: usize, n: u32, bytes: u32, out: usize): void {
  memory.copy(out, from, <usize>n * bytes)
}

/** Widens n floats to doubles, exactly. */
export function widenFloats(from: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i += 2) {
    v128.store(out, f64x2.promote_low_f32x4(v128.load64_zero(from)))
    from += 8
    out += 16
  }
}

const DAY: i64 = 86_400_000_000_000
const JULIAN_EPOCH: i64 = 2_440_588

/** Turns n INT96 stamps (ns of a day, Julian day) into ns since 1970. A fault where 64 bits do not hold one. */
export function stampsOf96(from: usize, n: u32, out: usize): i32 {
  for (let i: u32 = 0; i < n; i++) {
    let ns = load<i64>(from)
    let days = <i64>load<i32>(from, 8) - JULIAN_EPOCH
    // The first day that 64 bits reach into begins before what they hold, but ends within.
    if (days < 0) {
      if (ns < i64.MIN_VALUE + DAY) return BAD_STAMP
      days++
      ns -= DAY
    }
    if (days < -106_751 || days > 106_751) return BAD_STAMP
    const start = days * DAY
    const sum = start + ns
    if (((start ^ sum) & (ns ^ sum)) < 0) return BAD_STAMP
    store<i64>(out, sum)
    from += 12
    out += 8
  }
  return 0
}
