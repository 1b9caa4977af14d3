import t from 'tap'
import { correlation } from '../../../operators/correlation/module.js'
import { type Cell, close, computed, frameFrom, planned, rowsOf, shuffled, sourceFrom } from '../statistics/frames.js'

const KEYS = ['Date', 'ListingId', 'TimeBucket']

const xy = (x: Cell[], y: Cell[]) => frameFrom({ 'ListingId:i64': x.map(() => 1), X: x, Y: y })

/** Returns the coefficient of X and Y. */
async function coefficient(x: Cell[], y: Cell[], config: Record<string, unknown> = {}): Promise<Cell> {
  const rows = rowsOf(await computed(correlation, xy(x, y), KEYS, config))
  t.same(
    rows.map(row => `${row.MetricX}${row.MetricY}`),
    ['XX', 'XY', 'YX', 'YY'],
  )
  t.equal(rows[2].Corr, rows[1].Corr, 'symmetric')
  return rows[1].Corr
}

t.test('worked example', async t => {
  const cases: [Record<string, unknown>, number][] = [
    [{}, 0.914991421996],
    [{ method: 'spearman' }, 0.9],
    [{ method: 'soft' }, 0.981330425692],
    [{ method: 'soft', soft_recenter: true }, 0.914991421996],
    [{ method: 'soft', soft_alpha: 2 }, 0.989090958009],
  ]
  for (const [config, value] of cases) {
    t.ok(close(await coefficient([1, 2, 3, 4, 5], [2, 1.5, 3, 3.5, 4], config), value, 12), JSON.stringify(config))
  }
})

// i = np.arange(40)
// d = pd.DataFrame({'A': ((i*7919)%101)/10., 'B': ((i*i*31)%67)-20., 'C': ((i*13)%5)*1., 'D': np.sin(i)})
// d.loc[i%7==3,'B'] = np.nan; d.loc[i%11==5,'D'] = np.nan
const rows40 = Array.from({ length: 40 }, (_, i) => i)
const four = () =>
  frameFrom({
    'Date:date': rows40.map(() => 1),
    'ListingId:str': rows40.map(() => 'V'),
    A: rows40.map(i => ((i * 7919) % 101) / 10),
    B: rows40.map(i => (i % 7 === 3 ? null : ((i * i * 31) % 67) - 20)),
    'C:i64': rows40.map(i => (i * 13) % 5),
    D: rows40.map(i => (i % 11 === 5 ? null : Math.sin(i))),
  })

const PAIRS = ['AB', 'AC', 'AD', 'BC', 'BD', 'CD']

// d.corr(method=...); soft, over the rows k in which both are finite:
//   v = v[k]; if sign: v = np.sign(v); if rec: v = v-v.mean(); v = v/{l2: np.linalg.norm(v), mean: abs(v).mean(), …}
//   c = lambda a, b: r if not full else np.sign(r)*abs(r)**(1/alpha), r = np.mean(np.sign(a*b)*np.abs(a*b)**alpha)
//   c(x,y)/np.sqrt(c(x,x)*c(y,y))
const REFERENCE: [Record<string, unknown>, number[]][] = [
  [
    { method: 'pearson' },
    [
      0.323105942651625, 0.0744937356012579, 0.0726000505269389, 0.315352083975503, -0.0550109664276236,
      0.0935325305568715,
    ],
  ],
  [
    { method: 'spearman' },
    [
      0.326914274786481, 0.0658506183719065, 0.0566280566280566, 0.307381242216175, -0.0118999606293479,
      0.0928498661576196,
    ],
  ],
  [
    { method: 'soft' },
    [
      0.665620837668767, 0.722733767292497, 0.0757310456207627, 0.651224393755378, 0.0664135417433409,
      0.0905335712334086,
    ],
  ],
  [
    { method: 'soft', soft_alpha: 2, soft_normalisation: 'mean', soft_recenter: true },
    [0.613204712381132, 0.490989546320411, 0.20853126405986, 0.591217235143769, -0.382489241917819, 0.277938995697806],
  ],
  [
    { method: 'soft', soft_alpha: 0.5, soft_normalisation: 'max', soft_recenter: true },
    [
      0.057310934467297, -0.0014844411964767, 0.007811368971944, 0.0656537904131846, 6.75492679254e-5,
      0.0151985482098472,
    ],
  ],
  [
    { method: 'soft', soft_alpha: 3, soft_normalisation: 'none', soft_full_norm_alpha_scale: false },
    [0.519255891486056, 0.171997035249368, 0.0356198542888107, 0.51980203200215, 0.017048752535163, 0.0960405918364757],
  ],
  [
    { method: 'soft', soft_sign_only: true },
    [
      0.545454545454546, 0.905821627315677, 0.0285714285714286, 0.603022689155527, -0.0655825835783954,
      0.0941647230861517,
    ],
  ],
]

for (const [config, expected] of REFERENCE) {
  t.test(`as numpy and pandas have it: ${JSON.stringify(config)}`, async t => {
    const rows = rowsOf(await computed(correlation, four(), KEYS, config))
    t.equal(rows.length, 16)
    for (const [i, pair] of PAIRS.entries()) {
      const found = rows.find(row => `${row.MetricX}${row.MetricY}` === pair)
      t.ok(close(found?.Corr ?? null, expected[i], 12), `${pair} ${found?.Corr} ${expected[i]}`)
    }
    t.ok(rows.filter(row => row.MetricX === row.MetricY).every(row => row.Corr === 1))
    const matrix = rowsOf(await computed(correlation, four(), KEYS, { ...config, output_format: 'matrix' }))
    t.same(
      matrix.flatMap(row => ['A', 'B', 'C', 'D'].map(name => row[name])),
      rows.map(row => row.Corr),
      'the matrix has the same numbers',
    )
  })
}

t.test('without variance, or below two rows, it is null, on the diagonal too', async t => {
  for (const method of ['pearson', 'spearman', 'soft']) {
    // The mean of ten times 0.1 is not 0.1.
    const constant = Array.from({ length: 10 }, () => 0.1)
    const rising = constant.map((_, i) => i)
    const rows = rowsOf(await computed(correlation, xy(constant, rising), KEYS, { method }))
    t.same(
      rows.map(row => row.Corr),
      [null, null, null, 1],
      method,
    )
    t.equal(await coefficient(rising, constant, { method }), null, method)
    t.equal(await coefficient([1, null, 3], [null, 2, 4], { method }), null, 'one common row')
    t.equal(await coefficient([1, 2], [null, null], { method }), null)
    t.same(rowsOf(await computed(correlation, xy([], []), KEYS, { method })), [])
  }
  t.equal(await coefficient([1, 2, 3], [2, 4, 9], { method: 'soft', soft_sign_only: true, soft_recenter: true }), null)
})

t.test('ends of the scale, and numbers of any size', async t => {
  t.equal(await coefficient([1, 2, 3], [-2, -4, -6]), -1)
  t.ok(close(await coefficient([1e-160, 2e-160, 4e-160], [1, 2, 4]), 1, 12))
  t.ok(close(await coefficient([1e150, 2e150, 4e150], [1e150, 2e150, 5e150]), 0.995870594885822, 12))
  t.equal(await coefficient([1, 2, Infinity, 4], [1, 2, 9, 4]), 1, 'an infinity is null')
})

t.test('groups: keys keep their type, null is a group of its own and last', async t => {
  const frame = frameFrom({
    'MIC:str': ['Y', null, 'X', 'Y', null, 'X', 'Y'],
    'ListingId:i64': ['9007199254740993', 1, 2, '9007199254740993', 1, 2, '9007199254740993'],
    P: [1, 1, 1, 2, 2, 2, 4],
    Q: [1, 5, 3, 3, 4, 3, 2],
  })
  const rows = rowsOf(await computed(correlation, frame, ['ListingId'], { group_by: ['MIC'] }))
  t.same(
    rows.filter(row => row.MetricX === 'P' && row.MetricY === 'Q').map(row => [row.MIC, row.Corr]),
    [
      ['X', null],
      ['Y', 0.3273268353539886],
      [null, -1],
    ],
  )
  const exact = await computed(correlation, frame, ['MIC'], { group_by: ['ListingId'] })
  t.equal(exact.columns.get('ListingId')?.values.at(-1), 9007199254740993n)
  const all = rowsOf(await computed(correlation, frame, ['ListingId'], { group_by: [] }))
  t.equal(all.length, 4)
  t.same(Object.keys(all[0]), ['MetricX', 'MetricY', 'Corr'])
})

t.test('law: cuts of the source change nothing, and the order of its rows only the last bits', async t => {
  for (const method of ['pearson', 'spearman', 'soft']) {
    const whole = rowsOf(await computed(correlation, four(), KEYS, { method }))
    t.same(rowsOf(await computed(correlation, four(), KEYS, { method }, 7)), whole)
    const other = rowsOf(await computed(correlation, shuffled(four(), 3), KEYS, { method }))
    t.ok(other.every((row, i) => close(row.Corr, whole[i].Corr, 13) && row.MetricX === whole[i].MetricX))
  }
})

t.test('columns: all numeric ones that name nothing, or those that are listed', async t => {
  const frame = frameFrom({
    'Date:date': [1],
    'ListingId:i64': [1],
    'TimeBucket:ts': [0],
    'InstrumentId:i64': [2],
    'Member:i64': [2],
    'Ticker:str': ['A'],
    'Halted:bool': [0],
    Close: [1],
    'Count:i64': [1],
    'Rank:i32': [1],
  })
  const source = sourceFrom(frame, KEYS, { Member: 'id' })
  const { outline } = planned(correlation, source, { group_by: ['ListingId', 'TimeBucket'] })
  t.same(outline?.reads, [['ListingId', 'TimeBucket', 'Close', 'Count', 'Rank']])
  t.same(outline?.keys, ['ListingId', 'TimeBucket', 'MetricX', 'MetricY'])
  t.same(outline?.rule, source.rule)
  t.equal(
    outline?.columns.some(column => column.hindsight),
    false,
  )
  const listed = planned(correlation, source, { columns: ['Rank', 'Close'], output_format: 'matrix' }).outline
  t.same(
    listed?.columns.map(({ name }) => name),
    ['ListingId', 'MetricX', 'Rank', 'Close'],
  )
  t.equal(listed?.rule, null)
})

t.test('rows are sorted by the bytes of names, columns of the matrix as they are listed', async t => {
  const frame = frameFrom({ 'ListingId:i64': [1, 1], b_two: [1, 2], Z: [2, 1], a: [1, 3] })
  const rows = rowsOf(await computed(correlation, frame, KEYS, { output_format: 'matrix' }))
  t.same(rows, [
    { ListingId: 1, MetricX: 'Z', BTwo: -1, Z: 1, A: -1 },
    { ListingId: 1, MetricX: 'a', BTwo: 1, Z: -1, A: 1 },
    { ListingId: 1, MetricX: 'b_two', BTwo: 1, Z: -1, A: 1 },
  ])
  const pairs = rowsOf(await computed(correlation, frame, KEYS, {}))
  t.same(
    pairs.map(row => `${row.MetricX} ${row.MetricY} ${row.Corr}`),
    ['Z Z 1', 'Z a -1', 'Z b_two -1', 'a Z -1', 'a a 1', 'a b_two 1', 'b_two Z -1', 'b_two a 1', 'b_two b_two 1'],
  )
})

t.test('refuses what cannot be used, all at once', async t => {
  const frame = frameFrom({ 'ListingId:i64': [1], 'Ticker:str': ['A'], Close: [1], close: [1], _5: [1], MetricX: [1] })
  const refused = (config: Record<string, unknown>, reference: { name: string; type: 'str' }[] = []) =>
    planned(correlation, sourceFrom(frame, ['ListingId']), config, reference).refused
  t.same(
    refused({ group_by: ['ListngId', 'SegmentCode'], columns: ['Clos', 'Ticker', 'Close', 'Close'] }, [
      { name: 'SegmentCode', type: 'str' },
    ]),
    [
      "group_by[0]: pass1 has no column 'ListngId'; did you mean 'ListingId'?",
      "group_by[1]: pass1 has no column 'SegmentCode'; only the reference table has it; regroup by 'SegmentCode' in a " +
        'pass of module generic first',
      "columns[3]: 'Close' is named twice",
      "columns[0]: pass1 has no column 'Clos'; did you mean 'Close'?",
      "columns[1]: column 'Ticker' of pass1 is str, not a number",
    ],
  )
  t.same(refused({ columns: ['Close', 'ListingId'] }), [
    "columns[1]: 'ListingId' is in group_by: a group has one value of it",
  ])
  t.same(refused({ columns: ['Close', 'close'], output_format: 'matrix' }), [
    "columns: two output columns would be called 'Close'; leave one of them out",
  ])
  t.same(refused({ columns: ['_5'], output_format: 'matrix' }), [
    "columns[0]: '_5' gives no name of a column that starts with a letter; rename it",
  ])
  t.same(refused({ group_by: ['MetricX'], columns: ['Close'] }), [
    "group_by: two output columns would be called 'MetricX'; leave one of them out",
  ])
  const texts = sourceFrom(frameFrom({ 'ListingId:i64': [1], 'Ticker:str': ['A'] }), ['ListingId'])
  t.same(planned(correlation, texts, {}).refused, [
    'columns: pass1 has no numeric column beside its keys; name a pass that has',
  ])
  for (const config of [{ method: 'kendall' }, { soft_alpha: 0 }, { columns: [] }, { output_format: 'wide' }]) {
    t.throws(() => refused(config), JSON.stringify(config))
  }
})

t.test('options that do not exist yet are refused, those without effect are told', async t => {
  const source = sourceFrom(xy([1], [1]), ['ListingId'])
  const options = [
    { soft_multiresolution: [2] },
    { soft_num_periods_rolling: 2 },
    { soft_cumulative_product: true },
    { soft_cumulative_product_renormalise: 'mean' },
  ]
  for (const option of options) {
    const { refused, outline } = planned(correlation, source, { method: 'soft', ...option })
    t.same(refused, [`${Object.keys(option)[0]}: not available in this version; leave it out`])
    t.equal(outline, null)
  }
  const { warned, outline } = planned(correlation, source, { soft_alpha: 2, soft_recenter: true })
  t.same(warned, [
    'soft_alpha: has no effect with method pearson; set method: soft',
    'soft_recenter: has no effect with method pearson; set method: soft',
  ])
  t.ok(outline)
  t.same(planned(correlation, source, { method: 'soft', soft_alpha: 2 }).warned, [])
})
