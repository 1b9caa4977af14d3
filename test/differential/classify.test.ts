import t from 'tap'
import { type DuckRow, duck } from '../support/duck.js'
import { type Cell, objectsOf, type PassRows, type RunRows, runConfig } from '../support/run.js'
import { DAYS, ORDERS, seenSql, writeTradesAndQuotes } from './trades-and-quotes.js'

// Sides of trades found by rules, and quotes of table l2 at trades, against DuckDB.
t.setTimeout(240_000)

const REFERENCES = {
  BestBid: 'b',
  BestAsk: 'a',
  BestBidAtVenue: 'b',
  MidPrice: 'm',
  PreTradeMid: 'm',
  WeightedMid: 'w',
}
const SIDES = { Bid: '= -1', Ask: '= 1', Unknown: '= 0' }

const analytics = (classify: string, tolerance_seconds: number | null) => ({
  classify,
  tolerance_seconds,
  generic_metrics: [
    { measures: ['Volume', 'Count'], sides: ['Bid', 'Ask', 'Unknown'] },
    { measures: 'VWAP', sides: 'Ask' },
    { measures: 'OHLC', sides: 'Bid' },
  ],
  flag_metrics: [{ flags: 'AuctionTrade', measures: 'Volume', sides: ['Bid', 'Ask', 'Unknown'] }],
  discrepancy_metrics: [
    { references: Object.keys(REFERENCES) },
    { references: 'BestAsk', signed: true, sides: ['Ask'], aggregations: 'Max' },
  ],
  impact_metrics: [
    { variant: 'EffectiveSpread', with_counts: true },
    { variant: 'EffectiveSpread', reference_price_col: 'WeightedMidPrice', output_name_pattern: 'WeightedEffective' },
  ],
  microstructure_metrics: [
    {
      variant: [
        'TradeFlowImbalance',
        ...['AtBid', 'AtMid', 'AtAsk', 'Inside', 'Outside'].map(place => `Trade${place}Share`),
        'EffectiveOverQuoted',
        'PriceImprovement',
        'PriceImprovementBps',
      ],
    },
  ],
  enable_retail_imbalance: true,
  retail_imbalance: { weight: 'Size' },
})

const config = (root: string, tolerance: number | null, execution = {}) => ({
  START_DATE: DAYS[0],
  END_DATE: DAYS[1],
  DATA: { root, layout: 'hive' },
  EXECUTION: execution,
  PASSES: (['none', 'quote', 'tick'] as const).map(classify => ({
    name: classify,
    modules: ['trade'],
    trade_analytics: analytics(classify, tolerance),
  })),
})

/** Expected columns over `seen`, by name. */
function expected(): Record<string, string> {
  const base = (sql: string, where = 'true') => `${sql} FILTER (base AND ${where})`
  const quoted = 'a IS NOT NULL'
  const known = `side <> 0 AND ${quoted}`
  const share = (where: string) => `${base('sum(z)', `${quoted} AND ${where}`)} / ${base('sum(z)', quoted)}`
  const zero = (sql: string) => `coalesce(${sql}, 0)`
  const improvement = 'CASE side WHEN 1 THEN a - p ELSE p - b END'
  return {
    ...Object.fromEntries(
      Object.entries(SIDES).flatMap(([side, is]) => [
        [`Trade${side}Volume`, zero(base('sum(z)', `side ${is}`))],
        [`Trade${side}Count`, base('count(*)', `side ${is}`)],
        [`AuctionTradeVolume${side}`, zero(`sum(z) FILTER (class = 'LIT_AUCTION' AND side ${is})`)],
      ]),
    ),
    TradeAskVWAP: `${base('sum(p * z)', 'side = 1')} / ${base('sum(z)', 'side = 1')}`,
    TradeBidOpen: base('arg_min(p, o)', 'side = -1'),
    TradeBidClose: base('arg_max(p, o)', 'side = -1'),
    ...Object.fromEntries(
      Object.entries(REFERENCES).map(([name, ref]) => [
        `DiscrepancyTo${name}`,
        base(`avg(1e4 * (p - ${ref}) / ${ref})`),
      ]),
    ),
    SignedDiscrepancyToBestAskAskMax: base('max(1e4 * (p - a) / a)', 'side = 1'),
    EffectiveSpread: base('avg(2 * side * (p - m))', known),
    EffectiveSpreadUnknownSideCount: base('count(*)', `side = 0 AND ${quoted}`),
    WeightedEffective: base('avg(2 * side * (p - w))', 'side <> 0 AND w IS NOT NULL'),
    TradeFlowImbalance: `${base('sum(side * z)')} / nullif(${base('sum(z)', 'side <> 0')}, 0)`,
    TradeAtBidShare: share('p = b'),
    TradeAtMidShare: share('abs(2 * p - a - b) <= 1e-9 * a'),
    TradeAtAskShare: share('p = a'),
    TradeInsideShare: share('p > b AND p < a'),
    TradeOutsideShare: share('(p < b OR p > a)'),
    EffectiveOverQuoted: `${base('sum(2 * side * (p - m) * z)', known)} / nullif(${base('sum((a - b) * z)', known)}, 0)`,
    PriceImprovement: base(`avg(${improvement})`, known),
    PriceImprovementBps: base(`avg(1e4 * (${improvement}) / m)`, known),
    RetailTradeImbalance: `sum(side * z) FILTER (retail AND side <> 0) / nullif(sum(z) FILTER (retail AND side <> 0), 0)`,
  }
}

/** Shares that add up are zero where nothing matched in SQL, too. */
const COLUMNS = Object.fromEntries(
  Object.entries(expected()).map(([name, sql]) => [
    name,
    name.endsWith('Share') ? `CASE WHEN sum(z) FILTER (base AND a IS NOT NULL) > 0 THEN coalesce(${sql}, 0) END` : sql,
  ]),
)

const sqlOf = (root: string, classify: 'none' | 'quote' | 'tick', tolerance: number | null) =>
  `${seenSql(root, classify, tolerance === null ? null : tolerance * 1e9)}
  SELECT d, l::VARCHAR AS l, label, ${Object.entries(COLUMNS)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(', ')}
  FROM seen GROUP BY d, l, label HAVING bool_or(base) OR bool_or(class = 'LIT_AUCTION') OR bool_or(retail)`

const rowsOf = ({ passes }: RunRows, name: string) => objectsOf(passes.find(pass => pass.name === name) as PassRows)

const isClose = (a: Cell, b: DuckRow[string]): boolean =>
  a === null || b === null ? a === b : Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(1, Math.abs(Number(b)))

const labelOf = (text: unknown): string => String(BigInt(Date.parse(String(text).replace(/\.\d+Z$/, 'Z'))) * 1_000_000n)

const SHAPES = [
  { workers: 1 },
  { workers: 2, batch_rows: 100 },
  { workers: 2, memory_budget: '300KB', spill: 'always' },
]

for (const tolerance of [null, 1.5]) {
  t.test(`classified sides and quotes at trades equal SQL, tolerance ${tolerance}`, async t => {
    for (const order of ORDERS) {
      const root = t.testdir({})
      await writeTradesAndQuotes(root, order)
      const runs = []
      for (const shape of tolerance === null ? SHAPES : [SHAPES[1]])
        runs.push(await runConfig(config(root, tolerance, shape)))
      for (const classify of ['none', 'quote', 'tick'] as const) {
        const [sql] = await duck([], sqlOf(root, classify, tolerance))
        const byKey = new Map(sql.map(row => [`${row.d} ${row.l} ${row.label}`, row]))
        const found = rowsOf(runs[0], classify)
        for (const run of runs.slice(1))
          t.same(rowsOf(run, classify), found, `${order} ${classify}: another shape of run`)
        t.equal(found.length, sql.length, `${order} ${classify}: rows`)
        const wrong = found.flatMap(row => {
          const other = byKey.get(`${row.Date} ${row.ListingId} ${labelOf(row.TimeBucket)}`)
          return Object.keys(COLUMNS)
            .filter(name => !other || !isClose(row[name], other[name]))
            .map(name => `${row.Date} ${row.ListingId} ${row.TimeBucket} ${name}: ${row[name]}, not ${other?.[name]}`)
        })
        t.same(wrong.slice(0, 5), [], `${order} ${classify}: every bucket`)
      }
    }
  })
}

t.test('the run says which share of trades a rule gave their side', async t => {
  const root = t.testdir({})
  await writeTradesAndQuotes(root, 'any')
  const { said } = await runConfig(config(root, null))
  for (const [classify, rules] of Object.entries({
    quote: { 'quote before them': 'm IS NOT NULL AND p <> m', 'tick rule': 'm IS NULL OR p = m' },
    tick: { 'tick rule': 'true' },
  })) {
    for (const [rule, where] of Object.entries(rules)) {
      const sql = `${seenSql(root, classify as 'quote', null)}
        SELECT count(*) FILTER (told = 0 AND side <> 0 AND (${where}))::VARCHAR AS rows, count(*)::VARCHAR AS of FROM seen WHERE base`
      const [[{ rows, of }]] = await duck([], sql)
      const line = `trades have their side from the ${rule}: ${rows} of ${of}`
      t.ok(said.includes(line), line)
      t.ok(Number(rows) > 100)
    }
  }
})
