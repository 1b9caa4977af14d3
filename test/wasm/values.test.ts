import t from 'tap'
import { memory } from '../../lib/wasm/memory.js'
import { copyValues, joinStreams, stampsOf96, widenFloats } from '../../lib/wasm/plain.js'
import { checkCodes, gather, spread } from '../../lib/wasm/rows.js'
import { Guarded, randomOf, thrownBy } from './guarded.js'

const m = memory()
const random = randomOf(21)
const LENGTHS = [0, 1, 2, 3, 4, 15, 16, 17, 33, 1000]
const randomBytes = (n: number) => Uint8Array.from({ length: n }, () => random(256))

t.test('values at any address are copied and widened', async t => {
  for (const n of LENGTHS) {
    for (const shift of [0, 1, 7]) {
      const from = Guarded.of(randomBytes(n * 8 + shift))
      const bytes = from.bytes.subarray(shift)
      const view = Buffer.from(bytes)
      const out = new Guarded(n * 8)
      const [at, buffer] = [out.bytes.byteOffset, out.bytes.buffer]
      copyValues(m, bytes, n, new BigInt64Array(buffer, at, n))
      t.same(Buffer.from(out.bytes), view)
      widenFloats(m, bytes, n, new Float64Array(buffer, at, n))
      const doubles = new Float64Array(buffer, at, n)
      t.ok(doubles.every((value, i) => Object.is(value, view.readFloatLE(i * 4))))
      t.ok(out.intact)
      t.match(
        thrownBy(() => copyValues(m, bytes, n + 1, m.i64(n + 1))),
        /needed/,
      )
      t.match(
        thrownBy(() => widenFloats(m, bytes, 2 * n + 2, m.f64(2 * n + 2))),
        /needed/,
      )
      t.match(
        thrownBy(() => copyValues(m, bytes, n, new BigInt64Array(buffer, at, 0))),
        n ? /do not fit/ : undefined,
      )
      from.free()
      out.free()
    }
  }
})

t.test('INT96 stamps become ns, or a fault where 64 bits do not hold them', async t => {
  const DAY = 86_400_000_000_000n
  const out = m.i64(1)
  for (const days of [
    0,
    1,
    -1,
    20_000,
    106_751,
    106_752,
    106_753,
    -106_751,
    -106_752,
    -106_753,
    2 ** 31 - 1 - 2_440_588,
  ]) {
    for (const ns of [
      0n,
      1n,
      DAY - 1n,
      85_636_854_775_807n,
      85_636_854_775_808n,
      763_145_224_192n,
      763_145_224_191n,
      -5n,
      -(2n ** 63n),
      2n ** 63n - 1n,
    ]) {
      const from = Guarded.of(new Uint8Array(12))
      const view = new DataView(from.bytes.buffer, from.bytes.byteOffset, 12)
      view.setBigInt64(0, ns, true)
      view.setInt32(8, days + 2_440_588, true)
      const expected = BigInt(days) * DAY + ns
      const fault = thrownBy(() => stampsOf96(m, from.bytes, 1, out))
      const fits = expected === BigInt.asIntN(64, expected) && Math.abs(days) < 106_753 && ns > -(2n ** 62n)
      if (fits) t.equal(fault ?? out[0], expected, `day ${days} and ${ns} ns`)
      else if (!fault && out[0] !== expected) t.fail(`day ${days} and ${ns} ns are ${out[0]}`)
      from.free()
    }
  }
})

t.test('split streams are joined, from any value on', async t => {
  for (const width of [1, 3, 4, 8, 16]) {
    for (const n of LENGTHS) {
      const values = randomBytes(n * width)
      const from = Guarded.of(
        Uint8Array.from(values, (_, k) => values[(k % Math.max(n, 1)) * width + Math.floor(k / Math.max(n, 1))]),
      )
      const first = n > 5 ? 3 : 0
      const out = new Guarded((n - first) * width)
      joinStreams(m, from.bytes, n, first, n - first, width, out.bytes)
      t.same(Buffer.from(out.bytes), Buffer.from(values.subarray(first * width)), `${n} of ${width} bytes`)
      t.ok(out.intact)
      t.match(
        thrownBy(() => joinStreams(m, from.bytes, n + 1, 0, n - first, width, out.bytes)),
        /needed/,
      )
      from.free()
      out.free()
    }
  }
})

t.test('codes are checked, looked up and spread over rows', async t => {
  const longs = m.i64(100)
  const ints = m.i32(100)
  for (let i = 0; i < 100; i++) {
    longs[i] = BigInt(i) ** 9n
    ints[i] = i * i
  }
  for (const n of LENGTHS) {
    const codes = m.i32(n)
    for (let i = 0; i < n; i++) codes[i] = random(100)
    checkCodes(m, codes, n, 100)
    for (const bad of [100, -1, 2 ** 31 - 1]) {
      for (const at of [0, n >> 1, n - 1]) {
        if (n === 0) continue
        const kept = codes[at]
        codes[at] = bad
        t.match(
          thrownBy(() => checkCodes(m, codes, n, 100)),
          `code ${bad >>> 0} is not in a dictionary of 100`,
        )
        codes[at] = kept
      }
    }
  }
  for (const [n, nulls] of LENGTHS.flatMap(n => [2, 3, 30].map(nulls => [n, nulls]))) {
    const codes = m.i32(n)
    for (let i = 0; i < n; i++) codes[i] = random(100)
    const valid = m.u8(n)
    // Where nulls are rare, eight values that stay neighbours are moved at once.
    for (let i = 0; i < n; i++) valid[i] = random(nulls) === 0 ? 0 : 1
    const present = valid.reduce((sum, each) => sum + each, 0)
    for (const dictionary of [longs, ints]) {
      const out = new Guarded(n * dictionary.BYTES_PER_ELEMENT)
      const Kind = dictionary.constructor as Int32ArrayConstructor
      const rows = new Kind(out.bytes.buffer as ArrayBuffer, out.bytes.byteOffset, n)
      gather(m, dictionary as Int32Array, codes, n, rows)
      t.same(
        [...rows],
        [...codes].map(code => dictionary[code]),
      )
      gather(m, dictionary as Int32Array, codes, present, rows.subarray(n - present))
      spread(m, rows, n, present, valid)
      let next = 0
      const none = dictionary === longs ? 0n : 0
      t.same(
        [...rows],
        [...valid].map(each => (each ? dictionary[codes[next++]] : none)),
        'nulls are 0',
      )
      t.ok(out.intact)
      out.free()
    }
    const bytes = new Guarded(n)
    for (let i = 0; i < present; i++) bytes.bytes[n - present + i] = i
    spread(m, bytes.bytes, n, present, valid)
    let next = 0
    t.same(
      bytes.bytes,
      valid.map(each => (each ? next++ : 0)),
    )
    t.ok(bytes.intact)
  }
})
