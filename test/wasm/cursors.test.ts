import t from 'tap'
import { DeltaCursor } from '../../lib/wasm/delta.js'
import { memory } from '../../lib/wasm/memory.js'
import { expandBits, RunCursor } from '../../lib/wasm/runs.js'
import { Guarded, randomOf, thrownBy } from './guarded.js'
import { deltaPacked, packed, randomParts, randomRuns, varint } from './packing.js'

const runs = new RunCursor(memory())
const delta = new DeltaCursor(memory())

/** Reads parts of the given sizes into a guarded array of n values, and returns those. */
function inParts(n: number, parts: number[], read: (n: number, out: Int32Array) => void): number[] {
  const values: number[] = []
  const out = new Guarded(Math.max(...parts, 1) * 4)
  const ints = new Int32Array(out.bytes.buffer, out.bytes.byteOffset, Math.max(...parts, 1))
  for (const part of parts) {
    read(part, ints)
    for (let i = 0; i < part; i++) values.push(ints[i])
  }
  if (!out.intact || values.length !== n) throw new Error(`guards were written over, or ${n} are not all`)
  out.free()
  return values
}

t.test('runs of every width, read in parts of any size', async t => {
  const random = randomOf(11)
  for (let width = 0; width <= 32; width++) {
    const { bytes, values } = randomRuns(random, width, 60)
    const from = Guarded.of(bytes)
    const parts = randomParts(random, values.length)
    runs.start(from.bytes, width)
    const read = inParts(values.length, parts, (n, out) => runs.values(n, out))
    t.equal(
      values.findIndex((value, i) => value !== read[i] >>> 0),
      -1,
      `width ${width}`,
    )
    const one = new Guarded(4)
    if (width > 0)
      t.match(
        thrownBy(() => runs.values(1, new Int32Array(one.bytes.buffer, one.bytes.byteOffset, 1))),
        /end early/,
      )
    from.free()
    one.free()
  }
  t.match(
    thrownBy(() => runs.start(new Guarded(1).bytes, 33)),
    /32 bits/,
  )
})

t.test('cut and changed runs end in a fault or in values', async t => {
  const random = randomOf(12)
  const out = new Guarded(4 * 4096)
  const ints = new Int32Array(out.bytes.buffer, out.bytes.byteOffset, 4096)
  for (const width of [1, 7, 12, 25, 26, 32]) {
    const { bytes, values } = randomRuns(random, width, 12)
    for (let k = 0; k < bytes.length; k++) {
      const from = Guarded.of(bytes.subarray(0, k))
      runs.start(from.bytes, width)
      t.type(
        thrownBy(() => {
          for (let left = values.length; left > 0; left -= 4096) runs.values(Math.min(left, 4096), ints)
        }),
        values.length > 0 ? 'string' : 'undefined',
      )
      from.bytes[random(k + 1)] = random(256)
      for (const read of [() => runs.values(4096, ints), () => runs.levels(4096, out.bytes)]) {
        runs.start(from.bytes, width)
        thrownBy(read)
      }
      if (!from.intact || !out.intact) t.fail('guards were written over')
      from.free()
    }
  }
})

t.test('levels become a byte a row', async t => {
  const random = randomOf(13)
  const { bytes, values } = randomRuns(random, 1, 200)
  const from = Guarded.of(bytes)
  const out = new Guarded(4096)
  runs.start(from.bytes, 1)
  let at = 0
  for (const n of randomParts(random, values.length)) {
    const expected = values.slice(at, (at += n))
    const present = runs.levels(n, out.bytes)
    const ones = expected.filter(Boolean).length
    if (present !== ones || (present < n && expected.some((value, i) => value !== out.bytes[i]))) t.fail(`${at}`)
    if (!out.intact) t.fail('guards were written over')
  }
  t.equal(at, values.length)
  const above = Guarded.of(Uint8Array.of(...varint(20), 2))
  runs.start(above.bytes, 1)
  t.match(
    thrownBy(() => runs.levels(5, out.bytes)),
    /above 1/,
  )
})

t.test('bits in both orders, from any one on', async t => {
  const random = randomOf(14)
  const bits = Array.from({ length: 203 }, () => random(2))
  const low = Guarded.of(Uint8Array.from(packed(bits, 1)))
  const high = Guarded.of(
    low.bytes.map(byte => Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2)),
  )
  const out = new Guarded(203)
  for (let first = 0; first < 40; first++) {
    for (const n of [0, 1, 5, 16, 60, 203 - first]) {
      const expected = bits.slice(first, first + n)
      for (const [from, highFirst] of [
        [low, false],
        [high, true],
      ] as const) {
        const ones = expandBits(memory(), from.bytes, first, n, out.bytes, highFirst)
        t.same([...out.bytes.subarray(0, n)], expected)
        if (ones !== expected.filter(Boolean).length || !out.intact) t.fail(`${first} + ${n}: ${ones}`)
      }
    }
  }
  t.match(
    thrownBy(() => expandBits(memory(), low.bytes, 200, 9, out.bytes)),
    /bits where/,
  )
})

const EDGES = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 31n, 2n ** 57n + 12345n]

t.test('delta-packed integers, read in parts of any size', async t => {
  const random = randomOf(15)
  for (let k = 0; k < 120; k++) {
    const n = [0, 1, 2, 33, 128, 129, 700, 5000][k % 8]
    const reach = [0n, 1n, 255n, 2n ** 31n, 2n ** 58n][random(5)]
    let value = 5n
    const values = Array.from({ length: n }, () => {
      value += reach === 0n ? 7n : BigInt(random(2 ** 31)) % (reach + 1n)
      return BigInt.asIntN(64, random(40) === 0 ? EDGES[random(EDGES.length)] : value)
    })
    const bytes = deltaPacked(values, [32, 64, 8][random(3)], [1, 4, 8][random(3)])
    const behind = Uint8Array.of(1, 2, 3)
    const from = Guarded.of(Buffer.concat([bytes, behind]))
    t.same(delta.bytesBehind(from.bytes), behind, 'what follows is found')
    t.equal(delta.start(from.bytes.subarray(0, bytes.length)), n)
    const read: bigint[] = []
    for (const part of randomParts(random, n)) {
      const out = new Guarded(part * 8)
      const longs = new BigInt64Array(out.bytes.buffer, out.bytes.byteOffset, part)
      delta.values(part, longs)
      read.push(...longs)
      if (!out.intact) t.fail('guards were written over')
      out.free()
    }
    t.equal(
      values.findIndex((value, i) => value !== read[i]),
      -1,
      `${n} values`,
    )
    delta.start(from.bytes)
    const ints = inParts(n, randomParts(random, n), (count, out) => delta.values(count, out))
    t.equal(
      values.findIndex((value, i) => Number(BigInt.asIntN(32, value)) !== ints[i]),
      -1,
      'as 32 bits',
    )
    const one = new Guarded(4)
    t.match(
      thrownBy(() => delta.values(1, new Int32Array(one.bytes.buffer, one.bytes.byteOffset, 1))),
      /end early/,
    )
    one.free()
    from.free()
  }
})

t.test('cut and changed delta blocks end in a fault or in values', async t => {
  const random = randomOf(16)
  const values = Array.from(
    { length: 300 },
    (_, i) => BigInt(i) * 3n + BigInt(random(1000)) * (i % 50 ? 1n : 2n ** 50n),
  )
  const bytes = deltaPacked(values)
  const out = new Guarded(300 * 8)
  const longs = new BigInt64Array(out.bytes.buffer, out.bytes.byteOffset, 300)
  let refused = 0
  for (let k = 0; k < bytes.length; k++) {
    const cut = Guarded.of(bytes.subarray(0, k))
    const fault = thrownBy(() => delta.values(Math.min(delta.start(cut.bytes), 300), longs))
    if (fault) refused++
    const changed = Guarded.of(bytes)
    changed.bytes[random(k < 40 ? 12 : bytes.length)] = random(256)
    thrownBy(() => delta.values(Math.min(delta.start(changed.bytes), 300), longs))
    thrownBy(() => delta.bytesBehind(changed.bytes))
    if (!cut.intact || !changed.intact || !out.intact) t.fail('guards were written over')
    cut.free()
    changed.free()
  }
  t.ok(refused >= bytes.length - 32, `${refused} of ${bytes.length} cuts are refused`) // but for the padding at the end
  for (const header of [
    [0, 4],
    [128, 1, 0],
    [128, 1, 3],
    [129, 128, 4, 4],
    [136, 1, 34],
  ]) {
    const from = Guarded.of(Uint8Array.of(...header, 10, 0, 0, 0, 0, 0, 0, 0, 0))
    t.match(
      thrownBy(() => delta.start(from.bytes)),
      /no writer/,
      `${header}`,
    )
  }
})
