/**
 * Joins values [first, first + n) of BYTE_STREAM_SPLIT: byte k of value i is at `from + k * stride + i`, where stride
 * is the number of all values. The caller has checked that `width` streams of `stride` bytes are there.
 */
export function joinStreams(from: usize, stride: u32, first: u32, n: u32, width: u32, out: usize): void {
  from += first
  let i: u32 = 0
  if (width == 4) i = joinWords(from, stride, n, out)
  else if (width == 8) i = joinLongs(from, stride, n, out)
  for (let k: u32 = 0; k < width; k++) {
    const stream = from + <usize>k * stride
    let to = out + <usize>i * width + k
    for (let j = i; j < n; j++) {
      store<u8>(to, load<u8>(stream + j))
      to += width
    }
  }
}

@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Joins 16 values of 4 bytes at a time; returns how many are done. */
function joinWords(from: usize, stride: usize, n: u32, out: usize): u32 {
  let i: u32 = 0
  for (; i + 16 <= n; i += 16) {
    const at = from + i
    const a = v128.load(at)
    const b = v128.load(at + stride)
    const c = v128.load(at + 2 * stride)
    const d = v128.load(at + 3 * stride)
    const ac = low8(a, c)
    const bd = low8(b, d)
    v128.store(out, low8(ac, bd))
    v128.store(out, high8(ac, bd), 16)
    const ac2 = high8(a, c)
    const bd2 = high8(b, d)
    v128.store(out, low8(ac2, bd2), 32)
    v128.store(out, high8(ac2, bd2), 48)
    out += 64
  }
  return i
}

/** Joins 16 values of 8 bytes at a time; returns how many are done. */
function joinLongs(from: usize, stride: usize, n: u32, out: usize): u32 {
  let i: u32 = 0
  for (; i + 16 <= n; i += 16) {
    const at = from + i
    const a = v128.load(at)
    const b = v128.load(at + stride)
    const c = v128.load(at + 2 * stride)
    const d = v128.load(at + 3 * stride)
    const e = v128.load(at + 4 * stride)
    const f = v128.load(at + 5 * stride)
    const g = v128.load(at + 6 * stride)
    const h = v128.load(at + 7 * stride)
    joinHalf(low8(a, e), low8(b, f), low8(c, g), low8(d, h), out)
    joinHalf(high8(a, e), high8(b, f), high8(c, g), high8(d, h), out + 64)
    out += 128
  }
  return i
}

@inline
function joinHalf(ae: v128, bf: v128, cg: v128, dh: v128, out: usize): void {
  const aceg = low8(ae, cg)
  const bdfh = low8(bf, dh)
  v128.store(out, low8(aceg, bdfh))
  v128.store(out, high8(aceg, bdfh), 16)
  const aceg2 = high8(ae, cg)
  const bdfh2 = high8(bf, dh)
  v128.store(out, low8(aceg2, bdfh2), 32)
  v128.store(out, high8(aceg2, bdfh2), 48)
}
