import t from 'tap'
import { judge, listingChange, type PassChecks, ResultFacts, type SourceFacts } from '../../lib/checks/index.js'
import type { Expectations, Quality } from '../../lib/checks/pass-checks.js'
import { batchOf, type Column, type ColumnSpec, type Frame } from '../../lib/core/index.js'

const SPECS: ColumnSpec[] = [
  { name: 'x', type: 'f64' },
  { name: 'y', type: 'f64' },
  { name: 'n', type: 'i64' },
]

/** Checks three rows: x is null once, y is -1, 7 and 0, n an integer that no double holds. */
function judged(blocks: { quality?: Partial<Quality>; expectations?: Partial<Expectations> }, source?: SourceFacts) {
  const quality = { at: 'QUALITY_CHECKS', nullRateMax: 1, columns: ['x', 'y'], ranges: [], action: 'warn' } as Quality
  const none = {
    at: 'E',
    source: 's',
    rows: false,
    listingCount: false,
    listingIds: false,
    filled: [],
    action: 'raise',
  }
  const checks: PassChecks = {
    pass: 'p',
    columns: SPECS.map(({ name }) => name),
    quality: blocks.quality ? { ...quality, ...blocks.quality } : null,
    expectations: blocks.expectations ? ({ ...none, ...blocks.expectations } as Expectations) : null,
  }
  const columns: Column[] = [
    { type: 'f64', values: Float64Array.of(1, 0, 2), valid: Uint8Array.of(1, 0, 1) },
    { type: 'f64', values: Float64Array.of(-1, 7, 0), valid: null },
    { type: 'i64', values: BigInt64Array.of(1n, 2n ** 53n + 1n, 2n), valid: null },
  ]
  const facts = new ResultFacts(checks)
  facts.add(batchOf(SPECS, columns, 3))
  return judge(checks, facts, source)
}

t.test('limits are said as the configuration reference says them', async t => {
  const { checks } = judged({ quality: { nullRateMax: 0.2, ranges: [{ column: 'y', min: 0, max: 5 }] } })
  t.strictSame(checks, ['x: null_rate=0.333 > 0.200', 'y: min=-1 < 0', 'y: max=7 > 5'])
  t.strictSame(judged({ quality: { nullRateMax: 1 / 3, ranges: [{ column: 'y', min: -1, max: 7 }] } }).checks, [])
  const near = judged({ quality: { nullRateMax: 0.33329 } }).checks
  t.strictSame(near, ['x: null_rate=0.33333 > 0.33329'], 'what three decimals do not tell apart')
  const exact = judged({ quality: { ranges: [{ column: 'n', min: 0, max: 2 ** 53 }] } }).checks
  t.strictSame(exact, ['n: max=9007199254740993 > 9007199254740992'])
})

t.test('a result without rows breaks no limit', async t => {
  const quality: Quality = { at: 'Q', nullRateMax: 0, columns: ['x'], ranges: [], action: 'raise' }
  const checks: PassChecks = { pass: 'p', columns: ['x'], quality, expectations: null }
  t.strictSame(judge(checks, new ResultFacts(checks)), { checks: [], warnings: [], refusal: undefined })
})

t.test('each block acts as it is told', async t => {
  const limits = { nullRateMax: 0.2 }
  const filled = { filled: ['x', 'y'] }
  const warned = judged({ quality: limits, expectations: { ...filled, action: 'warn' } })
  t.strictSame(warned.warnings, [
    'pass p: x: null_rate=0.333 > 0.200',
    'pass p: all_non_nans: x has no value in 1 of 3 rows',
  ])
  t.equal(warned.refusal, undefined)
  const mixed = judged({ quality: limits, expectations: filled })
  t.strictSame(mixed.warnings, ['pass p: x: null_rate=0.333 > 0.200'])
  t.equal(mixed.checks.length, 2)
  t.match(mixed.refusal, { fault: 'data', where: { pass: 'p' } })
  t.match(mixed.refusal?.problem, /^pass p fails 1 check and must not be published: all_non_nans: x .* limits in E,/)
  const both = judged({ quality: { ...limits, action: 'raise' }, expectations: filled })
  t.strictSame(both.warnings, [])
  t.match(both.refusal?.problem, /^pass p fails 2 checks .* limits in QUALITY_CHECKS and E,/)
})

const listings = (...ids: (string | null)[]): Frame => {
  const words = ids.map(id => id ?? '')
  const valid = Uint8Array.from(ids, id => (id === null ? 0 : 1))
  const values = Int32Array.from(ids, (_, i) => i)
  return { rows: ids.length, columns: new Map([['ListingId', { type: 'str', values, valid, dictionary: { words } }]]) }
}

async function* frames(...parts: Frame[]): AsyncGenerator<Frame> {
  yield* parts
}

t.test('listings are compared over all frames of a source', async t => {
  const change = await listingChange(frames(listings('a', 'b', 'a'), listings('c', null)), [
    listings('d', 'a'),
    listings('d', 'c'),
  ])
  t.strictSame(change, { before: 4, after: 3, lost: ['b', 'null'], added: ['d'] })
  t.strictSame(await listingChange(frames(listings('a', 'b')), [listings('b', 'a', 'b')]), {
    before: 2,
    after: 2,
    lost: [],
    added: [],
  })
  t.match(await listingChange(frames(), [listings('a')]), { before: 0, after: 1, added: ['a'] })
  const integers: Column = { type: 'i64', values: BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n), valid: null }
  const exact: Frame = { rows: 2, columns: new Map([['ListingId', integers]]) }
  const one: Frame = {
    rows: 1,
    columns: new Map([['ListingId', { ...integers, values: integers.values.slice(1) } as Column]]),
  }
  t.match(await listingChange(frames(exact), [one]), { lost: ['9007199254740992'], added: [] })
})

t.test('expectations name counts and up to five listings', async t => {
  const source = { rows: 12, listings: await listingChange(frames(listings(...'abcdefgh')), [listings('a', 'z')]) }
  const { checks } = judged({ expectations: { rows: true, listingCount: true, listingIds: true } }, source)
  t.strictSame(checks, [
    'preserve_listing_id_count: 2 listings, s has 8; missing: b, c, d, e, f and 2 more; new: z',
    'preserve_listing_ids: 7 of the 8 listings of s are missing, 1 are new; missing: b, c, d, e, f and 2 more; new: z',
    'preserve_rows: 3 rows, s has 12',
  ])
  const swapped = { rows: 3, listings: await listingChange(frames(listings('a', 'b')), [listings('a', 'c')]) }
  const { checks: ids } = judged({ expectations: { rows: true, listingCount: true, listingIds: true } }, swapped)
  t.strictSame(ids, ['preserve_listing_ids: 1 of the 2 listings of s are missing, 1 are new; missing: b; new: c'])
})
