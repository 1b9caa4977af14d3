import t from 'tap'
import { INDICATORS } from '../../../operators/indicators/index.js'
import { Random } from '../../../operators/simulation/random.js'
import { drawOptions, drawSeries, KINDS } from './drawn.js'

const seed = Number(process.env.BASALT_SEED ?? 1)
t.comment(`BASALT_SEED=${seed}`)

for (const indicator of INDICATORS.values()) {
  t.test(indicator.name, async t => {
    for (const [draw, kind] of KINDS.entries()) {
      const random = new Random(seed, draw, ...Buffer.from(indicator.name))
      const options = draw === 0 ? indicator.options.map(option => option.default) : drawOptions(random, indicator)
      const lookback = indicator.lookback(options)
      const rows = lookback + 40
      const series = drawSeries(random, rows, kind)
      const given = indicator.inputs.map(input => series[input])
      const before = given.map(values => values.slice())
      const compute = (count: number) => {
        const out = indicator.outputs.map(() => new Float64Array(count).fill(7))
        indicator.compute(
          given.map(values => values.subarray(0, count)),
          options,
          out,
        )
        return out
      }
      const whole = compute(rows)
      const what = `${kind}, ${options.join(' ')}`
      t.same(given, before, `${what}: inputs stay as they are`)
      t.ok(
        whole.every(values => values.subarray(0, lookback).every(Number.isNaN)),
        `${what}: no value in the look-back`,
      )
      t.notOk(
        whole.some(values => values.some(value => Math.abs(value) === Number.POSITIVE_INFINITY)),
        `${what}: never infinite`,
      )
      for (const count of [0, 1, lookback, lookback + 1, lookback + 17]) {
        const expected = whole.map(values => values.slice(0, count))
        t.same(compute(count), expected, `${what}: the first ${count} rows do not depend on later ones`)
      }
    }
  })
}
