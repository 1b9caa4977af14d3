/** Mixes 64 bits, given as two words, into 32 bits, the first of which depend on all of them. */
export function mixed(low: number, high: number): number {
  let bits = low ^ Math.imul(high, 0x85ebca77)
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  return Math.imul(bits ^ (bits >>> 15), 0x9e3779b1)
}
