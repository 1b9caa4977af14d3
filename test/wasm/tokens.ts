/** A stream of literals and copies, and the bytes that it stands for. */
export interface Tokens {
  packed: Uint8Array
  plain: Uint8Array
}

/** Writes the forms of one format: a literal, a copy, and what stands before and behind all of them. */
interface Format {
  literal(bytes: number[]): number[]
  copy(distance: number, length: number): number[]
}

/** Makes a random stream of `count` tokens; lengths and distances reach over every form that a format has. */
function tokensOf(random: (below: number) => number, count: number, format: Format): Tokens {
  const plain: number[] = []
  const packed: number[] = []
  for (let k = 0; k < count; k++) {
    if (plain.length === 0 || random(2) === 0) {
      const n = [1, 5, 16, 17, 60, 61, 70, 300, 70_000][random(random(20) === 0 ? 9 : 8)] // long ones now and then
      const bytes = Array.from({ length: n }, () => random(256))
      packed.push(...format.literal(bytes))
      for (const byte of bytes) plain.push(byte)
    } else {
      const distance = 1 + random(Math.min(plain.length, [8, 16, 40, 3000, 65_535][random(5)]))
      const length = 4 + random([4, 8, 61][random(3)])
      packed.push(...format.copy(distance, length))
      for (let i = 0; i < length; i++) plain.push(plain[plain.length - distance])
    }
  }
  return { packed: Uint8Array.from(packed), plain: Uint8Array.from(plain) }
}

const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value / 2 ** (8 * i)) & 0xff)

/** Makes a random Snappy stream. */
export function snappyTokens(random: (below: number) => number, count: number): Tokens {
  const { packed, plain } = tokensOf(random, count, {
    literal(bytes) {
      const last = bytes.length - 1
      if (last < 60) return [last << 2, ...bytes]
      const size = last < 256 ? 1 : last < 65_536 ? 2 : 3 + random(2)
      return [(59 + size) << 2, ...little(last, size), ...bytes]
    },
    copy(distance, length) {
      if (length < 12 && distance < 2048 && random(2) === 0)
        return [((distance >> 8) << 5) | ((length - 4) << 2) | 1, distance & 0xff]
      return random(4) > 0
        ? [((length - 1) << 2) | 2, ...little(distance, 2)]
        : [((length - 1) << 2) | 3, ...little(distance, 4)]
    },
  })
  const size: number[] = []
  for (let rest = plain.length; ; rest >>= 7) {
    size.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0))
    if (rest <= 127) break
  }
  return { packed: Uint8Array.from([...size, ...packed]), plain }
}

/** Makes a random raw LZ4 block: each of its sequences is a literal, maybe empty, and a copy. */
export function lz4Tokens(random: (below: number) => number, count: number): Tokens {
  let literal: number[] = []
  const more = (value: number): number[] =>
    value < 15 ? [] : [...Array(Math.floor((value - 15) / 255)).fill(255), (value - 15) % 255]
  const sequence = (length: number, distance: number[]): number[] => {
    const [n, m] = [literal.length, distance.length ? length - 4 : 0]
    const bytes = [(Math.min(n, 15) << 4) | Math.min(m, 15), ...more(n), ...literal, ...distance]
    literal = []
    return distance.length ? [...bytes, ...more(m)] : bytes
  }
  const { packed, plain } = tokensOf(random, count, {
    literal(bytes) {
      literal = literal.concat(bytes)
      return []
    },
    copy: (distance, length) => sequence(length, little(distance, 2)),
  })
  literal.push(1, 2, 3, 4, 5) // a block ends in literals
  return {
    plain: Uint8Array.from([...plain, 1, 2, 3, 4, 5]),
    packed: Uint8Array.from([...packed, ...sequence(0, [])]),
  }
}
