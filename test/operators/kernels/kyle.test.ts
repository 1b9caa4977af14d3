import fc from 'fast-check'
import t from 'tap'
import { kyle } from '../../../operators/kernels/kyle.js'
import { type Bucket, close, evaluate } from './cells.js'

const BINS = { interval_ns: 10 }

t.test('slope of mid changes on flow, by hand', async t => {
  // Bins of 10: mids 100, 101, 100, 102; flows 5, 3 + 1, -2, 6. The first bin has no earlier mid.
  const rows = [
    [5, 5, 100],
    [12, 3, 100.5],
    [20, 1, 101],
    [25, -2, 100],
    [40, 6, 102],
  ]
  const [value] = evaluate(kyle, [{ span: [0, 40], rows }], BINS)
  const x = [4, -2, 6]
  const y = [100, (-1e4 * 1) / 101, 200]
  t.ok(close(value, slope(x, y)))
})

t.test('moves count from the mid that stood before the bucket; flow waits for a mid', async t => {
  const first: Bucket = {
    span: [0, 10],
    rows: [
      [5, 1, 100],
      [9, 7, Number.NaN],
    ],
  }
  const second: Bucket = {
    span: [10, 50],
    rows: [
      [15, 2, 101],
      [22, 4, Number.NaN],
      [33, 1, 102],
      [45, -3, 101],
    ],
  }
  const [none, value] = evaluate(kyle, [first, second], BINS)
  t.ok(Number.isNaN(none))
  t.ok(close(value, slope([2, 5, -3], [100, 1e4 / 101, -1e4 / 102])))
})

t.test('null below three bins and without variance of flow', async t => {
  const flat = [
    [5, 1, 100],
    [15, 1, 101],
    [25, 1, 102],
    [35, 1, 103],
  ]
  t.ok(Number.isNaN(evaluate(kyle, [{ span: [0, 40], rows: flat }], BINS)[0]))
  t.ok(Number.isNaN(evaluate(kyle, [{ span: [0, 40], rows: flat.slice(0, 3) }], BINS)[0]))
})

t.test('law: finds the slope of an exact line', async () => {
  const flows = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(flows, fc.double({ min: -5, max: 5, noNaN: true }), (x, lambda) => {
      let mid = 100
      const rows = [[5, 0, mid]]
      for (const [i, flow] of x.entries()) {
        mid *= 1 + (lambda * flow) / 1e4
        rows.push([10 * (i + 1) + 5, flow, mid])
      }
      return close(evaluate(kyle, [{ span: [0, 10 * rows.length], rows }], BINS)[0], lambda, 1e-7)
    }),
  )
})

function slope(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  const xy = x.reduce((total, value, i) => total + (value - mx) * (y[i] - my), 0)
  return xy / x.reduce((total, value) => total + (value - mx) ** 2, 0)
}
