/**
 * Decodes `count` values of `width` bits from bytes [start, end), stored as runs of equal values and bit-packed groups
 * of eight, into `out` from position 0. Throws when the bytes end early; groups may promise more than `count`.
 */
export function decodeRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
  out: Int32Array | Uint8Array,
): void {
  if (width > 32) throw new Error(`codes of ${width} bits do not exist`)
  let at = start
  let done = 0
  while (done < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new Error(`runs end after ${done} of ${count} values`)
      const byte = bytes[at++]
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    if (header % 2 === 0) {
      const run = Math.min(header / 2, count - done)
      const size = (width + 7) >> 3
      if (at + size > end) throw new Error(`runs end after ${done} of ${count} values`)
      let value = 0
      for (let i = 0; i < size; i++) value |= bytes[at + i] << (8 * i)
      at += size
      out.fill(value, done, done + run)
      done += run
    } else {
      const groups = (header - 1) / 2
      const take = Math.min(groups * 8, count - done)
      if (at + Math.ceil((take * width) / 8) > end) throw new Error(`runs end after ${done} of ${count} values`)
      unpack(bytes, at, width, take, out, done)
      at += groups * width
      done += take
    }
  }
}

/** Reads `count` values of `width` bits, least significant bit first. */
export function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  count: number,
  out: Int32Array | Uint8Array,
  to: number,
): void {
  if (width === 0) {
    out.fill(0, to, to + count)
    return
  }
  let at = start
  if (width > 24) {
    // The remainder of a value and the next byte do not fit 32 bits: doubles carry them exactly.
    const size = 2 ** width
    let held = 0
    for (let i = 0, bits = 0; i < count; i++) {
      for (; bits < width; bits += 8) held += bytes[at++] * 2 ** bits
      out[to + i] = held % size
      held = Math.floor(held / size)
      bits -= width
    }
    return
  }
  const mask = (1 << width) - 1
  let held = 0
  for (let i = 0, bits = 0; i < count; i++) {
    for (; bits < width; bits += 8) held |= bytes[at++] << bits
    out[to + i] = held & mask
    held >>>= width
    bits -= width
  }
}
