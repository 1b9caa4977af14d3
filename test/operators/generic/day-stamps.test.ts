import fc from 'fast-check'
import t from 'tap'
import { type BucketRule, halves, NS_PER_DAY } from '../../../lib/core/index.js'
import { DayStamps, isEarlier } from '../../../operators/generic/day-stamps.js'
import { resampledOn } from '../../../operators/generic/resample.js'

const DAY = BigInt(NS_PER_DAY)
const anyDay = fc.integer({ min: -40_000, max: 80_000 })
const anyOffset = fc.bigInt({ min: -7n * DAY, max: 7n * DAY })

t.test('stamps and ns after a midnight are each other, to the nanosecond', t => {
  const stamps = new DayStamps()
  const holds = (day: number, offset: bigint) => {
    const stamp = BigInt(day) * DAY + offset
    stamps.turn(day)
    t.equal(stamps.offset(halves(BigInt64Array.of(7n, stamp)), 1), Number(offset))
    const out = BigInt64Array.of(5n, 5n)
    stamps.put(halves(out), 1, Number(offset))
    t.strictSame([...out], [5n, stamp])
    t.equal(stamps.turn(day), false)
  }
  holds(0, 0n)
  holds(0, -1n)
  holds(20_487, 2n ** 32n - 1n)
  fc.assert(fc.property(anyDay, anyOffset, holds), { numRuns: 200 })
  t.end()
})

t.test('stamps are compared as 64-bit integers', t => {
  const any = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -3n, max: 3n }))
  const holds = (a: bigint, b: bigint) =>
    isEarlier(halves(BigInt64Array.of(a)), 0, halves(BigInt64Array.of(b)), 0) === a < b
  fc.assert(fc.property(any, any, holds), { numRuns: 500 })
  t.ok(holds(2n ** 32n - 1n, 2n ** 32n))
  t.end()
})

// Semantics 2.10, with 64-bit integers throughout.
t.test('a label moves to the wider bucket that holds its interval', t => {
  for (const anchor of ['end', 'start'] as const) {
    const source: BucketRule = {
      mode: 'sparse_digitised',
      width: 60e9,
      anchor,
      closed: 'right',
      origin: null,
      zone: 'UTC',
    }
    const target = { ...source, width: 900e9 }
    const wide = BigInt(target.width)
    const holds = (day: number, bucket: number) => {
      const label = BigInt(day) * DAY + BigInt(bucket) * 60_000_000_000n
      const rest = (((label - BigInt(day) * DAY) % wide) + wide) % wide
      const expected = anchor === 'start' ? label - rest : rest === 0n ? label : label - rest + wide
      t.strictSame([...resampledOn(BigInt64Array.of(label, label), day, { source, target })], [expected, expected])
    }
    fc.assert(fc.property(anyDay, fc.integer({ min: -30, max: 1500 }), holds), { numRuns: 100 })
  }
  t.end()
})

t.test('a bucket of several days is counted from Monday 1970-01-05, to the nanosecond', t => {
  const ends = fc.constantFrom('end' as const, 'start' as const)
  const sides = fc.constantFrom('right' as const, 'left' as const)
  const sources = fc.constantFrom('sparse_original' as const, 'sparse_digitised' as const)
  const widths = fc.constantFrom(2, 7, 14, 105, 364)
  const holds = (...[mode, source, anchor, closed, days, day, offset]: Drawn) => {
    const rule = { mode, width: 1e6, anchor: source, closed: 'right' as const, origin: null, zone: 'UTC' }
    const target: BucketRule = { ...rule, width: days * NS_PER_DAY, anchor, closed, mode: 'sparse_digitised' }
    const label = BigInt(day) * DAY + (mode === 'sparse_original' ? offset : (offset / 1_000_000n) * 1_000_000n)
    const wide = BigInt(days) * DAY
    const rest = (((label - 4n * DAY) % wide) + wide) % wide
    const isEnd = mode === 'sparse_original' ? closed === 'right' : source === 'end'
    const start = label - rest - (isEnd && rest === 0n ? wide : 0n)
    const expected = anchor === 'end' ? start + wide : start
    t.strictSame([...resampledOn(BigInt64Array.of(label), day, { source: rule, target })], [expected])
  }
  type Drawn = [BucketRule['mode'], 'end' | 'start', 'end' | 'start', 'right' | 'left', number, number, bigint]
  fc.assert(fc.property(sources, ends, ends, sides, widths, anyDay, anyOffset, holds), { numRuns: 300 })
  t.end()
})
