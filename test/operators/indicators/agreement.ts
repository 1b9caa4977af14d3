/**
 * Returns the first row in which a series differs from what is wanted, or -1. Values agree within 1e-9 of the wanted one,
 * or within 1e-12 of the largest input: that is what rounding leaves of a difference of inputs that is near zero.
 */
export function firstDifference(found: Float64Array, wanted: readonly (number | null)[], largestInput: number): number {
  if (found.length !== wanted.length) return Math.min(found.length, wanted.length)
  return wanted.findIndex((value, i) => {
    if (value === null || Number.isNaN(found[i])) return value !== null || !Number.isNaN(found[i])
    const difference = Math.abs(found[i] - value)
    return !(difference <= 1e-9 * Math.abs(value) || difference <= 1e-12 * largestInput)
  })
}

/** Returns the largest size of all values. */
export function largest(inputs: readonly Float64Array[]): number {
  let size = 0
  for (const input of inputs) for (const value of input) size = Math.max(size, Math.abs(value))
  return size
}
