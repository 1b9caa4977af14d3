import fc from 'fast-check'
import t from 'tap'
import { growState, type Kernel, makeState, type Rows, type State } from '../../../lib/core/index.js'
import * as kernels from '../../../operators/kernels/index.js'
import { close } from './cells.js'

/** A row: its group, value (null: none), time, feed and sequence number. */
type Row = [group: number, value: number | null, time: number, source: number | null, number: number | null]

const GROUPS = 3
const scalars = Object.values(kernels).filter(each => each.kind === 'kernel')

/** Kernels whose merged result is only near the result in one go: sums of doubles round along the way. */
const ROUNDING = new Set(['sum', 'mean', 'std', 'm2'])

/** Squares below this have lost their last digits: doubles end at 5e-324. */
const SMALLEST = 1e-300

function rowsOf(rows: Row[]): Rows {
  const i64 = BigInt64Array.from(rows, ([, value]) => BigInt(Math.round(value ?? 0)) * 1_000_000_007n)
  return {
    count: rows.length,
    index: Int32Array.from(rows, (_, i) => i),
    slots: Int32Array.from(rows, ([group]) => group),
    f64: Float64Array.from(rows, ([, value]) => value ?? Number.NaN),
    i64,
    words: new Int32Array(i64.buffer),
    codes: Int32Array.from(rows, ([, value]) => (value === null ? -1 : Math.abs(Math.round(value)) % 7)),
    valid: Uint8Array.from(rows, ([, value]) => (value === null ? 0 : 1)),
    order: {
      time: Float64Array.from(rows, ([, , time]) => time),
      source: BigInt64Array.from(rows, ([, , , source]) => BigInt(source ?? 0)),
      number: BigInt64Array.from(rows, ([, , , , number]) => BigInt(number ?? 0)),
      sourceValid: Uint8Array.from(rows, ([, , , source]) => (source === null ? 0 : 1)),
      numberValid: Uint8Array.from(rows, ([, , , , number]) => (number === null ? 0 : 1)),
    },
  }
}

function folded(kernel: Kernel, rows: Row[]): State {
  const state = makeState(kernel.fields, GROUPS)
  kernel.update(state, rowsOf(rows))
  return state
}

function merged(kernel: Kernel, parts: Row[][]): State {
  const into = makeState(kernel.fields, 1)
  growState(into, kernel.fields, GROUPS)
  const slots = Int32Array.from({ length: GROUPS }, (_, g) => g)
  for (const part of parts) kernel.merge(into, slots, folded(kernel, part), GROUPS)
  return into
}

const read = (kernel: Kernel, state: State) => Array.from({ length: GROUPS }, (_, g) => kernel.read(state, g))

const maybe = fc.option(fc.integer({ min: 0, max: 3 }))
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.integer({ min: 0, max: GROUPS - 1 }),
  fc.option(fc.double({ min: -1000, max: 1000, noNaN: true })),
  fc.integer({ min: 0, max: 5 }),
  maybe,
  maybe,
)
const parts = fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 5 })

for (const kernel of scalars) {
  t.test(`${kernel.name}: folding in parts and merging equals folding in one go`, async () => {
    fc.assert(
      fc.property(parts, cut => {
        const inOne = read(kernel, folded(kernel, cut.flat()))
        const inParts = read(kernel, merged(kernel, cut))
        return inOne.every((value, g) =>
          ROUNDING.has(kernel.name) && value !== null && inParts[g] !== null
            ? close(Number(value), Number(inParts[g]), 1e-9) || Math.abs(Number(value)) < SMALLEST
            : Object.is(value, inParts[g]),
        )
      }),
    )
  })

  t.test(`${kernel.name}: an empty part changes nothing`, async () => {
    fc.assert(
      fc.property(parts, fc.nat(5), (cut, at) => {
        const before = read(kernel, merged(kernel, cut))
        const after = read(kernel, merged(kernel, cut.toSpliced(at, 0, [])))
        return before.every((value, g) => Object.is(value, after[g]))
      }),
    )
  })
}

t.test('sum and mean merge to the partial sums added in order, bit by bit', async () => {
  fc.assert(
    fc.property(parts, cut => {
      const values = (part: Row[], g: number) =>
        part.flatMap(([group, value]) => (group === g && value !== null ? [value] : []))
      const add = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
      return [0, 1, 2].every(g => {
        const total = add(cut.map(part => add(values(part, g))))
        const n = values(cut.flat(), g).length
        const mean = read(kernels.mean, merged(kernels.mean, cut))[g]
        return read(kernels.sum, merged(kernels.sum, cut))[g] === total && mean === (n ? total / n : null)
      })
    }),
  )
})

t.test('row groups cut the worked example as stated', async t => {
  const values = (...numbers: number[]): Row[] => numbers.map((value): Row => [0, value, 0, null, null])
  const sumOf = (...cut: Row[][]) => read(kernels.sum, merged(kernels.sum, cut))[0]
  t.equal(sumOf(values(0.1, 0.2), values(0.3)), 0.6000000000000001)
  t.equal(sumOf(values(0.1), values(0.2, 0.3)), 0.6)
})
