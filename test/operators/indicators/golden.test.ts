import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { INDICATORS } from '../../../operators/indicators/index.js'
import { firstDifference, largest } from './agreement.js'

// What TA-Lib computes; golden.py makes the files.
const folder = resolve(import.meta.dirname, '../../../../test/operators/indicators/golden')

interface Case {
  name: string
  series: string
  inputs: string[]
  options: Record<string, number>
  outputs: (number | null)[][]
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const tables = read<{ name: string; values: Record<string, number[]> }[]>('series.json')
const series = new Map(tables.map(({ name, values }) => [name, values]))
// Candle patterns have a test of their own.
const others = ['series.json', 'candles.json', 'pattern-recognition.json']
const groups = readdirSync(folder).filter(file => !others.includes(file))

const seen = new Set<string>()
for (const file of groups) {
  t.test(file, async t => {
    const cases = read<Case[]>(file)
    const names = [...new Set(cases.map(({ name }) => name))]
    for (const name of names) {
      seen.add(name)
      const wrong = cases.filter(each => each.name === name).flatMap(differences)
      t.same(wrong, [], name)
    }
  })
}

/** Lists what is not as golden. */
function differences({ name, series: kind, inputs, options, outputs }: Case): string[] {
  const indicator = INDICATORS.get(name)
  if (!indicator) return [`${name} is missing`]
  const given = inputs.map(input => Float64Array.from(series.get(kind)![input]))
  const out = outputs.map(() => new Float64Array(given[0].length))
  indicator.compute(
    given,
    indicator.options.map(option => options[option.name] ?? option.default),
    out,
  )
  return outputs.flatMap((wanted, k) => {
    const row = firstDifference(out[k], wanted, largest(given))
    const where = `${name} of ${kind} with ${JSON.stringify(options)}, ${indicator.outputs[k]}, row ${row}`
    return row < 0 ? [] : [`${where}: ${out[k][row]} is not ${wanted[row]}`]
  })
}

t.test('every function has golden values', async t => {
  const functions = [...INDICATORS.values()].filter(({ group }) => group !== 'Pattern Recognition')
  t.same(functions.map(({ name }) => name).sort(), [...seen].sort())
  t.equal(seen.size, 100)
})
