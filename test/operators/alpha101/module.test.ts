import t from 'tap'
import type { Frame } from '../../../lib/core/index.js'
import { alpha101 } from '../../../operators/alpha101/module.js'
import { type Cell, close, computed, frameFrom, planned, rowsOf, shuffled, sourceFrom } from '../statistics/frames.js'

const KEYS = ['Date', 'ListingId', 'TimeBucket']

const count = (n: number) => Array.from({ length: n }, (_, i) => i)

t.test('worked example', async t => {
  const i = count(70)
  const open = i.map(i => 100 + 0.1 * (i % 7))
  const frame = frameFrom({
    'ListingId:i64': i.map(() => 1),
    'TimeBucket:ts': i.map(i => 60 * i),
    Open: open,
    High: open.map(x => x + 0.5),
    Low: open.map(x => x - 0.4),
    Close: i.map(i => 100 + 0.2 * (i % 5)),
    Volume: i.map(i => 100 + ((13 * i) % 37)),
  })
  const rows = rowsOf(await computed(alpha101, frame, KEYS, { volume_col: 'Volume', alpha_ids: [6, 7, 9, 10, 101] }))
  t.equal(rows.length, 70)
  const last = rows[69]
  const expected = { Alpha006: -0.244021133921, Alpha007: -1, Alpha009: -0.2, Alpha010: 1, Alpha101: 0.221975582686 }
  t.same(Object.keys(last), ['ListingId', 'TimeBucket', ...Object.keys(expected)])
  for (const [name, value] of Object.entries(expected)) t.ok(close(last[name], value, 12), `${name} ${last[name]}`)
})

/** Four listings of 90 minutes: a null close, a null volume, five minutes missing. */
function market(): Frame {
  const rows = count(360)
    .map(k => ({ l: Math.floor(k / 90), i: k % 90 }))
    .filter(({ l, i }) => !(l === 3 && i >= 50 && i < 55))
    .map(({ l, i }) => {
      const o = 100 + (((7 * i + 13 * l) * (i + 3)) % 41) / 10 + l
      const c = 100 + (((11 * i + 5 * l) * (i + 1 + l)) % 37) / 10 + l
      return {
        l,
        i,
        o,
        h: Math.max(o, c) + ((i * 3 + l) % 5) / 10,
        w: Math.min(o, c) - ((i * 5 + l) % 7) / 10,
        c: l === 2 && i === 40 ? null : c,
        v: l === 1 && i === 70 ? null : 100 + ((13 * i * (l + 2) + i * i) % 97),
        p: (o + 2 * c) / 3 + ((i + l) % 3) / 20,
      }
    })
  return frameFrom({
    'ListingId:i64': rows.map(row => row.l),
    'TimeBucket:ts': rows.map(row => 60 * row.i),
    Open: rows.map(row => row.o),
    High: rows.map(row => row.h),
    Low: rows.map(row => row.w),
    Close: rows.map(row => row.c),
    TradeTotalVolume: rows.map(row => row.v),
    TradeTotalVWAP: rows.map(row => row.p),
    'Ticker:str': rows.map(() => 'T'),
  })
}

// The frame d of the same rows: per(f, x) applies f to each listing's rows, rank = x.groupby(T).rank(pct=True),
// roll(x, w, f) = x.rolling(w).apply(f), corr = np.corrcoef of windows without a nan and with np.ptp > 0,
// tsrank(x, w) = roll(x, w, lambda v: scipy.stats.rankdata(v)[-1]/w), delta(x, w) = x.diff(w), ret = C/C.shift(1)-1:
//   001 rank(roll(sign(b)*b**2, 5, np.argmax))-.5, b = np.where(ret<0, roll(ret, 20, lambda v: np.std(v, ddof=1)), C)
//   002 -corr(rank(delta(np.log(V), 2)), rank((C-O)/O), 6)     003 -corr(rank(O), rank(V), 10)     004 -tsrank(rank(L), 9)
//   005 rank(O-roll(P, 10, np.mean))*-abs(rank(C-P))           006 -corr(O, V, 10)
//   007 np.where(roll(V, 20, np.mean)<V, -tsrank(abs(delta(C, 7)), 60)*np.sign(delta(C, 7)), -1)
//   008 -rank(delta(roll(O, 5, np.sum)*roll(ret, 5, np.sum), 10))
//   009 e = delta(C, 1); np.where((roll(e, 5, np.min)>0)|(roll(e, 5, np.max)<0), e, -e)     010 rank of it with 4
// where any part that a condition needs is nan, so is the result. Number of values, their sum weighted by 1 + row % 7,
// and the values of rows AT.
const AT = [20, 33, 60, 89, 162, 178, 210, 235, 269, 319, 320, 354]
const REFERENCE: [string, number, number, Cell[]][] = [
  ['001', 237, 140.5416666667, [null, 0.25, -0.1666666666667, 0.5, 0.5, 0, -0.125, null, -0.25, 0.5, 0.5, 0.25]],
  [
    '002',
    313,
    -36.00106245494,
    [
      -0.4417261042994,
      -0.5,
      0.2446772615222,
      -0.2925089696509,
      null,
      0.5163977794943,
      -0.3241018617761,
      -0.245927084475,
      0.8061435194835,
      0.342997170285,
      0.5163977794943,
      0.2314550249431,
    ],
  ],
  [
    '003',
    309,
    15.93435864736,
    [
      -0.1796053020268,
      0.103417537999,
      -0.1022494687085,
      -0.06247560023331,
      null,
      0.218217890236,
      0.02431801915429,
      -0.04811664783633,
      -0.04012861769526,
      0.4311239909183,
      0.622841098903,
      -0.1891777691348,
    ],
  ],
  [
    '004',
    323,
    -704.3888888889,
    [
      -0.4444444444444, -0.8333333333333, -0.3333333333333, -0.3888888888889, -0.1666666666667, -0.6111111111111,
      -0.2222222222222, -0.1666666666667, -0.6111111111111, -0.7222222222222, -0.7222222222222, -0.6666666666667,
    ],
  ],
  [
    '005',
    318,
    -433.09375,
    [-0.5625, -0.25, -0.0625, -0.25, -0.1875, -0.25, -0.25, -0.125, -0.25, -0.25, -0.5, -0.5625],
  ],
  [
    '006',
    309,
    -15.57052785422,
    [
      -0.4644664111777,
      0.1199807689893,
      -0.3928087389487,
      -0.3173781486217,
      null,
      -0.02310866283933,
      0.7146174331925,
      -0.246511180712,
      0.3708276613329,
      0.01946032435573,
      0.2205529109156,
      -0.03650852897374,
    ],
  ],
  ['007', 158, -550.5083333333, [-1, -1, -1, 0.1333333333333, null, null, -1, null, null, null, -1, -1]],
  ['008', 283, -720.3333333333, [-0.75, -1, -0.75, -0.25, -0.25, -0.75, -0.25, null, -0.75, -1, -1, -1]],
  ['009', 329, 49.8, [0.4, 1.4, 1.2, 0.3, 2.8, -2.8, 1.1, 1.6, 0.8, -1.6, -0.3, -0.8]],
  ['010', 334, 832.5, [1, 1, 1, 0.5, 1, 0.25, 0.75, 1, 0.75, 0.5, 0.5, 0.25]],
  [
    '101',
    354,
    -207.0813240028,
    [
      0.8326394671107, -0.6187529747739, -0.6466784244562, -0.8122461730709, -0.8331019161344, 0.999600159936,
      -0.8105917319643, -0.7139457401237, -0.4115226337449, 0.2493765586035, -0.5291005291005, -0.9966777408638,
    ],
  ],
]

t.test('as numpy, pandas and scipy have it', async t => {
  const rows = rowsOf(await computed(alpha101, market(), KEYS, {}))
  t.equal(rows.length, 355)
  for (const [id, values, weighted, at] of REFERENCE) {
    const found = rows.map(row => row[`Alpha${id}`])
    t.equal(found.filter(value => value !== null).length, values, `${id} values`)
    const sum = found.reduce((total: number, value, i) => total + Number(value ?? 0) * ((i % 7) + 1), 0)
    t.ok(close(sum, weighted, 11), `${id} sum ${sum} ${weighted}`)
    t.ok(
      AT.every((row, k) => close(found[row], at[k], 11)),
      `${id} ${AT.map(row => found[row])}`,
    )
  }
})

t.test('law: neither the order of rows nor where frames are cut matters', async t => {
  const whole = rowsOf(await computed(alpha101, market(), KEYS, {}))
  for (const seed of [1, 2]) t.same(rowsOf(await computed(alpha101, shuffled(market(), seed), KEYS, {}, 50)), whole)
})

t.test('warm-up is null, listing by listing, and as long as the windows times the multiplier', async t => {
  const first = async (config: Record<string, unknown>) => {
    const rows = rowsOf(await computed(alpha101, market(), KEYS, config)).slice(0, 90)
    const names = Object.keys(rows[0]).slice(2)
    return names.map(name => rows.findIndex(row => row[name] !== null))
  }
  t.same(await first({ alpha_ids: [3, 4, 5, 6, 8, 9, 10, 101] }), [9, 8, 9, 9, 15, 5, 4, 0])
  t.same(await first({ alpha_ids: [3, 4, 5, 6, 8, 9, 10, 101], window_multiplier: 2 }), [19, 17, 19, 19, 30, 11, 9, 0])
  // round(4.5) is 5, round(0.5) is 1, and so is round(0.05).
  t.same(await first({ alpha_ids: [4, 10], window_multiplier: 0.5 }), [4, 2])
  t.same(await first({ alpha_ids: [4, 10], window_multiplier: 0.05 }), [0, 1])
  t.same(await first({ alpha_ids: [1], window_multiplier: 0.05 }), [1], 'a first row has no return')
})

t.test('columns are in the order asked for, once', async t => {
  const { outline } = planned(alpha101, sourceFrom(market(), KEYS), { alpha_ids: [101, 4, 101] })
  t.same(
    outline?.columns.map(({ name }) => name),
    ['ListingId', 'TimeBucket', 'Alpha101', 'Alpha004'],
  )
  t.same(outline?.reads, [['ListingId', 'TimeBucket', 'Open', 'High', 'Low', 'Close']])
  t.equal(outline?.columns[3].formula, '-tsrank9(rank(L))')
  t.equal(outline?.rule?.width, 60e9)
})

const small = (columns: Record<string, Cell[]>) =>
  frameFrom({
    'ListingId:i64': count(4).map(i => i % 2),
    'TimeBucket:ts': count(4).map(i => 60 * (i >> 1)),
    ...columns,
  })

t.test('VWAP is notional over volume where the source has none', async t => {
  const quotient = small({
    Open: [1, 2, 3, 4],
    Close: [3, 5, 2, 7],
    TradeTotalVolume: [10, 10, 10, 0],
    TradeTotalNotional: [20, 40, 50, 7],
  })
  const config = { alpha_ids: [5], window_multiplier: 0.1 }
  const rows = rowsOf(await computed(alpha101, quotient, KEYS, config))
  // VWAP 2 4 | 5 null: O - VWAP -1 -2 | -2 null, C - VWAP 1 1 | -3 null.
  t.same(
    rows.map(row => row.Alpha005),
    [1 * -0.75, 1 * -1, 0.5 * -0.75, null],
  )
  const { outline } = planned(alpha101, sourceFrom(quotient, KEYS), config)
  t.same(outline?.reads[0].slice(2), ['Open', 'Close', 'TradeTotalVolume', 'TradeTotalNotional'])
  t.same(outline?.columns[2].inputs, ['Open', 'Close', 'TradeTotalNotional', 'TradeTotalVolume'])
})

t.test('zero denominators, logarithms of zero and signs of zero', async t => {
  const flat = small({ Open: [0, 1, 0, 1], High: [1, 1, 1, 1], Low: [1, 1.001, 1, 1], Close: [1, 1, 1, 1] })
  const rows = rowsOf(await computed(alpha101, flat, KEYS, { alpha_ids: [9, 101], window_multiplier: 0.01 }))
  t.same(
    rows.map(row => row.Alpha101),
    [1000, 1000, 0, 0],
  )
  t.ok(
    rows.every(row => row.Alpha009 === null || Object.is(row.Alpha009, 0)),
    'no change is 0, not -0',
  )
  const zeros = frameFrom({
    'ListingId:i64': count(20).map(i => i % 2),
    'TimeBucket:ts': count(20).map(i => 60 * (i >> 1)),
    Open: count(20).map(i => (i === 18 ? 0 : 1 + (i % 3))),
    Close: count(20).map(i => 1 + (i % 5)),
    TradeTotalVolume: count(20).map(i => (i === 11 ? 0 : 1 + ((i * i) % 7))),
  })
  const two = rowsOf(await computed(alpha101, zeros, KEYS, { alpha_ids: [2], window_multiplier: 0.5 }))
  t.same(
    two.map((row, i) => (row.Alpha002 === null ? i : -1)).filter(i => i >= 0),
    // Warm-up of both; the row without an opening price; windows with a change from or to a volume of zero.
    [0, 1, 2, 9, 10, 11, 12, 15, 16, 17, 18],
  )
})

t.test('refuses what cannot be computed, all at once', async t => {
  const source = sourceFrom(small({ Open: [1, 1, 1, 1], Close: [1, 1, 1, 1], 'High:str': ['a', 'a', 'a', 'a'] }), KEYS)
  const refused = (config: Record<string, unknown>) => planned(alpha101, source, config).refused
  t.same(refused({ alpha_ids: [101], open_col: 'Opn' }), [
    "open_col: pass1 has no column 'Opn'; did you mean 'Open'?",
    "high_col: column 'High' of pass1 is str, not a number",
    "low_col: pass1 has no column 'Low'; it has ListingId, TimeBucket, Open, Close, High",
  ])
  t.same(refused({ alpha_ids: [5] }), [
    "vwap_col: pass1 has no column 'TradeTotalVWAP', nor 'TradeTotalNotional' and 'TradeTotalVolume' of which to make it; " +
      'name them, or leave alpha 5 out',
  ])
  t.same(refused({ alpha_ids: [5], vwap_col: 'Vwap' }), [
    "vwap_col: pass1 has no column 'Vwap'; it has ListingId, TimeBucket, Open, Close, High",
  ])
  t.same(refused({ alpha_ids: [9] }), [])
  for (const config of [{ alpha_ids: [11] }, { alpha_ids: [] }, { window_multiplier: 0 }])
    t.throws(() => refused(config))
  t.throws(() => refused({ alpha_ids: [11] }), /no alpha of this version; allowed: 1, 2/)
})

t.test('two rows of one label are a data fault; no rows are none', async t => {
  const twice = frameFrom({ 'ListingId:str': ['A', 'A'], 'TimeBucket:ts': [0, 0], Close: [1, 2] })
  await t.rejects(computed(alpha101, twice, KEYS, { alpha_ids: [9] }), { fault: 'data', message: /ListingId A have/ })
  const none = frameFrom({ 'ListingId:str': [], 'TimeBucket:ts': [], Close: [] })
  t.same(rowsOf(await computed(alpha101, none, KEYS, { alpha_ids: [9] })), [])
})
