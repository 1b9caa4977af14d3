import t from 'tap'
import { INDICATORS } from '../../../operators/indicators/index.js'

/** Computes a function of one series and prints each output: `-` without a value, else 12 decimals. */
function outputs(name: string, options: number[], values: number[]): string[] {
  const indicator = INDICATORS.get(name)!
  const out = indicator.outputs.map(() => new Float64Array(values.length))
  indicator.compute([Float64Array.from(values)], options, out)
  return out.map(series =>
    Array.from(series, value => (Number.isNaN(value) ? '-' : String(Number(value.toFixed(12))))).join(' '),
  )
}

t.test('by hand: averages and strength', async t => {
  const values = [10, 11, 12, 11, 13]
  t.same(outputs('SMA', [3], values), ['- - 11 11.333333333333 12'])
  t.same(outputs('EMA', [3], values), ['- - 11 11 12'])
  t.same(outputs('RSI', [3], values), ['- - - 66.666666666667 83.333333333333'])
  t.same(outputs('SMA', [2], [10, 11, 12]), ['- 10.5 11.5'])
  t.same(outputs('SMA', [2], [10, 12]), ['- 11'], 'the rows that are left when nulls are taken out')
})

t.test('by hand: convergence of averages, whose three outputs start together', async t => {
  t.same(outputs('MACD', [3, 5, 2], [10, 11, 12, 11, 13, 14, 13, 15]), [
    '- - - - - 0.733333333333 0.488888888889 0.659259259259',
    '- - - - - 0.666666666667 0.548148148148 0.622222222222',
    '- - - - - 0.066666666667 -0.059259259259 0.037037037037',
  ])
})

t.test('no rows, or fewer than the look-back, have no value and no error', async t => {
  t.same(outputs('SMA', [3], []), [''])
  t.same(outputs('SMA', [3], [1, 2]), ['- -'])
})

t.test('what cannot be computed is refused with the reason', async t => {
  const sma = INDICATORS.get('SMA')!
  const x = Float64Array.of(1, 2, 3)
  const out = new Float64Array(3)
  t.throws(() => sma.compute([x], [0], [out]), {
    message: 'SMA: timeperiod is 0; give a whole number from 1 to 100000',
  })
  t.throws(() => sma.compute([x], [1.5], [out]), { message: /whole number/ })
  t.throws(() => sma.compute([x], [], [out]), { message: 'SMA: got 0 options; give 1: timeperiod' })
  t.throws(() => sma.compute([x, x], [2], [out]), { message: 'SMA: got 2 input series; give 1: real' })
  t.throws(() => sma.compute([x], [2], []), { message: 'SMA: got 0 output series; give 1: outReal' })
  t.throws(() => sma.compute([x.subarray(1)], [2], [out]), { message: /differ in length/ })
  t.throws(() => INDICATORS.get('MAVP')!.compute([x, x], [5, 2, 0], [out]), { message: /minperiod 5 is above/ })
})
