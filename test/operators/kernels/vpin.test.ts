import fc from 'fast-check'
import t from 'tap'
import { vpin } from '../../../operators/kernels/vpin.js'
import { type Bucket, close, evaluate } from './cells.js'

const trades = (signed: number[], at = 0): Bucket => ({
  span: [at, at + 100],
  rows: signed.map((size, i) => [at + i + 1, Math.sign(size), Math.abs(size)]),
})

t.test('volume buckets run on over time buckets', async t => {
  // Buckets of 10: (6, -4) → 2/10; (-3, 7) → 4/10; 25 → the rest of three.
  const days = [trades([6, -7]), trades([7], 100), trades([], 200), trades([25], 300)]
  const [first, second, third, fourth] = evaluate(vpin, days, { n: 2, bucket_volume: 10 })
  t.ok(Number.isNaN(first), 'one full bucket, two are asked for')
  t.ok(close(second, 0.3))
  t.ok(close(third, 0.3), 'nothing traded: what stands')
  t.ok(close(fourth, 1), 'two buckets of one side')
})

t.test('trades without a side or a size fill nothing', async t => {
  const rows = [
    [1, 0, 100],
    [2, 1, Number.NaN],
    [3, 1, 0],
    [4, 1, 10],
  ]
  t.equal(evaluate(vpin, [{ span: [0, 10], rows }], { n: 1, bucket_volume: 10 })[0], 1)
})

t.test('a block fills at once what it would fill in a billion steps', async t => {
  t.equal(evaluate(vpin, [trades([1e12])], { n: 50, bucket_volume: 1e-3 })[0], 1)
})

t.test('law: equals filling share by share', async () => {
  const size = fc.integer({ min: -30, max: 30 }).filter(value => value !== 0)
  fc.assert(
    fc.property(
      fc.array(size, { maxLength: 30 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (sizes, volume, n) => {
        const shares = sizes.flatMap(each => new Array<number>(Math.abs(each)).fill(Math.sign(each)))
        const full: number[] = []
        for (let at = 0; at + volume <= shares.length; at += volume) {
          full.push(Math.abs(shares.slice(at, at + volume).reduce((a, b) => a + b, 0)) / volume)
        }
        const last = full.slice(-n)
        const expected = last.length < n ? Number.NaN : last.reduce((a, b) => a + b, 0) / n
        return close(evaluate(vpin, [trades(sizes)], { n, bucket_volume: volume })[0], expected)
      },
    ),
  )
})

t.test('law: lies in 0…1', async () => {
  const size = fc.double({ min: -100, max: 100, noNaN: true })
  fc.assert(
    fc.property(fc.array(size), fc.double({ min: 0.1, max: 20, noNaN: true }), (sizes, bucket_volume) => {
      const [value] = evaluate(vpin, [trades(sizes)], { n: 3, bucket_volume })
      return Number.isNaN(value) || (value >= 0 && value <= 1)
    }),
  )
})
