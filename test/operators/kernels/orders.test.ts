import t from 'tap'
import { orderLifetime, orders, replacement } from '../../../operators/index.js'
import { medianLifetime } from '../../../operators/kernels/lifetime.js'
import { type Bucket, evaluate } from './cells.js'

const NULL = Number.NaN
const ages = (...values: number[]) => Float64Array.from(values)

t.test('the median lifetime is where no more than half live on', async t => {
  t.equal(medianLifetime(ages(1, 2, 3), ages()), 2, 'the middle one')
  t.equal(medianLifetime(ages(1, 2, 3, 4), ages()), 2, 'exactly half')
  t.equal(medianLifetime(ages(5), ages()), 5)
  t.same(medianLifetime(ages(), ages(1, 2)), NULL)
  t.same(medianLifetime(ages(1), ages(6, 7)), NULL, 'two thirds live on')
  // Remission of leukaemia patients, weeks, treated group: Freireich et al. 1963, whose median is known to be 23.
  const remission = ages(6, 6, 6, 7, 10, 13, 16, 22, 23)
  t.equal(medianLifetime(remission, ages(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)), 23)
  t.equal(medianLifetime(ages(2, 3), ages(2)), 3, 'at 2 all three are at risk: 2/3 live on, then none')
  t.equal(medianLifetime(ages(2, 4), ages(2, 2)), 4, 'of four at risk at 2, three live on')
  const thirds = Float64Array.from({ length: 3000 }, (_, i) => i)
  t.equal(medianLifetime(thirds, ages()), 1499, 'rounding does not move it')
})

/** Rows are [time, insert, removal, size, executed size, identity]. */
const INSERT = (time: number, order: number, size = 10) => [time, 1, 0, size, NULL, order]
const FILL = (time: number, order: number, executed: number) => [time, 0, 0, NULL, executed, order]
const CANCEL = (time: number, order: number) => [time, 0, 1, NULL, NULL, order]

const day = (...rows: number[][]): Bucket[] => [
  { span: [0, 10], rows: rows.filter(([time]) => time <= 10) },
  { span: [10, 1000], rows: rows.filter(([time]) => time > 10) },
]
const measure = (name: string, buckets: Bucket[], limit = 0) => evaluate(orders, buckets, { measure: name, limit })

t.test('orders are followed over buckets, and counted where they were inserted', async t => {
  const two = day(INSERT(1, 7), INSERT(5, 8, 20), CANCEL(15, 7), FILL(30, 8, 15), INSERT(40, 9), FILL(90, 8, 5))
  t.same(measure('inserts', two), [2, 1])
  t.same(measure('inserted', two), [30, 10])
  t.same(measure('executed', two), [20, 0])
  t.same(measure('resting', two), [14 + 25, 50], 'the last one is open until the last message')
  t.same(measure('censored', two), [0, 1])
  t.same(measure('fleeting', two, 14), [0, 0])
  t.same(measure('fleeting', two, 25), [10, 0])
  t.same(measure('fleeting', two, 26), [30, 0])
  t.same(
    [13, 14].map(limit => measure('cancelled', two, limit)[0]),
    [0, 1],
  )
  t.same(
    [24, 25].map(limit => measure('filled', two, limit)[0]),
    [0, 1],
  )
  t.same(evaluate(orderLifetime, two), [14, NULL])
})

t.test('a name that is inserted again is another order', async t => {
  const again = day(INSERT(1, 7), INSERT(3, 7), FILL(4, 7, 10), INSERT(20, 7), CANCEL(21, 7))
  t.same(measure('executed', again), [10, 0])
  t.same(measure('resting', again), [20 + 1, 1], 'the first is open until the last message')
  t.same(measure('censored', again), [1, 0])
  t.same(measure('cancelled', again, 100), [0, 1])
})

t.test('edges of an order', async t => {
  t.same(measure('resting', day([2, 1, 0, 10, 4, 7], CANCEL(6, 7))), [0, 0], 'executed by its own insert')
  t.same(measure('cancelled', day([2, 1, 0, 10, 4, 7], CANCEL(6, 7)), 100), [0, 0], 'no longer unexecuted')
  t.same(measure('censored', day(INSERT(1, 7), FILL(2, 7, 9), FILL(3, 7, 0))), [1, 0], 'executed in part')
  t.same(measure('censored', day(INSERT(1, 7, NULL), FILL(2, 7, 9))), [1, 0], 'of unknown size')
  t.same(measure('inserts', day(INSERT(1, NULL), CANCEL(2, NULL))), [0, 0], 'of no name')
  t.same(measure('executed', day(FILL(1, 7, 5), CANCEL(2, 8))), [0, 0], 'inserted before the first message')
  t.same(measure('resting', []), [])
})

t.test('an execution is replaced by the insert that follows it on its side', async t => {
  const rows = (...list: number[][]) => day(...list)
  const of = (name: string, buckets: Bucket[]) => evaluate(replacement, buckets, { measure: name })
  const both = rows([1, 1, 0, 5], [2, 2, 1, NULL], [4, 1, 1, NULL], [5, 2, 0, 5], [6, 2, 0, 5], [30, 2, 1, NULL])
  t.same(of('latency', both), [3 + 24, 0], 'the other side does not replace, nor an execution')
  t.same(of('replaced', both), [2, 0])
  t.same(of('replaced', rows([1, 0, 0, 5], [2, 0, 1, NULL], [3, NULL, 0, 5], [4, NULL, 1, NULL])), [0, 0], 'no side')
})
