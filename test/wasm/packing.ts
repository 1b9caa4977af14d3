type Random = (below: number) => number

/** Writes an unsigned number in groups of seven bits. */
export function varint(value: number | bigint): number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 127n ? 0x80 : 0))
    if (rest <= 127n) return bytes
  }
}

/** Packs values of `width` bits, the lowest bit first. */
export function packed(values: readonly (number | bigint)[], width: number): number[] {
  let bits = 0n
  values.forEach((value, i) => {
    bits |= BigInt.asUintN(width, BigInt(value)) << BigInt(i * width)
  })
  return Array.from({ length: Math.ceil((values.length * width) / 8) }, () => {
    const byte = Number(bits & 0xffn)
    bits >>= 8n
    return byte
  })
}

/** Makes runs of random values of `width` bits, equal ones and packed ones, empty and long ones among them. */
export function randomRuns(random: Random, width: number, runs: number): { bytes: Uint8Array; values: number[] } {
  const bytes: number[] = []
  const values: number[] = []
  const value = () => (width === 0 ? 0 : random(2 ** width))
  for (let k = 0; k < runs; k++) {
    if (random(2) === 0) {
      const n = [0, 1, 7, 100, 5000][random(5)]
      const each = value()
      bytes.push(...varint(n * 2), ...packed([each], width))
      for (let i = 0; i < n; i++) values.push(each)
    } else {
      const groups = [0, 1, 2, 9, 30][random(5)]
      const those = Array.from({ length: groups * 8 }, value)
      bytes.push(...varint(groups * 2 + 1), ...packed(those, width))
      values.push(...those)
    }
  }
  return { bytes: Uint8Array.from(bytes), values }
}

const zigzag = (value: bigint) => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))

/** Packs integers as DELTA_BINARY_PACKED in blocks of `parts` parts of `size` values. */
export function deltaPacked(values: readonly bigint[], size = 32, parts = 4): Uint8Array {
  const bytes = [
    ...varint(size * parts),
    ...varint(parts),
    ...varint(values.length),
    ...varint(zigzag(values[0] ?? 0n)),
  ]
  for (let from = 1; from < values.length; from += size * parts) {
    const deltas = values
      .slice(from, from + size * parts)
      .map((value, i) => BigInt.asIntN(64, value - values[from + i - 1]))
    const least = deltas.reduce((a, b) => (a < b ? a : b))
    const rest = deltas.map(delta => BigInt.asUintN(64, delta - least))
    const groups = Array.from({ length: parts }, (_, part) => rest.slice(part * size, (part + 1) * size))
    const widths = groups.map(group => group.reduce((a, b) => (a > b ? a : b), 0n).toString(2).length)
    groups.forEach((group, part) => {
      if (group.every(value => value === 0n)) widths[part] = 0
    })
    bytes.push(...varint(zigzag(least)), ...widths)
    groups.forEach((group, part) => {
      if (group.length > 0) bytes.push(...packed([...group, ...Array(size - group.length).fill(0n)], widths[part]))
    })
  }
  return Uint8Array.from(bytes)
}

/** Cuts n into random parts. */
export function randomParts(random: Random, n: number): number[] {
  const parts: number[] = []
  for (let left = n; left > 0; left -= parts[parts.length - 1]) {
    parts.push(Math.min(left, [0, 1, 3, 8, 31, 1000, 4096][random(7)]))
  }
  return parts
}
