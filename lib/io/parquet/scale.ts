import { BasaltError } from '../../core/error.js'

/** An exact decimal: digits / 10^places. */
export interface Decimal {
  digits: bigint
  places: number // never negative
}

export const ONE: Decimal = { digits: 1n, places: 0 }

/** Reads a positive decimal as it is written (`0.0001`, `25`, `1e-8`); anything else is a config fault. */
export function decimalOf(text: string): Decimal {
  const match = /^\+?(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text.trim())
  const [, whole = '', fraction = '', exponent = '0'] = match ?? []
  let digits = BigInt(whole + fraction)
  if (!match || digits === 0n) throw new BasaltError('config', `'${text}' is no positive decimal`)
  let places = fraction.length - Number(exponent)
  for (; places > 0 && digits % 10n === 0n; places--) digits /= 10n
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places }
}

/** Multiplies by a decimal, with one rounding of the exact product. */
export interface Scaler {
  /** Of an integer held exactly, |value| ≤ 2^53. */
  integer(value: number): number
  /** Of any integer. */
  long(value: bigint): number
  /** Of any double; NaN and the infinities stay what they are. */
  double(value: number): number
}

/**
 * Returns the scaler of a decimal. As long as value × digits is exact in a double, which for ticks it is, the division
 * by 10^places is the one rounding; else the product is made of BigInts and rounded by the parser of numbers.
 */
export function scalerOf({ digits, places }: Decimal): Scaler {
  const factor = Number(digits)
  const divisor = places <= 22 ? Number(`1e${places}`) : undefined // exact up to 10^22
  const exactFactor = digits <= MAX_EXACT
  const long = (value: bigint) => Number(`${value * digits}e-${places}`)
  return {
    integer(value) {
      const product = value * factor
      if (divisor && exactFactor && Math.abs(product) <= Number.MAX_SAFE_INTEGER) return product / divisor
      return long(BigInt(value))
    },
    long,
    double(value) {
      if (digits === 1n && divisor) return value / divisor
      if (places === 0 && exactFactor) return value * factor
      if (value === 0 || !Number.isFinite(value)) return value
      // value = odd × 2^power exactly, and 2^-n = 5^n / 10^n.
      const [odd, power] = binaryOf(value)
      const product = odd * digits
      return power >= 0
        ? Number(`${product << BigInt(power)}e-${places}`)
        : Number(`${product * 5n ** BigInt(-power)}e-${places - power}`)
    },
  }
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER)

function binaryOf(value: number): [bigint, number] {
  let power = 0
  let whole = value
  for (; !Number.isInteger(whole); power--) whole *= 2
  return [BigInt(whole), power]
}

/** Rounds 64-bit integers to doubles, each once: the high half is exact, so the sum is the one rounding. */
export function doublesOf(values: BigInt64Array, unsigned: boolean): Float64Array {
  const low = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const high = unsigned ? low : new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  const doubles = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) doubles[i] = high[2 * i + 1] * 4_294_967_296 + low[2 * i]
  return doubles
}
