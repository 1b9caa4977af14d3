import fc from 'fast-check'
import t from 'tap'
import { durationOf, durationTag } from '../../../operators/trade/duration.js'

t.test('reads and writes durations', async t => {
  t.equal(durationOf('100ms'), 100e6)
  t.equal(durationOf('5m'), 300e9)
  for (const text of ['', '5', 'm', '0s', '-1s', '1.5s', '1 s', '5d', '99999999999h'])
    t.equal(durationOf(text), undefined, text)
  t.same([1000e6, 300_000e6, 60e9, 500e6, 1, 90e9].map(durationTag), ['1s', '5m', '1m', '500ms', '1ns', '90s'])
})

t.test('law: a tag reads back as its duration', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), ns => durationOf(durationTag(ns)) === ns))
})
