import fc from 'fast-check'
import t from 'tap'
import { twap } from '../../../operators/kernels/twap.js'
import { type Bucket, close, evaluate } from './cells.js'

const S = 1e9
const MINUTE: Bucket = {
  span: [0, 60 * S],
  rows: [
    [10 * S, 100],
    [20 * S, 101],
    [40 * S, 99],
    [50 * S, 100.5],
  ],
}

t.test('worked example: from the first trade, and with an earlier price carried in', async t => {
  t.ok(close(evaluate(twap, [MINUTE])[0], 100.3))
  const before: Bucket = { span: [-60 * S, 0], rows: [[-5 * S, 98]] }
  t.ok(close(evaluate(twap, [before, MINUTE], { carry_in: true })[1], 99.916666666667))
  t.ok(close(evaluate(twap, [before, MINUTE], { carry_in: false })[1], 100.3))
})

t.test('a bucket without rows shows the carried price, or null', async t => {
  const empty: Bucket = { span: [60 * S, 120 * S], rows: [] }
  t.same(evaluate(twap, [MINUTE, empty], { carry_in: true })[1], 100.5)
  t.ok(Number.isNaN(evaluate(twap, [MINUTE, empty])[1]))
  t.ok(Number.isNaN(evaluate(twap, [{ span: [0, 60 * S], rows: [[60 * S, 7]] }])[0]), 'no time is covered')
})

t.test('a null price leaves the last one standing', async t => {
  const rows = [
    [0, 10],
    [5, Number.NaN],
    [8, 20],
  ]
  t.equal(evaluate(twap, [{ span: [0, 10], rows }])[0], (8 * 10 + 2 * 20) / 10)
})

t.test('law: the average lies between the least and the greatest price', async () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.double({ min: 1, max: 1000, noNaN: true }))
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), rows => {
      rows.sort((a, b) => a[0] - b[0])
      const [value] = evaluate(twap, [{ span: [0, 100], rows }])
      const prices = rows.map(([, price]) => price)
      return value >= Math.min(...prices) - 1e-9 && value <= Math.max(...prices) + 1e-9
    }),
  )
})
