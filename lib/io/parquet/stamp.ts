import { wallToUtc } from '../../core/time.js'

/**
 * Returns stamps in ns: `values` × `tick`, exactly. `onOverflow` is told the first present row beyond the years 1677 to
 * 2262. Works on 16- and 32-bit parts, because a BigInt product a row costs ten times as much.
 */
export function nanosOf(
  values: BigInt64Array,
  tick: number,
  valid: Uint8Array | null,
  onOverflow: (row: number) => never,
): BigInt64Array {
  if (tick === 1) return values
  const nanos = new BigInt64Array(values.length)
  const fromLow = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const fromHigh = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  const to = new Int32Array(nanos.buffer)
  for (let i = 0; i < values.length; i++) {
    const low = fromLow[2 * i]
    const first = (low & 0xffff) * tick // < 2^46
    const second = (low >>> 16) * tick + Math.floor(first / 65_536) // < 2^47
    const high = fromHigh[2 * i + 1] * tick + Math.floor(second / 65_536)
    if ((high < -2_147_483_648 || high > 2_147_483_647) && (!valid || valid[i])) onOverflow(i)
    to[2 * i] = (second << 16) | (first & 0xffff)
    to[2 * i + 1] = high
  }
  return nanos
}

const QUARTER = 900_000_000_000n // ns; since 1973 every zone has changed its offset on a quarter of an hour
const CERTAIN = 94_694_400_000_000_000n // 1973-01-01, ns

/** Returns the UTC instants (ns) of wall times (ns) in a zone, skipped and repeated ones by semantics 2.3. */
export function instantsOf(walls: BigInt64Array, zone: string): BigInt64Array {
  const nanos = new BigInt64Array(walls.length)
  let quarter: bigint | undefined
  let shift = 0n
  for (let i = 0; i < walls.length; i++) {
    const wall = walls[i]
    const next = wall >= CERTAIN ? wall / QUARTER : undefined
    if (next === undefined || next !== quarter) {
      quarter = next
      const ms = Math.floor(Number(wall / 1000n) / 1000)
      shift = BigInt(wallToUtc(ms, zone) - ms) * 1_000_000n
    }
    nanos[i] = wall + shift
  }
  return nanos
}
