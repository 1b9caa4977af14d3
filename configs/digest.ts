/** Returns the SHA-256 of a text in hex. This room has no node:crypto, and the engine needs the value synchronously. */
export function sha256(text: string): string {
  const message = new TextEncoder().encode(text)
  const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)

  const state = fractions(8, 1 / 2)
  const words = new Int32Array(64)
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4)
    for (let i = 16; i < 64; i++) {
      const [w15, w2] = [words[i - 15], words[i - 2]]
      const small0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
      const small1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
      words[i] = words[i - 16] + small0 + words[i - 7] + small1
    }
    compress(state, words)
  }
  return [...state].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function compress(state: Int32Array, words: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state
  for (let i = 0; i < 64; i++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + big1 + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] += word
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by))

/** Returns the first 32 bits of the fractional parts of roots of the first primes: the constants of the algorithm. */
function fractions(count: number, power: number): Int32Array {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every(prime => n % prime !== 0)) primes.push(n)
  return Int32Array.from(primes, prime => ((prime ** power % 1) * 2 ** 32) | 0)
}

const ROUND = fractions(64, 1 / 3)
