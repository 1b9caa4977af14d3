import t from 'tap'
import { Sparklines, sparkline } from '../../lib/cli/sparkline.js'
import { batchOf, type Column } from '../../lib/core/index.js'

/** Makes a batch of closes; null is NaN here. */
function closes(listings: number[], values: number[], name = 'Close') {
  const columns: Record<string, Column> = {
    ListingId: { type: 'i64', values: BigInt64Array.from(listings, BigInt), valid: null },
    Ticker: {
      type: 'str',
      values: Int32Array.from(listings, id => id - 1),
      valid: null,
      dictionary: { words: TICKERS },
    },
    Count: { type: 'i64', values: BigInt64Array.from(listings, () => 1n), valid: null },
    Volume: { type: 'f64', values: Float64Array.from(values, (_, i) => i), valid: null },
    [name]: {
      type: 'f64',
      values: Float64Array.from(values, value => value || 0),
      valid: Uint8Array.from(values, value => (Number.isNaN(value) ? 0 : 1)),
    },
  }
  const specs = Object.entries(columns).map(([name, { type }]) => ({ name, type }))
  return batchOf(specs, Object.values(columns), values.length)
}

const TICKERS = ['AA', 'BBB', 'C', ...Array.from({ length: 20 }, (_, i) => `T${i}`)]

function drawn(...batches: ReturnType<typeof closes>[]): string[] {
  const lines = new Sparklines()
  for (const batch of batches) lines.add(batch)
  return lines.text().split('\n')
}

t.test('blocks go from the least to the greatest', async t => {
  t.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), '▁▂▃▄▅▆▇█')
  t.equal(sparkline([-8, -1, -8]), '▁█▁')
  t.equal(sparkline([5, 5]), '▄▄')
})

t.test('each listing has a line of its close, whatever the order of rows', async t => {
  const whole = drawn(closes([1, 1, 2, 2, 2, 3], [1, 8, 3.5, 2, 1, 9]))
  t.same(whole, ['', 'Close, first to last', '1 AA   ▁█   1 → 8', '2 BBB  █▄▁  3.5 → 1', ''])
  t.same(
    drawn(closes([2, 1], [3.5, 1]), closes([3, 2], [9, 2]), closes([1, 2], [8, 1]))
      .slice(2, 4)
      .sort(),
    whole.slice(2, 4),
  )
  t.same(drawn(closes([1, 1, 1], [1, NaN, 8])).at(-2), '1 AA  ▁█  1 → 8', 'a null is left out')
})

t.test('listings are told apart by their text, whatever its code in a batch', async t => {
  const batch = (listing: string, values: number[]) =>
    batchOf(
      [
        { name: 'ListingId', type: 'str' },
        { name: 'Close', type: 'f64' },
      ],
      [
        { type: 'str', values: new Int32Array(values.length), valid: null, dictionary: { words: [listing] } },
        { type: 'f64', values: Float64Array.from(values), valid: null },
      ],
      values.length,
    )
  const lines = drawn(batch('X', [1, 8]), batch('Y', [9, 2]), batch('X', [1]))
  t.same(lines.slice(2, 4), ['X  ▁█▁  1 → 1', 'Y  █▁   9 → 2'])
  const close: Column = { type: 'f64', values: Float64Array.of(1, 8), valid: null }
  const alone = batchOf([{ name: 'Close', type: 'f64' }], [close], 2)
  t.equal(drawn(alone)[2], '▁█  1 → 8', 'without listings there is one line')
})

t.test('without a close it is the first metric; without two values nothing', async t => {
  t.equal(drawn(closes([1, 1], [4, 1], 'VWAP'))[1], 'Volume, first to last')
  t.same(drawn(closes([1, 2, 3], [1, 2, 3])), [''])
  t.same(drawn(closes([1, 1], [NaN, 3])), [''])
  t.same(drawn(), [''])
})

t.test('many rows and listings take no more room than some', async t => {
  const count = 100_000
  const rising = closes(
    Array.from({ length: count }, () => 1),
    Array.from({ length: count }, (_, i) => i),
  )
  const line = drawn(rising)[2]
  t.match(line, /^1 AA {2}▁+▂+▃+▄+▅+▆+▇+█+ {2}0 → 99999$/)
  const blocks = line.split('  ')[1]
  t.ok(blocks.length > 32 && blocks.length <= 64, `${blocks.length} blocks`)

  const ids = Array.from({ length: 40 }, (_, i) => 1 + (i % 20))
  const many = drawn(
    closes(
      ids,
      ids.map((id, i) => id + i),
    ),
  )
  t.equal(many.length, 1 + 1 + 10 + 1 + 1)
  t.equal(many.at(-2), '… and 10 more listings')
})
