import t from 'tap'
import { offsetsOf, type Spacing } from '../../../operators/external-events/offsets.js'

const TEN = 10_000_000_000

const offsets = (spacing: Partial<Spacing>) => {
  return offsetsOf({ radius: TEN, directions: 'both', extra: 0, scale: 1, ...spacing }).map(({ index, ns }) => [
    index,
    ns,
  ])
}

t.test('worked example W27', async t => {
  t.same(offsets({ extra: 2 }), [
    [-2, -TEN],
    [-1, -5_000_000_000],
    [0, 0],
    [1, 5_000_000_000],
    [2, TEN],
  ])
  // 3.333333333333, 6.666666666667, 10 s, to the nanosecond; likewise 1.428571428571, 4.285714285714, 10
  // and 0.090090090090, 0.990990990991, 10.
  const ahead = (scale: number) => offsets({ extra: 3, scale, directions: 'forward' }).map(([, ns]) => ns)
  t.same(ahead(1), [0, 3_333_333_333, 6_666_666_667, TEN])
  t.same(ahead(2), [0, 1_428_571_429, 4_285_714_286, TEN])
  t.same(ahead(10), [0, 90_090_090, 990_990_991, TEN])
  t.same(offsets({ radius: 0, extra: 3 }), [[0, 0]])
  t.same(offsets({ extra: 0 }), [[0, 0]])
})

t.test('directions', async t => {
  t.same(
    offsets({ extra: 2, directions: 'backward' }).map(([index]) => index),
    [-2, -1, 0],
  )
  t.same(
    offsets({ extra: 2, directions: 'forward' }).map(([index]) => index),
    [0, 1, 2],
  )
})

t.test('of offsets on the same nanosecond the nearest to the event stays', async t => {
  t.same(offsets({ radius: 1, extra: 3 }), [
    [-2, -1],
    [0, 0],
    [2, 1],
  ])
  const steep = offsets({ extra: 30, scale: 10, directions: 'forward' })
  // 10^10·(10^i - 1)/(10^30 - 1) is less than half a nanosecond for i below 20.
  t.same(steep.slice(0, 3), [
    [0, 0],
    [20, 1],
    [21, 10],
  ])
  t.ok(steep.every(([, ns], i) => i === 0 || ns > steep[i - 1][1]))
})

t.test('exact where doubles are not, finite where powers are not', async t => {
  // R·i is above 2^53 here; the exact quotient is 5999999999999999.333…
  const radius = 9_000_000_000_000_000 - 1
  const [, , far] = offsets({ radius, extra: 3, directions: 'forward' })
  t.same(far, [2, 5_999_999_999_999_999])
  const many = offsets({ extra: 1000, scale: 10, directions: 'forward' })
  t.same(many[many.length - 1], [1000, TEN])
  t.ok(many.every(([, ns]) => Number.isSafeInteger(ns)))
  t.equal(many[many.length - 2][1], 1_000_000_000)
  // A scale next to 1 is as good as 1.
  t.same(offsets({ extra: 4, scale: 1 + 2 ** -52 }), offsets({ extra: 4 }))
  // (s - 1)/(s² - 1) is 1/(s + 1).
  for (let exponent = 0; exponent < 15; exponent++) {
    const scale = 1 + 1.2345 * 10 ** -exponent
    t.equal(offsets({ extra: 2, scale, directions: 'forward' })[1][1], Math.round(TEN / (scale + 1)), String(scale))
  }
  const scales = Array.from({ length: 50 }, (_, i) => 1.01 + i / 7)
  const ends = scales.map(scale => offsets({ radius, extra: 3, scale, directions: 'forward' })[3][1])
  t.ok(
    ends.every(ns => ns === radius),
    String(ends),
  )
})
