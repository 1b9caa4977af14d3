import { parseFloat16 } from 'hyparquet/src/convert.js'

/**
 * Reads the unscaled integer of a decimal: two's complement, most significant byte first, of any length. A number where
 * that is exact, which spares nearly every value the BigInt.
 */
export function unscaled(bytes: Uint8Array): number | bigint {
  const sign = bytes.length > 0 && bytes[0] >= 0x80 ? -1 : 0
  const start = Math.max(0, bytes.length - 6)
  for (let i = 0; i < start; i++) {
    if (bytes[i] !== (sign & 0xff))
      return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
  }
  let value = sign // its own bits stand above the last six bytes
  for (let i = start; i < bytes.length; i++) value = value * 256 + bytes[i]
  return value
}

/** Reads a half-precision float, exactly. */
export function half(bytes: Uint8Array): number {
  return parseFloat16(bytes) ?? NaN
}
