import t from 'tap'
import { meetingBook, rises } from '../../../operators/index.js'
import { type Bucket, evaluate } from './cells.js'

const NULL = Number.NaN

/** Rows are [time, bid, taken price, taken size, price, added size, settled]. */
type Row = number[]
const add = (bid: number, price: number, size: number, settled = 1): Row => [1, bid, NULL, 0, price, size, settled]
const take = (bid: number, price: number, size: number): Row => [1, bid, price, size, NULL, 0, 1]
const move = (bid: number, from: number, to: number, size: number): Row => [1, bid, from, size, to, size, 1]

const day = (...buckets: Row[][]): Bucket[] => buckets.map((rows, i) => ({ span: [i * 10, i * 10 + 10], rows }))
const meets = (crossed: boolean, ...buckets: Row[][]) => evaluate(meetingBook, day(...buckets), { crossed })

t.test('the book stands from bucket to bucket', async t => {
  const rows = [[add(1, 10, 5), add(0, 11, 5)], [move(0, 11, 10, 5)], [add(1, 9, 1)], [take(0, 10, 5)], [add(1, 12, 1)]]
  t.same(meets(false, ...rows), [0, 1, 1, 0, 0])
  t.same(meets(true, ...rows), [0, 0, 0, 0, 0])
  t.same(meets(true, [add(1, 10, 5)], [add(0, 9, 5)], [move(1, 10, 8, 5)], [add(0, 7, 1)]), [0, 1, 0, 1])
})

t.test('levels go when their size is gone, to rounding', async t => {
  t.same(meets(false, [add(1, 10, 0.3), take(1, 10, 0.1), take(1, 10, 0.2), add(0, 10, 1)]), [0])
  t.same(meets(false, [add(1, 10, 3), take(1, 10, 2), add(0, 10, 1)]), [1], 'one is left')
  t.same(meets(false, [take(1, 10, 2), add(1, 10, 1), add(0, 10, 1)]), [1], 'what was not there cannot be taken')
  const many = [12, 10, 11, 13, 9].map(price => add(0, price, 1))
  t.same(meets(false, [...many, add(1, 9, 1)], [take(0, 9, 1), move(1, 9, 10, 1)], [take(0, 10, 1)]), [1, 1, 0])
})

t.test('rows of no side, price or size change nothing, and what is unsettled does not count', async t => {
  t.same(meets(false, [add(1, 10, 5), add(NULL, 10, 5), add(0, NULL, 5), add(0, 10, NULL)]), [0])
  t.same(meets(false, [add(1, 10, 5), add(0, 10, 5, 0)], [take(0, 10, 5)]), [0, 0])
})

t.test('numbers rise or not, inside a bucket and without nulls', async t => {
  const of = (values: number[][], parameters = {}) =>
    evaluate(rises, day(...values.map(list => list.map((value, i) => [i, value]))), parameters)
  const values = [[1, 2, 2], [1, NULL, 3], [3, NULL, 1], [], [5]]
  t.same(of(values), [1, 1, 0, 1, 1])
  t.same(of(values, { strictly: true }), [0, 1, 0, 1, 1])
  t.same(
    of(
      [
        [0, -1],
        [0, -2],
      ],
      { from_time: true },
    ),
    [1, 0],
    'counted from the time of their rows',
  )
})
