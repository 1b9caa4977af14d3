import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'
import t, { type Test } from 'tap'
import {
  countSet,
  deltaBytes,
  deltaOf,
  extremes,
  extremesText,
  keepPresent,
  numberDistinct,
  renumber,
  runsOfBytes,
  runsOfCodes,
  slotBytes,
} from '../../lib/wasm/encode.js'
import { memory } from '../../lib/wasm/memory.js'
import { randomOf } from '../io/write/rows.js'

const kernels = memory()
const random = randomOf(31)
const below = (n: number) => Math.floor(random() * n)
const readerOf = (bytes: Uint8Array) => ({ view: new DataView(bytes.buffer), offset: 0 })

/** Encodes twice and checks that what lay in the memory before leaves no trace. Returns the bytes. */
function encoded(t: Test, into: Uint8Array, encode: () => number): Uint8Array {
  const first = Uint8Array.from(into.fill(0).subarray(0, encode()))
  if (Buffer.compare(first, into.fill(0xff).subarray(0, encode())) !== 0) t.fail('the bytes differ')
  return first
}

/** Makes codes that change with a probability: long runs, short ones, none. */
function codesOf(count: number, bits: number, change: number): number[] {
  let code = 0
  return Array.from({ length: count }, () => (random() < change ? (code = below(2 ** bits)) : code))
}

t.test('runs of codes are read back, at every width', async t => {
  const into = kernels.u8(20_000)
  const from = kernels.i32(3000)
  for (let bits = 1; bits <= 24; bits++) {
    // the reader knows no wider ones
    for (const change of [0.001, 0.1, 1]) {
      const count = below(3000) + 1
      const codes = codesOf(count, bits, change)
      from.set(codes)
      const bytes = encoded(t, into, () => runsOfCodes(kernels, from.subarray(0, count), bits, into))
      const size = bytes.length
      if (size > (count * bits) / 8 + 32) t.fail(`${size} bytes for ${count} codes of ${bits} bits`)
      const found = new Array(count).fill(-1)
      readRleBitPackedHybrid(readerOf(bytes), bits, found, size)
      t.equal(found.join(), codes.join(), `${bits} bits, ${count} codes, ${change}`)
    }
  }
})

t.test('runs of bytes are read back, at every length', async t => {
  const into = kernels.u8(2000)
  const from = kernels.u8(6000)
  for (let k = 0; k < 300; k++) {
    const count = k < 200 ? k + 1 : below(6000)
    const change = [1, 0.3, 0.01, 0.002][k % 4]
    const bits = codesOf(count, 1, change)
    from.fill(1).set(bits) // what lies behind does not count
    const bytes = encoded(t, into, () => runsOfBytes(kernels, from.subarray(0, count), into))
    const size = bytes.length
    if (size > count / 8 + 32) t.fail(`${size} bytes for ${count} bits`)
    const found = new Array(count).fill(-1)
    readRleBitPackedHybrid(readerOf(bytes), 1, found, size)
    t.equal(found.join(), bits.join(), `${count} bits, ${change}`)
    t.equal(
      countSet(kernels, from.subarray(0, count)),
      bits.reduce((sum, bit) => sum + bit, 0),
    )
  }
})

t.test('differences are read back, and take what was foretold', async t => {
  const into = kernels.u8(60_000)
  const longs = kernels.i64(3000)
  const ints = kernels.i32(3000)
  for (const scale of [0, 1, 7, 20, 31, 32, 33, 50, 63, 64]) {
    for (const count of [0, 1, 2, 32, 33, 128, 129, 130, 257, 3000]) {
      for (let i = 0; i < count; i++) {
        const word = (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32))
        longs[i] = scale === 0 ? 5n : word >> BigInt(64 - scale)
        ints[i] = Number(BigInt.asIntN(32, longs[i]))
      }
      for (const values of [longs.subarray(0, count), ints.subarray(0, count)]) {
        const bytes = encoded(t, into, () => deltaOf(kernels, values, into))
        t.equal(deltaBytes(kernels, values), bytes.length, `${values.constructor.name} ${scale} ${count}`)
        const found = values instanceof Int32Array ? new Int32Array(count) : new BigInt64Array(count)
        if (count > 0) deltaBinaryUnpack(readerOf(bytes), count, found)
        t.equal(found.join(), values.join())
      }
    }
  }
})

t.test('distinct values are numbered in the order of their first row', async t => {
  const count = 40_000
  const codes = kernels.i32(count)
  for (const kinds of [1, 2, 255, 5000, 25_000]) {
    const values = kernels.f64(count)
    const limit = 20_000
    const distinct = kernels.f64(limit)
    const slots = kernels.u8(slotBytes(limit))
    for (let i = 0; i < count; i++) values[i] = below(kinds) / 4
    const order = [...new Set(values)]
    const found = numberDistinct(kernels, values, limit, slots, distinct, codes)
    t.equal(found, order.length > limit ? -1 : order.length)
    if (found < 0) continue
    t.equal(distinct.subarray(0, found).join(), order.join())
    t.ok(values.every((value, i) => order[codes[i]] === value))
  }
  const values = kernels.i32(count)
  const limit = count
  const table = [limit, kernels.u8(slotBytes(limit)), kernels.i32(limit), codes] as const
  for (let i = 0; i < count; i++) values[i] = i === 1 || (i < 16_384 && i % 8 === 0) ? 0 : i
  t.equal(numberDistinct(kernels, values, ...table), count - 2048, 'seven of eight are few enough')
  values[8] = 8
  t.equal(numberDistinct(kernels, values, ...table), -1, 'more are too many')
})

t.test('doubles are told apart by their bits', async t => {
  const values = kernels.f64(6)
  values.set([0, -0, NaN, 0, -0, NaN])
  const codes = kernels.i32(6)
  const distinct = kernels.f64(6)
  t.equal(numberDistinct(kernels, values, 6, kernels.u8(slotBytes(6)), distinct, codes), 3)
  t.strictSame([...codes], [0, 1, 2, 0, 1, 2])
})

t.test('codes are renumbered, present values kept, extremes found', async t => {
  const codes = kernels.i32(5)
  codes.set([4, 2, 4, 0, 2])
  const order = kernels.i32(5)
  t.equal(renumber(kernels, codes, kernels.i32(5), order), 3)
  t.strictSame(
    [[...codes], [...order.subarray(0, 3)]],
    [
      [0, 1, 0, 2, 1],
      [4, 2, 0],
    ],
  )

  const valid = kernels.u8(5)
  valid.set([0, 1, 1, 0, 1])
  for (const values of [kernels.f64(5), kernels.i32(5), kernels.u8(5)]) {
    values.set([1, 2, 3, 4, 5])
    t.strictSame([...values.subarray(0, keepPresent(kernels, values, valid))], [2, 3, 5])
  }

  const ends = kernels.f64(2)
  for (let count = 0; count < 40; count++) {
    const values = kernels.f64(count)
    for (let i = 0; i < count; i++) values[i] = random() < 0.3 ? NaN : random() - 0.5
    const known = values.filter(value => !Number.isNaN(value))
    extremes(kernels, values, ends)
    t.strictSame([...ends], [Math.min(...known), Math.max(...known)])
  }
  const longs = kernels.i64(3)
  const longEnds = kernels.i64(2)
  longs.set([5n, -(2n ** 63n), 2n ** 63n - 1n])
  extremes(kernels, longs, longEnds)
  t.strictSame([...longEnds], [-(2n ** 63n), 2n ** 63n - 1n])
})

t.test('words are compared by their bytes', async t => {
  const words = ['b', '', 'a', 'abcdefgh', 'abcdefghi', 'abcdefgh\u0000', 'é', '\uffff', '🙂']
  const entries = words.map(word => Buffer.from(word))
  const bytes = kernels.u8(200)
  const starts = kernels.i32(words.length)
  let at = 0
  for (const [i, entry] of entries.entries()) {
    starts[i] = at
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, entry.length, true)
    bytes.set(entry, at + 4)
    at += 4 + entry.length
  }
  const ends = kernels.i32(2)
  for (let k = 0; k < 200; k++) {
    const codes = kernels.i32(below(4) + 1)
    for (let i = 0; i < codes.length; i++) codes[i] = below(words.length)
    extremesText(kernels, codes, { bytes, starts }, kernels.u8(words.length), ends)
    const sorted = [...codes].sort((a, b) => Buffer.compare(entries[a], entries[b]))
    t.strictSame([...ends], [sorted[0], sorted[sorted.length - 1]])
  }
})
