import { Random } from '../../operators/simulation/random.js'

const bytesOf = (array: Float64Array | BigInt64Array, n: number) => new Uint8Array(array.buffer).subarray(0, n)
const WORDS = 'bid ask price size of a trade that crosses the spread at once 1 2.5 100'.split(' ')

/** Bytes of the kinds that Parquet pages hold, and of those that compressors stumble over. */
export const PAGES: Record<string, (n: number) => Uint8Array> = {
  constant: n => new Uint8Array(n).fill(7),
  random: n => draw(n, random => random.bits()),
  text(n) {
    const random = new Random(2)
    let text = ''
    while (text.length < n) text += `${random.pick(WORDS)} `
    return Buffer.from(text.slice(0, n))
  },
  doubles(n) {
    const random = new Random(3)
    let price = 1000
    return bytesOf(
      Float64Array.from({ length: Math.ceil(n / 8) }, () => (price += random.below(9) - 4) / 100),
      n,
    )
  },
  timestamps(n) {
    const random = new Random(4)
    let time = 1_710_403_200_000_000_000n
    return bytesOf(
      BigInt64Array.from({ length: Math.ceil(n / 8) }, () => (time += BigInt(random.below(40_000_000)))),
      n,
    )
  },
  codes: n => draw(n, random => (random.below(3) << 6) | (random.below(2) << 3) | random.below(5)),
  // Counts that double from symbol to symbol: a code's tree is deeper than the format allows.
  skewed: n => draw(n, random => Math.clz32(random.bits())),
  // Bytes 0 to 255 but few of them often: descriptions of codes have gaps and runs.
  gaps: n => draw(n, random => (random.chance(0.9) ? 16 * random.below(3) : random.below(256))),
  runs(n) {
    const random = new Random(8)
    const bytes = new Uint8Array(n)
    for (let at = 0; at < n; ) bytes.fill(random.below(4), at, (at += 1 + Math.floor(random.exponential() * 400)))
    return bytes
  },
  // Pieces from anywhere before: offsets of all sizes, the last ones among them.
  pieces(n) {
    const random = new Random(9)
    const bytes = draw(n, random => random.bits())
    for (let at = 40; at < n; ) {
      const from = at - (random.chance(0.3) ? 24 : 1 + random.below(at))
      const length = 3 + random.below(random.chance(0.01) ? 30_000 : 30)
      for (let i = 0; i < length && at < n; i++, at++) bytes[at] = bytes[from + i]
      if (random.chance(0.7)) at += random.below(40)
    }
    return bytes
  },
}

function draw(n: number, next: (random: Random) => number): Uint8Array {
  const random = new Random(n, 1)
  return Uint8Array.from({ length: n }, () => next(random))
}
