import t from 'tap'
import { type Kernel, makeState, type Rows, type State, scriptLoops } from '../../lib/core/index.js'
import { cellRuns, FOLD_KERNELS, foldSums, memory, WasmLoops } from '../../lib/wasm/index.js'
import * as pack from '../../operators/index.js'
import { Random } from '../../operators/simulation/random.js'

const own = memory()
const kernels = Object.values(pack).filter(
  (each): each is Kernel => (each as Kernel).kind === 'kernel' && (each as Kernel).native !== undefined,
)

const CELLS = 5
const ODD = [Number.NaN, 0, -0, 1e300, -1e300, 5e-324, 0.1]

/** Rows in which runs of a cell, ties of time, nulls and odd numbers are frequent. */
function rowsOf(random: Random, n: number): Rows {
  const pick = (below: number) => Math.floor(random.uniform() * below)
  const index: number[] = []
  for (let row = 0; row < n; row++) if (random.uniform() < 0.8) index.push(row)
  let cell = 0
  const slots = Int32Array.from({ length: n }, () => (random.uniform() < 0.6 ? cell : (cell = pick(CELLS))))
  const longs = () =>
    BigInt64Array.from({ length: n }, () => BigInt(pick(4)) * 4611686018427387903n - 4611686018427387904n)
  const i64 = longs()
  const flags = (share: number) => Uint8Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0))
  return {
    count: index.length,
    index: Int32Array.from(index),
    slots,
    f64: Float64Array.from({ length: n }, () =>
      random.uniform() < 0.3 ? ODD[pick(ODD.length)] : random.uniform() - 0.5,
    ),
    i64,
    words: new Int32Array(i64.buffer),
    codes: Int32Array.from({ length: n }, () => pick(5) - 1),
    valid: random.uniform() < 0.5 ? null : flags(0.7),
    order: {
      time: Float64Array.from({ length: n }, () => pick(6)),
      source: random.uniform() < 0.5 ? null : longs(),
      number: random.uniform() < 0.3 ? null : longs(),
      sourceValid: random.uniform() < 0.5 ? null : flags(0.8),
      numberValid: random.uniform() < 0.5 ? null : flags(0.8),
    },
  }
}

/** Shows the bits of a state, so that -0 and NaN are told from 0 and null. */
const bitsOf = (state: State, cells: number): string =>
  Object.entries(state)
    .map(([name, { buffer, byteOffset, BYTES_PER_ELEMENT }]) => {
      const bytes = Buffer.from(buffer, byteOffset, BYTES_PER_ELEMENT * cells)
      return `${name} ${bytes.toString('hex')}`
    })
    .join('\n')

t.test('folds in WebAssembly leave the states that their kernels leave, to the last bit', async t => {
  t.ok(kernels.length >= 15, `${kernels.length} kernels`)
  const inRuns = { rising: 0, tied: 0 }
  for (const kernel of kernels) {
    const random = new Random(7)
    const native = FOLD_KERNELS[kernel.native as string]
    if (!native) {
      t.fail(`${kernel.name}: no kernel '${kernel.native}'`)
      continue
    }
    let same = 0
    for (let round = 0; round < 60; round++) {
      const [plain, fast] = [makeState(kernel.fields, CELLS), makeState(kernel.fields, CELLS, own)]
      for (let chunk = 0; chunk < 3; chunk++) {
        const rows = rowsOf(random, Math.floor(random.uniform() * 40))
        const rises = random.uniform() < 0.5
        if (rises) rows.order.time.set(rows.order.time.map((_, row) => chunk * 20 + row))
        kernel.update(plain, rows)
        const runs = cellRuns(own, rows, rows.order.time, own.i32(rows.count + 1)) ?? undefined
        if (runs) inRuns[runs.rising ? 'rising' : 'tied']++
        native(own, fast, { ...rows, runs })
      }
      if (bitsOf(plain, CELLS) === bitsOf(fast, CELLS)) same++
    }
    t.equal(same, 60, kernel.name)
  }
  t.ok(inRuns.rising > 500 && inRuns.tied > 300, `rows came in runs: ${JSON.stringify(inRuns)}`)
})

t.test('sums that are folded together are those that each is by itself, to the last bit', async t => {
  const random = new Random(17)
  for (let sums = 1; sums <= 7; sums++) {
    let same = 0
    for (let round = 0; round < 40; round++) {
      const states = Array.from({ length: sums }, () => [
        makeState(pack.sum.fields, CELLS),
        makeState(pack.sum.fields, CELLS, own),
      ])
      for (let chunk = 0; chunk < 3; chunk++) {
        const rows = rowsOf(random, Math.floor(random.uniform() * 40))
        const values = states.map(() => rows.f64.map(value => (random.uniform() < 0.5 ? value : random.uniform())))
        for (const [i, [plain]] of states.entries()) pack.sum.update(plain, { ...rows, f64: values[i] })
        const together = states.map(([, fast], i) => ({ values: values[i], totals: fast.total }))
        foldSums(own, rows, together)
      }
      if (states.every(([plain, fast]) => bitsOf(plain, CELLS) === bitsOf(fast, CELLS))) same++
    }
    t.equal(same, 40, `${sums} sums`)
  }
})

t.test('the loops of expressions agree with the plain ones, to the last bit', async t => {
  const fast = new WasmLoops(own)
  const random = new Random(11)
  const doubles = (n: number) =>
    Float64Array.from({ length: n }, () => {
      const kind = random.uniform()
      return kind < 0.3
        ? ODD[Math.floor(random.uniform() * ODD.length)]
        : kind < 0.4
          ? Infinity
          : Math.round(random.uniform() * 4)
    })
  const masks = (n: number) => Uint8Array.from({ length: n }, () => (random.uniform() < 0.5 ? 1 : 0))
  for (const n of [0, 1, 2, 7, 8, 9, 15, 16, 17, 100, 4095]) {
    const [a, b, mask, other] = [doubles(n), doubles(n), masks(n), masks(n)]
    const codes = Int32Array.from({ length: n }, () => Math.floor(random.uniform() * 7))
    const table = masks(7)
    const large = masks(20)
    const longs = BigInt64Array.from(codes, code => BigInt(code) * 1317624576693539401n)
    const compare = (
      name: string,
      run: (loops: typeof scriptLoops | WasmLoops, out: Float64Array, bytes: Uint8Array) => unknown,
    ) => {
      const results = [scriptLoops, fast].map(loops => {
        const [out, bytes] = [loops.f64(n), loops.u8(n)]
        out.fill(3)
        bytes.fill(1)
        const count = run(loops, out, bytes)
        return [Buffer.from(out.buffer, out.byteOffset, n * 8).toString('hex'), bytes.toString(), count]
      })
      t.same(results[1], results[0], `${name} of ${n}`)
    }
    for (const op of ['add', 'sub', 'mul', 'div', 'coalesce'] as const)
      compare(op, (loops, out) => loops[op](a, b, out, n))
    for (const op of ['eq', 'ne', 'lt', 'le'] as const) compare(op, (loops, _, bytes) => loops[op](a, b, bytes, n))
    for (const op of ['and', 'or'] as const) compare(op, (loops, _, bytes) => loops[op](mask, other, bytes, n))
    compare('select', (loops, out) => loops.select(mask, a, b, out, n))
    compare('clip', (loops, out) => loops.clip(a, 0.5, 2, out, n))
    compare('widen', (loops, out) => loops.widen(longs, out, n))
    compare('widen 32', (loops, out) => loops.widen(codes, out, n))
    compare('widen 8', (loops, out) => loops.widen(mask, out, n))
    compare('voidNulls', (loops, out) => loops.voidNulls(mask, out, n))
    compare('isNaN', (loops, _, bytes) => loops.isNaN(a, bytes, n))
    compare('truth', (loops, _, bytes) => loops.truth(a, bytes, n))
    compare('not', (loops, _, bytes) => loops.not(mask, bytes, n))
    compare('look', (loops, _, bytes) => loops.look(codes, table, bytes, n))
    compare('look in many', (loops, _, bytes) => loops.look(codes, large, bytes, n))
    compare('ones', loops => loops.ones(mask, n))
    compare('rows', loops => {
      const [index, within] = [loops.i32(n + 1), loops.i32(n + 1)]
      const count = loops.rowsWhere(mask, n, index)
      const kept = loops.rowsWithin(index, count, other, within)
      return [...index.subarray(0, count), -1, ...within.subarray(0, kept)].join()
    })
  }
})
