import fc from 'fast-check'
import t from 'tap'
import { roll } from '../../../operators/kernels/roll.js'
import { close, evaluate, steps } from './cells.js'

t.test('worked example', async t => {
  t.ok(close(evaluate(roll, [steps([100, 101, 100, 101, 100])])[0], 1.885618083164, 1e-12))
})

t.test('null below three prices and where the covariance is not negative', async t => {
  const values = evaluate(roll, [steps([]), steps([1]), steps([1, 2]), steps([1, 2, 3]), steps([1, 2, 4, 8, 16])])
  t.ok(values.every(Number.isNaN))
})

t.test('law: equals the definition, and does not change when all prices move together', async () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 30 }), prices => {
      const changes = prices.slice(1).map((price, i) => price - prices[i])
      const lead = changes.slice(0, -1)
      const lag = changes.slice(1)
      const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length
      const covariance = mean(lead.map((x, i) => x * lag[i])) - mean(lead) * mean(lag)
      const [value, moved] = evaluate(roll, [steps(prices), steps(prices.map(price => price + 1000))])
      if (Math.abs(covariance) < 1e-9) return true
      const expected = covariance < 0 ? 2 * Math.sqrt(-covariance) : Number.NaN
      return close(value, expected, 1e-9) && close(value, moved)
    }),
  )
})
