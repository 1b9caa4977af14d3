import t from 'tap'
import { dislocation } from '../../../operators/kernels/dislocation.js'
import { type Bucket, close, evaluate } from './cells.js'

const LEAD = { lead_ns: 60 }
const none = Number.NaN

t.test('takes the mid of the last quoted row at least the lead before, of any bucket', async t => {
  const day: Bucket[] = [
    {
      span: [0, 100],
      rows: [
        [10, 99, 0, 100],
        [40, 99, 0, 101],
        [45, 99, 0, none],
        [50, 99, 0, 110],
      ],
    },
    { span: [100, 200], rows: [[105, 103, 1, 120]] },
    {
      span: [200, 300],
      rows: [
        [201, 90, 0, 90],
        [290, 50, 1, none],
        [291, 99, 0, 1],
      ],
    },
  ]
  const [first, second, third] = evaluate(dislocation, day, LEAD)
  t.ok(Number.isNaN(first), 'no auction')
  t.ok(close(second, (1e4 * 2) / 101), 'row at 45 has no mid; row at 50 is too late')
  t.ok(close(third, (1e4 * 40) / 90))
})

t.test('null without an earlier quote', async t => {
  const rows = [
    [10, 5, 1, 5],
    [20, 5, 0, 5],
  ]
  t.ok(Number.isNaN(evaluate(dislocation, [{ span: [0, 100], rows }], LEAD)[0]))
  t.ok(Number.isNaN(evaluate(dislocation, [{ span: [0, 100], rows: [[90, 5, 1, none]] }], LEAD)[0]))
})
