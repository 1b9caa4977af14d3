import t from 'tap'
import { icebergPeaks } from '../../../operators/index.js'
import { type Bucket, evaluate } from './cells.js'

const NULL = Number.NaN

/** Rows are [time, iceberg, insert, side, price, old price, order]. */
const ICEBERG = (time: number, order: number, side = 1, price = 10) => [time, 1, 0, side, NULL, price, order]
const INSERT = (time: number, order: number, side = 1, price = 10) => [time, 0, 1, side, price, NULL, order]

const day = (...rows: number[][]): Bucket[] => [
  { span: [0, 10], rows: rows.filter(([time]) => time <= 10) },
  { span: [10, 1000], rows: rows.filter(([time]) => time > 10) },
]
const peaks = (rows: number[][], parameters = {}) =>
  evaluate(icebergPeaks, day(...rows), { tolerance_ns: 5, ...parameters })

t.test('an insert carries on the latest iceberg of its side and price', async t => {
  const rows = [ICEBERG(1, 7), INSERT(6, 8), ICEBERG(20, 8)]
  t.same(peaks(rows), [2, 3], 'at the end of the tolerance')
  t.same(peaks(rows, { tolerance_ns: 4 }), [2, 2], 'after it')
  t.same(peaks(rows, { link: false }), [2, 2], 'not linked')
  t.same(peaks([ICEBERG(1, 7), INSERT(2, 8, 2), ICEBERG(20, 8, 2)]), [2, 2], 'on the other side')
  t.same(peaks([ICEBERG(1, 7), INSERT(2, 8, 1, 11), ICEBERG(20, 8)]), [2, 2], 'at another price')
  t.same(peaks([ICEBERG(1, 7), INSERT(2, 8, 1, 11), ICEBERG(20, 8)], { price_match: false }), [2, 3], 'at any price')
  t.same(peaks([ICEBERG(1, 7, NULL), INSERT(2, 8, NULL), ICEBERG(20, 8)]), [2, 2], 'of no side')
  t.same(peaks([ICEBERG(1, 7, 1, NULL), INSERT(2, 8, 1, NULL), ICEBERG(20, 8)]), [2, 2], 'of no price')
})

t.test('a bucket averages over its icebergs, not over their executions', async t => {
  t.same(peaks([ICEBERG(1, 7), ICEBERG(2, 7), ICEBERG(3, 7), ICEBERG(4, 9)]), [(4 + 2) / 2, NULL])
  t.same(peaks([ICEBERG(1, NULL), ICEBERG(2, NULL)]), [2, NULL], 'those that name no order are one each')
})

t.test('an insert of a known order joins two icebergs, with what both executed', async t => {
  const rows = [ICEBERG(1, 8), ICEBERG(2, 8), ICEBERG(3, 7), INSERT(4, 8), ICEBERG(20, 7)]
  t.same(peaks(rows), [4, 5])
})
