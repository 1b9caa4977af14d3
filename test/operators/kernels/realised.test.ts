import fc from 'fast-check'
import t from 'tap'
import type { SeriesKernel } from '../../../lib/core/index.js'
import * as realised from '../../../operators/kernels/realised.js'
import { slotOf } from '../../../operators/kernels/slots.js'
import { close, evaluate, steps } from './cells.js'

const GRID = { grid_ns: 10 }
const on = (kernel: SeriesKernel, prices: number[]) => evaluate(kernel, [steps(prices, 10)], GRID)[0]

t.test('worked example: one price a step', async t => {
  const prices = [100, 101, 100, 101, 100]
  const r = Math.log(1.01)
  t.ok(close(on(realised.realizedVariance, prices), 0.000396036336, 1e-11))
  t.ok(close(on(realised.bipowerVariation, prices), 0.000466569317, 1e-11))
  t.ok(close(on(realised.jumpVariation, prices), 4 * r * r * (1 - (3 * Math.PI) / 8)))
  t.ok(close(on(realised.semivarianceDown, prices), 2 * r * r))
  t.ok(close(on(realised.semivarianceUp, prices), 2 * r * r))
  t.ok(close(on(realised.realizedSkew, prices), 0))
  t.ok(close(on(realised.realizedKurt, prices), 1))
  const medScale = Math.PI / (6 - 4 * Math.sqrt(3) + Math.PI)
  t.ok(close(on(realised.medRv, prices), medScale * (4 / 2) * 2 * r * r))
  t.ok(close(on(realised.minRv, prices), (Math.PI / (Math.PI - 2)) * (4 / 3) * 3 * r * r))
})

t.test('unequal returns: medians, minima, third and fourth moments', async t => {
  const r = [0.01, -0.03, 0.02, 0.005]
  const prices = [0, 1, 2, 3, 4].map(n => 50 * Math.exp(r.slice(0, n).reduce((a, b) => a + b, 0)))
  const rv = 0.0001 + 0.0009 + 0.0004 + 0.000025
  t.ok(close(on(realised.bipowerVariation, prices), (Math.PI / 2) * (0.0003 + 0.0006 + 0.0001)))
  t.ok(close(on(realised.semivarianceDown, prices), 0.0009))
  t.ok(close(on(realised.realizedSkew, prices), (2 * (1e-6 - 27e-6 + 8e-6 + 0.125e-6)) / rv ** 1.5, 1e-9))
  t.ok(close(on(realised.realizedKurt, prices), (4 * (1e-8 + 81e-8 + 16e-8 + 0.0625e-8)) / rv ** 2, 1e-9))
  const medScale = Math.PI / (6 - 4 * Math.sqrt(3) + Math.PI)
  t.ok(close(on(realised.medRv, prices), medScale * 2 * (0.0004 + 0.0004)))
  t.ok(close(on(realised.minRv, prices), (Math.PI / (Math.PI - 2)) * (4 / 3) * (0.0001 + 0.0004 + 0.000025)))
})

t.test('a grid keeps the last price of each slot, from the bucket start, and leaves empty slots out', async t => {
  const rows = [
    [1000, 7], // the start itself: slot 0
    [1010, 100], // the end of slot 0
    [1011, 5],
    [1020, 110],
    [1049, 121], // slots 2 and 3 are empty
    [1050, -1], // no price
  ]
  const [value] = evaluate(realised.realizedVariance, [{ span: [1000, 1060], rows }], GRID)
  t.ok(close(value, 2 * Math.log(1.1) ** 2))
})

t.test('slots include the edge that buckets include; the start belongs to the first', async t => {
  const slots = (closed: string) => [100, 101, 110, 111, 120, 125].map(time => slotOf(time, 100, 10, closed))
  t.same(slots('right'), [0, 0, 0, 1, 1, 2])
  t.same(slots('left'), [0, 0, 1, 1, 2, 2])
})

t.test('too few returns give null; so do ratios without variance', async t => {
  const { realizedVariance, bipowerVariation, medRv, minRv, realizedSkew, realizedKurt } = realised
  t.ok(
    [on(realizedVariance, [1]), on(bipowerVariation, [1, 2]), on(medRv, [1, 2, 3]), on(minRv, [1, 2])].every(
      Number.isNaN,
    ),
  )
  t.ok([on(realizedSkew, [5, 5, 5]), on(realizedKurt, [5, 5, 5])].every(value => !Number.isFinite(value)))
  t.equal(on(realizedVariance, [5, 5]), 0)
})

t.test('law: variance is the sum of its two halves, and of continuous and jump part', async () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 3, maxLength: 25 }), prices => {
      const variance = on(realised.realizedVariance, prices)
      const halves = on(realised.semivarianceDown, prices) + on(realised.semivarianceUp, prices)
      const parts = on(realised.bipowerVariation, prices) + on(realised.jumpVariation, prices)
      return close(variance, halves) && close(variance, parts)
    }),
  )
})
