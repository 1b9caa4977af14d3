import t from 'tap'
import { Random } from '../../operators/simulation/random.js'

const GOLDEN_BITS = [1702344599, 1323776191, 2528134620, 3038476232]

t.test('the same seeds give the same bits, on every platform', async t => {
  const random = new Random(1, 2)
  t.same(
    Array.from({ length: 4 }, () => random.bits()),
    GOLDEN_BITS,
  )
  t.not(new Random(2, 1).bits(), new Random(1, 2).bits(), 'the order of seeds counts')
})

t.test('draws have the moments they promise', async t => {
  const random = new Random(7)
  const n = 200_000
  const mean = (draw: () => number) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += draw()
    return sum / n
  }
  const near = (found: number, wanted: number, what: string) =>
    t.ok(Math.abs(found - wanted) < 0.02, `${what}: ${found} is near ${wanted}`)
  near(
    mean(() => random.uniform()),
    0.5,
    'uniform',
  )
  near(
    mean(() => random.exponential()),
    1,
    'exponential',
  )
  near(
    mean(() => random.bell()),
    0,
    'bell',
  )
  near(
    mean(() => random.bell() ** 2),
    1,
    'variance of bell',
  )
  near(
    mean(() => (random.chance(0.3) ? 1 : 0)),
    0.3,
    'chance',
  )
  near(
    mean(() => random.geometric(0.5)),
    1,
    'geometric',
  )
})
