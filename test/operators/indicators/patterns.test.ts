import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { INDICATORS } from '../../../operators/indicators/index.js'

// What TA-Lib finds in candles.json, where every pattern was planted; golden.py makes the files.
const folder = resolve(import.meta.dirname, '../../../../test/operators/indicators/golden')

interface Case {
  name: string
  options: Record<string, number>
  signals: [row: number, value: number][]
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const series = Object.assign({}, ...read<Record<string, number[]>[]>('candles.json')) as Record<string, number[]>
const cases = read<Case[]>('pattern-recognition.json')

for (const { name, options, signals } of cases) {
  t.test(`${name} ${JSON.stringify(options)}`, async t => {
    const pattern = INDICATORS.get(name)!
    const given = pattern.inputs.map(input => Float64Array.from(series[input]))
    const out = new Float64Array(given[0].length)
    const values = pattern.options.map(option => options[option.name] ?? option.default)
    pattern.compute(given, values, [out])
    const found = [...out.entries()].filter(([, value]) => value !== 0 && !Number.isNaN(value))
    t.same(found, signals)
    t.equal(
      out.findIndex(value => !Number.isNaN(value)),
      pattern.lookback(values),
      'a value from the look-back on',
    )
  })
}

t.test('every pattern is there and has signals', async t => {
  const patterns = [...INDICATORS.values()].filter(({ group }) => group === 'Pattern Recognition')
  const planted = cases.filter(({ signals }) => signals.length > 0).map(({ name }) => name)
  t.same(patterns.map(({ name }) => name).sort(), [...new Set(planted)].sort())
  t.equal(patterns.length, 61)
})
