import { snappyUncompress } from 'hyparquet/src/snappy.js'
import { decompressZstd } from 'hyparquet-compressors'
import t from 'tap'
import { compressSnappy, compressZstd, snappyBound, zstdBound } from '../../lib/wasm/compress.js'
import { memory } from '../../lib/wasm/memory.js'
import { PAGES } from './pages.js'

const SIZES = [...Array(301).keys(), 4095, 65_535, 65_536, 65_791, 65_792, 131_071, 131_072, 131_073, 1_048_576]
const GUARD = 32

const CODECS = {
  snappy: {
    compress: compressSnappy,
    bound: snappyBound,
    decompress(bytes: Uint8Array, n: number) {
      const out = new Uint8Array(n)
      snappyUncompress(bytes, out)
      return out
    },
  },
  zstd: { compress: compressZstd, bound: zstdBound, decompress: (bytes: Uint8Array) => decompressZstd(bytes) },
}

/** Compresses between guard bytes, which have to stay, and returns a copy of what was written. */
function compressed(name: keyof typeof CODECS, page: Uint8Array, shift = 0): Uint8Array {
  const { compress, bound } = CODECS[name]
  const kernels = memory()
  const room = kernels.u8(page.length + bound(page.length) + 3 * GUARD + shift).fill(0xa5)
  const from = room.subarray(GUARD + shift, GUARD + shift + page.length)
  const start = from.byteOffset - room.byteOffset + page.length + GUARD
  const into = room.subarray(start, start + bound(page.length))
  from.set(page)
  const n = compress(kernels, from, into)
  if (n > into.length) throw new Error(`${n} bytes are more than ${into.length}`)
  if (Buffer.compare(from, page) !== 0) throw new Error('the input has changed')
  const guards = [
    room.subarray(0, GUARD + shift),
    room.subarray(start - GUARD, start),
    room.subarray(start + into.length),
  ]
  if (!guards.every(guard => guard.every(byte => byte === 0xa5))) throw new Error('wrote outside of the array')
  const result = into.slice(0, n)
  kernels.free(room)
  return result
}

for (const name of ['snappy', 'zstd'] as const) {
  t.test(name, async t => {
    for (const [kind, make] of Object.entries(PAGES)) {
      const wrong = SIZES.filter(size => {
        const page = make(size)
        return Buffer.compare(CODECS[name].decompress(compressed(name, page), size), page) !== 0
      })
      t.same(wrong, [], `${kind}: sizes that do not come back`)
    }
  })

  t.test(`${name}: the same bytes give the same bytes`, async t => {
    const pages = Object.values(PAGES).map(make => make(200_000))
    const first = pages.map(page => Buffer.from(compressed(name, page)))
    const again = pages.reverse().map(page => Buffer.from(compressed(name, page, 5)))
    t.ok(first.reverse().every((bytes, i) => bytes.equals(again[i])))
  })

  t.test(`${name}: wrong arrays`, async t => {
    const { compress, bound } = CODECS[name]
    const from = memory().u8(100)
    t.throws(() => compress(memory(), new Uint8Array(100), memory().u8(bound(100))), RangeError)
    t.throws(() => compress(memory(), from, new Uint8Array(bound(100))), RangeError)
    t.throws(() => compress(memory(), from, memory().u8(bound(100) - 1)), RangeError)
  })
}

t.test('what repeats shrinks, what does not hardly grows', async t => {
  const share = (name: keyof typeof CODECS, kind: string) => compressed(name, PAGES[kind](500_000)).length / 500_000
  for (const [kind, snappy, zstd] of [
    ['constant', 0.05, 0.001],
    ['text', 0.7, 0.3],
    ['doubles', 0.7, 0.4],
    ['timestamps', 1.001, 0.6],
    ['codes', 1.001, 0.8],
    ['random', 1.001, 1.0001],
  ] as const) {
    t.ok(share('snappy', kind) < snappy, `snappy, ${kind}`)
    t.ok(share('zstd', kind) < zstd, `zstd, ${kind}`)
  }
})

t.test('a frame of more than 8 MB tells its window and does not reach farther', async t => {
  const page = new Uint8Array(8_388_608 + 200_000)
  page.set(PAGES.random(100_000))
  page.set(page.subarray(0, 100_000), 8_388_608 + 100_000)
  const frame = compressed('zstd', page)
  t.same([...frame.subarray(4, 6)], [0x80, 13 << 3])
  t.ok(frame.length > 200_000)
  t.ok(Buffer.compare(decompressZstd(frame), page) === 0)
})
