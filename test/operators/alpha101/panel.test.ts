import t, { type Test } from 'tap'
import { Panel } from '../../../operators/alpha101/panel.js'
import { groupRows } from '../../../operators/statistics/groups.js'
import { close, frameFrom } from '../statistics/frames.js'

const N = Number.NaN

/** Two listings: rows of A at 10:00 … 10:04, of B at 10:01 … 10:03; the panel has A's first. */
const frame = frameFrom({
  'ListingId:str': ['B', 'A', 'A', 'B', 'A', 'B', 'A', 'A'],
  'TimeBucket:ts': [180, 60, 0, 60, 120, 120, 240, 180],
})
const panel = new Panel(frame, groupRows(frame, [{ name: 'ListingId', type: 'str' }], 'TimeBucket'))
const x = Float64Array.of(1, 2, 4, 4, 3, 10, 30, 20)

const same = (t: Test, found: Float64Array, expected: number[]) =>
  t.same(
    [...found].map(value => (Number.isNaN(value) ? null : value)),
    expected.map(value => (Number.isNaN(value) ? null : value)),
  )

t.test('windows stay within a listing', async t => {
  same(t, panel.delay(x, 2), [N, N, 1, 2, 4, N, N, 10])
  same(t, panel.delta(x, 1), [N, 1, 2, 0, -1, N, 20, -10])
  same(t, panel.sum(x, 3), [N, N, 7, 10, 11, N, N, 60])
  same(t, panel.mean(x, 2), [N, 1.5, 3, 4, 3.5, N, 20, 25])
  same(t, panel.min(x, 2), [N, 1, 2, 4, 3, N, 10, 20])
  same(t, panel.max(x, 3), [N, N, 4, 4, 4, N, N, 30])
  same(t, panel.argmax(x, 3), [N, N, 2, 1, 0, N, N, 1])
  same(t, panel.timeRank(x, 3), [N, N, 1, 2.5 / 3, 1 / 3, N, N, 2 / 3])
})

t.test('standard deviations have ddof 1 and are 0 where nothing moves', async t => {
  // np.std([1, 2, 4], ddof=1)
  t.ok(close(panel.sd(x, 3)[2], 1.5275252316519468, 14))
  same(t, panel.sd(x, 1), Array(8).fill(N))
  same(t, panel.sd(new Float64Array(8).fill(0.1), 3), [N, N, 0, 0, 0, N, N, 0])
})

t.test('ranks are among listings of a label, without those that are null', async t => {
  same(t, panel.rank(x), [1, 0.5, 0.5, 0.5, 1, 1, 1, 1])
  same(t, panel.rank(Float64Array.of(1, 5, N, 4, 3, 5, 30, 20)), [1, 0.75, N, 0.5, 1, 0.75, 1, 1])
})

t.test('a null empties every window that it is in', async t => {
  same(t, panel.sum(Float64Array.of(1, N, 4, 4, 3, 10, 30, 20), 2), [N, N, N, 8, 7, N, 40, 50])
  const y = Float64Array.of(1, 2, 3, 5, 9, 1, N, 2)
  same(t, panel.correlation(x, y, 2), [N, 1, 1, N, -1, N, N, N])
})
