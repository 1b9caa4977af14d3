/** Where the rows of an event lie: index 0 is the event, -1 and 1 its neighbours. */
export interface Offset {
  index: number
  /** After the event; before it where negative. */
  ns: number
}

/** How the rows around an event are spaced. */
export interface Spacing {
  /** Distance of the farthest row, a whole number of ns. */
  radius: number
  directions: 'both' | 'backward' | 'forward'
  /** Rows in each direction. */
  extra: number
  /** 1: steps are equal; s above 1: each is s times the one before. */
  scale: number
}

/**
 * Lists the offsets of an event's rows, ascending (semantics 2.9). Of offsets that round to the same nanosecond the
 * nearest to the event stays. Without a radius or without extra rows it is the event alone.
 */
export function offsetsOf({ radius, directions, extra, scale }: Spacing): Offset[] {
  const ahead: Offset[] = []
  let last = 0
  for (let index = 1; index <= extra; index++) {
    const ns = distance(radius, index, extra, scale)
    if (ns === last) continue
    ahead.push({ index, ns })
    last = ns
  }
  const behind = ahead.map(({ index, ns }) => ({ index: -index, ns: -ns })).reverse()
  const anchor = { index: 0, ns: 0 }
  if (directions === 'backward') return [...behind, anchor]
  return directions === 'forward' ? [anchor, ...ahead] : [...behind, anchor, ...ahead]
}

/** Returns R·i/n, or R·(s^i-1)/(s^n-1), rounded to ns. */
function distance(radius: number, i: number, n: number, scale: number): number {
  if (i === n) return radius
  // R·i may be more than a double holds exactly.
  if (scale === 1) return Number((2n * BigInt(radius) * BigInt(i) + BigInt(n)) / (2n * BigInt(n)))
  // Divided by s^n, so that nothing overflows; expm1 keeps the digits of an s near 1.
  const log = Math.log1p(scale - 1)
  return Math.round((radius * scale ** (i - n) * Math.expm1(-i * log)) / Math.expm1(-n * log))
}
