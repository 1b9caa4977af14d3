import t from 'tap'
import { decimalOf, scalerOf } from '../../lib/io/parquet/scale.js'

t.test('a scale that is no power of ten leaves values that are not finite as they are', async t => {
  const scaler = scalerOf(decimalOf('0.0025'))
  t.equal(scaler.double(0.5), 0.00125)
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]) {
    t.ok(Object.is(scaler.double(value), value))
  }
})
