import t from 'tap'
import { type Cells, type Parameters, type Series, type SeriesKernel, scopeOf } from '../../../lib/core/index.js'
import * as pack from '../../../operators/index.js'
import { Random } from '../../../operators/simulation/random.js'

const kernels = Object.values(pack).filter((each): each is SeriesKernel => (each as SeriesKernel).kind === 'series')

const WIDTH = 20
const DAYS = 300

/** What metrics give to kernels, all of it: each takes its own. */
const GIVEN: Parameters = {
  q: 0.3,
  grid_ns: 3,
  interval_ns: 4,
  closed: 'right',
  annualisation_seconds: 1e6,
  bucket_seconds: WIDTH,
  lead_ns: 6,
  n: 2,
  bucket_volume: 3,
}
const VARIANTS: Parameters[] = [GIVEN, { ...GIVEN, carry_in: true, closed: 'left', q: 0.5 }]

/** Returns the parameters that a kernel is tried with: one whose value is carried gives each of its parts. */
const variantsOf = ({ carried }: SeriesKernel): Parameters[] =>
  carried ? carried.parts.map(({ name: part }) => ({ part })) : VARIANTS

interface Day {
  series: Series
  cells: Cells
}

/** A listing's day of a few buckets, some without rows, in which ties of time and value, nulls and zeros are frequent. */
function dayOf(random: Random, { inputs, identities = [] }: SeriesKernel): Day {
  const below = (limit: number) => Math.floor(random.uniform() * limit)
  const odd = [Number.NaN, 0, -0, 1, 1, -2]
  const value = () => (random.uniform() < 0.4 ? odd[below(odd.length)] : below(6) + random.uniform())
  const identity = () => (random.uniform() < 0.1 ? Number.NaN : below(6))
  const count = 1 + below(5)
  const times: number[] = []
  const to = Int32Array.from({ length: count }, (_, cell) => {
    const own = Array.from({ length: below(12) }, () => cell * WIDTH + 1 + below(WIDTH)).sort((a, b) => a - b)
    return times.push(...own)
  })
  return {
    series: {
      length: times.length,
      time: Float64Array.from(times),
      columns: inputs.map(name => Float64Array.from(times, identities.includes(name) ? identity : value)),
    },
    cells: {
      count,
      from: Int32Array.from(to, (_, cell) => to[cell - 1] ?? 0),
      to,
      start: Float64Array.from(to, (_, cell) => cell * WIDTH),
      end: Float64Array.from(to, (_, cell) => (cell + 1) * WIDTH),
    },
  }
}

function evaluate(kernel: SeriesKernel, { series, cells }: Day, parameters: Parameters): Float64Array {
  const out = new Float64Array(cells.count).fill(7)
  kernel.evaluate(series, cells, out, parameters)
  return out
}

/** Returns one bucket with its own rows and nothing else, in another order where `rows` says so. */
function alone({ series, cells }: Day, cell: number, rows?: (count: number) => Int32Array): Day {
  const [from, to] = [cells.from[cell], cells.to[cell]]
  const order = rows?.(to - from) ?? Int32Array.from({ length: to - from }, (_, i) => i)
  const own = (values: Float64Array) => Float64Array.from(order, row => values[from + row])
  return {
    series: { length: to - from, time: own(series.time), columns: series.columns.map(own) },
    cells: {
      count: 1,
      from: Int32Array.of(0),
      to: Int32Array.of(to - from),
      start: cells.start.slice(cell, cell + 1),
      end: cells.end.slice(cell, cell + 1),
    },
  }
}

/** Returns a day's buckets in the opposite order: a kernel that may get any of them may carry nothing over. */
function backwards({ series, cells: { count, ...cells } }: Day): Day {
  const turned = Object.entries(cells).map(([name, values]) => [name, values.slice().reverse()])
  return { series, cells: { count, ...Object.fromEntries(turned) } }
}

const bits = (values: Iterable<number>): string =>
  Buffer.from(Float64Array.from(values, value => (Number.isNaN(value) ? Number.NaN : value)).buffer).toString('hex')

/** Counts the days on which another way to evaluate gives other bits. */
function differences(
  kernel: SeriesKernel,
  parameters: Parameters,
  other: (day: Day, random: Random) => Iterable<number>,
) {
  const random = new Random(3)
  let differ = 0
  for (let i = 0; i < DAYS; i++) {
    const day = dayOf(random, kernel)
    if (bits(evaluate(kernel, day, parameters)) !== bits(other(day, random))) differ++
  }
  return differ
}

const cellsOf = ({ cells }: Day): number[] => Array.from({ length: cells.count }, (_, cell) => cell)

t.test('a kernel of scope cell needs the rows of its bucket alone; any other needs more', async t => {
  t.ok(kernels.length >= 17, `${kernels.length} kernels`)
  for (const kernel of kernels) {
    for (const parameters of variantsOf(kernel)) {
      const each = (day: Day) => cellsOf(day).map(cell => evaluate(kernel, alone(day, cell), parameters)[0])
      const turned = (day: Day) => evaluate(kernel, backwards(day), parameters).reverse()
      const name = `${kernel.name}, carry_in ${parameters.carry_in}`
      if (scopeOf(kernel, parameters) === 'day') t.ok(differences(kernel, parameters, each) > 0, `${name}: of the day`)
      else {
        t.equal(differences(kernel, parameters, each), 0, name)
        t.equal(differences(kernel, parameters, turned), 0, `${name}, backwards`)
      }
    }
  }
})

t.test('an unordered kernel gives the same for any order of rows, without their times; any other does not', async t => {
  for (const kernel of kernels) {
    const shuffled = (day: Day, random: Random) =>
      cellsOf(day).map(cell => {
        const own = alone(day, cell, count => {
          const keys = Array.from({ length: count }, () => random.uniform())
          return Int32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b])
        })
        if (kernel.unordered) own.series.time = new Float64Array(0)
        return evaluate(kernel, own, GIVEN)[0]
      })
    const differ = differences(kernel, GIVEN, shuffled)
    if (kernel.unordered) t.equal(differ, 0, kernel.name)
    else t.ok(differ > 0, `${kernel.name}: ordered`)
  }
})

t.test('a kernel that does not declare it needs no spans', async t => {
  for (const kernel of kernels.filter(({ span }) => !span)) {
    const none = new Float64Array(0)
    const bare = ({ series, cells }: Day) =>
      evaluate(kernel, { series, cells: { ...cells, start: none, end: none } }, GIVEN)
    t.equal(differences(kernel, GIVEN, bare), 0, kernel.name)
  }
})
