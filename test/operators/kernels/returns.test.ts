import fc from 'fast-check'
import t from 'tap'
import { tradeVolatility } from '../../../operators/kernels/returns.js'
import { type Bucket, close, evaluate, steps } from './cells.js'

const YEAR = { annualisation_seconds: 21_772_800 }

/** Prices of a bucket of one minute. */
const minute = (prices: number[]): Bucket => ({ ...steps(prices), span: [0, 60e9] })

t.test('worked example: alternating prices, and a filtered path', async t => {
  const [all, filtered] = evaluate(
    tradeVolatility,
    [minute([100, 101, 100, 101, 100]), minute([100, 100.2, 100.4])],
    YEAR,
  )
  t.ok(close(all, 13.842623341679174))
  t.ok(close(filtered, 0.002399976171751379, 1e-10))
})

t.test('null below two returns; a price that is not positive has none', async t => {
  const values = evaluate(tradeVolatility, [minute([]), minute([1]), minute([1, 2]), minute([1, 0, 2, 3])], YEAR)
  t.ok(values.every(Number.isNaN))
  const [split] = evaluate(tradeVolatility, [minute([1, 2, 0, 3, 5])], YEAR)
  const [a, b] = [Math.log(2), Math.log(5 / 3)]
  t.ok(
    close(split, (Math.abs(a - b) / Math.SQRT2) * Math.sqrt((21_772_800 * 2) / 60)),
    'two returns, no link over the 0',
  )
})

t.test('law: scaling all prices changes nothing; buckets do not see each other', async () => {
  const price = fc.double({ min: 0.01, max: 1e5, noNaN: true })
  fc.assert(
    fc.property(fc.array(price, { maxLength: 20 }), fc.array(price, { maxLength: 20 }), (a, b) => {
      const [first, second] = evaluate(tradeVolatility, [minute(a), minute(b)], YEAR)
      const [alone] = evaluate(tradeVolatility, [minute(b)], YEAR)
      const [scaled] = evaluate(tradeVolatility, [minute(a.map(value => value * 4))], YEAR)
      return close(second, alone) && close(first, scaled, 1e-9)
    }),
  )
})
