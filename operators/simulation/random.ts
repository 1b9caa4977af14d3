/**
 * Draws seeded random numbers from xoshiro128**, in 32-bit integer arithmetic. Every derived draw uses only `+ - * /`
 * and `sqrt`, which IEEE 754 rounds one way everywhere: the same seed gives the same values on every engine, which
 * `Math.log` and `Math.exp` do not promise.
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number

  /** Mixes the seeds, in order, into one state: streams of different seeds are unrelated. */
  constructor(...seeds: number[]) {
    let state = 0
    for (const seed of seeds) state = scramble((state ^ seed) + 0x9e3779b9)
    this.a = scramble(state + 1)
    this.b = scramble(state + 2)
    this.c = scramble(state + 3)
    this.d = scramble(state + 4) | 1 // an all-zero state would stay zero
  }

  /** Returns the next 32 bits as an unsigned integer. */
  bits(): number {
    const product = Math.imul(this.b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= shifted
    this.d = (this.d << 11) | (this.d >>> 21)
    return result
  }

  /** Returns a uniform number in [0, 1), on a grid of 2⁻³². */
  uniform(): number {
    return this.bits() * 2 ** -32
  }

  /** Returns a uniform integer in [0, count). */
  below(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]
  }

  /** Returns an exponential draw of mean 1. */
  exponential(): number {
    return -naturalLog(1 - this.uniform())
  }

  /** Returns a bell-shaped draw of mean 0 and variance 1, within ±3.5: the sum of four uniforms. */
  bell(): number {
    return (this.uniform() + this.uniform() + this.uniform() + this.uniform() - 2) * 1.7320508075688772
  }

  /** Counts failures before the first success, at most 24. */
  geometric(success: number): number {
    let failures = 0
    while (failures < 24 && !this.chance(success)) failures++
    return failures
  }

  /** Returns a positive draw of median near 1 and a heavy right tail (each doubling is half as likely). */
  heavy(): number {
    return (1 << this.geometric(0.5)) * (0.35 + this.uniform() * 0.65)
  }
}

function scramble(value: number): number {
  let z = value | 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return z ^ (z >>> 16)
}

/** Computes ln x of x in (0, 1] to about 1e-9, from the series of artanh on [0.5, 1]. */
function naturalLog(x: number): number {
  let halvings = 0
  while (x < 0.5) {
    x *= 2
    halvings++
  }
  const y = (x - 1) / (x + 1)
  const s = y * y
  const series = 1 + s * (1 / 3 + s * (1 / 5 + s * (1 / 7 + s * (1 / 9 + s * (1 / 11 + s * (1 / 13 + s / 15))))))
  return 2 * y * series - halvings * Math.LN2
}
