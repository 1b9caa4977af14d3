const FULL = 8 * Math.atan(1)
const PLACES = 140n // of binary fractions

/** One turn in equal steps, as sine and cosine of each. */
export interface Wave {
  sine: Float64Array
  cosine: Float64Array
}

/** Returns sine and cosine of an angle, correctly rounded, by their power series in whole numbers. */
function rounded(angle: number): [sine: number, cosine: number] {
  const x = BigInt(angle * 2 ** 60) << (PLACES - 60n)
  const sums = [0n, 0n]
  let term = 1n << PLACES
  for (let k = 0n; term !== 0n; k++, term = ((term * x) >> PLACES) / k) sums[Number(k & 1n)] += k & 2n ? -term : term
  return [Number(sums[1]) / 2 ** Number(PLACES), Number(sums[0]) / 2 ** Number(PLACES)]
}

const waves = new Map<number, Wave>()

/**
 * Returns the wave of a number of rows, made once. Math.sin may be off in the last digit, by platform: of a series that
 * does not move the sums of a wave are nothing but last digits, and the phase is made of them.
 */
export function wave(rows: number): Wave {
  let found = waves.get(rows)
  if (!found) {
    found = { sine: new Float64Array(rows), cosine: new Float64Array(rows) }
    for (let i = 0; i < rows; i++) [found.sine[i], found.cosine[i]] = rounded((i * FULL) / rows)
    waves.set(rows, found)
  }
  return found
}
