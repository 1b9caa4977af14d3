import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { sharedData } from '../io/shared.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// One real day of consolidated-tape trades in a vendor's own columns, against DuckDB: 137,816 rows, many ties.
const root = sharedData('us-equities')
const skip = root ? false : 'the real day is not here: set BASALT_SHARED to the folder that holds data/us-equities'

t.setTimeout(120_000)

const MINUTE = 60_000_000_000n
const CONVENTIONS = [
  { anchor: 'end', closed: 'right', label: 'f + (t > f)::BIGINT * n' },
  { anchor: 'end', closed: 'left', label: 'f + n' },
  { anchor: 'start', closed: 'left', label: 'f' },
  { anchor: 'start', closed: 'right', label: 'f - (t = f)::BIGINT * n' },
]

/** Extended hours, average price, derivatively priced and the like: they count for volume and set no price. */
const UNPRICED = ['2000', '20002020', '20100200', '20102000', '80', '40', '4800']

t.test(
  '1-minute bars of a real day equal those of DuckDB under all four conventions',
  { skip, timeout: 120_000 },
  async t => {
    const passes = CONVENTIONS.map(({ anchor, closed }) => passOf(`${anchor}_${closed}`, anchor, closed, {}))
    const bars = await runConfig(configOf(passes))
    for (const { anchor, closed, label } of CONVENTIONS) {
      const pass = bars.passes.find(({ name }) => name === `${anchor}_${closed}`)!
      compare(t, objectsOf(pass), await barsOf(label, 'true'), `${anchor}/${closed}`)
    }
  },
)

t.test('a condition filter on prices leaves volumes alone', { skip, timeout: 120_000 }, async t => {
  const pass = passOf('bars', 'end', 'right', { price_filter: { Cond: { not: UNPRICED } } })
  const { passes } = await runConfig(configOf([pass]))
  const expected = await barsOf(CONVENTIONS[0].label, `cond NOT IN (${UNPRICED.map(code => `'${code}'`)})`)
  t.ok(expected.some(({ open }) => open === null) && expected.some(({ volume, priced }) => volume !== priced))
  compare(t, objectsOf(passes[0]), expected, 'filtered')
})

function configOf(PASSES: object[]) {
  const listing = { ListingId: 'symbol_id', Ticker: 'symbol' }
  return {
    START_DATE: '2013-10-07',
    END_DATE: '2013-10-07',
    EXECUTION: { workers: 2 },
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: {
          columns: { ...listing, TradeTimestamp: 'ts', Price: 'px_e4', Size: 'qty' },
          price_scale: 0.0001,
          extra: { Cond: 'cond' },
        },
        reference: { path: 'reference.parquet', columns: { ...listing, InstrumentId: 'instrument_id' } },
      },
    },
    PASSES,
  }
}

function passOf(name: string, anchor: string, closed: string, filters: object) {
  return {
    name,
    modules: ['trade'],
    time_bucket_anchor: anchor,
    time_bucket_closed: closed,
    trade_analytics: { ...filters, generic_metrics: [{ measures: ['Count', 'Volume', 'OHLC', 'VWAP'] }] },
  }
}

/** Makes the bars from the vendor's columns, as semantics 2.2 and 5.1 say. `priced` chooses the rows that set prices. */
async function barsOf(label: string, priced: string): Promise<DuckRow[]> {
  const order = 'ORDER BY t, file_row_number'
  const [bars] = await duck(
    [],
    `WITH rows AS (
       SELECT *, epoch_ns(ts) AS t, ${MINUTE} AS n, epoch_ns(ts) // ${MINUTE} * ${MINUTE} AS f, px_e4 / 10000.0 AS p
       FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true))
     SELECT symbol_id AS listing, ${label} AS label, count(*) AS count, sum(qty)::BIGINT AS volume,
       sum(qty) FILTER (${priced})::BIGINT AS priced,
       first(p ${order}) FILTER (${priced}) AS open, max(p) FILTER (${priced}) AS high,
       min(p) FILTER (${priced}) AS low, last(p ${order}) FILTER (${priced}) AS close,
       fsum(p * qty) FILTER (${priced}) / sum(qty) FILTER (${priced}) AS vwap
     FROM rows GROUP BY ALL ORDER BY listing, label`,
  )
  return bars.map(bar => ({ ...bar, label: stampText(bar.label as bigint) }))
}

/** Columns that must be equal, by their names here and there. */
const EXACT = [
  ['ListingId', 'listing'],
  ['TimeBucket', 'label'],
  ['TradeTotalCount', 'count'],
  ['TradeTotalVolume', 'volume'],
  ['Open', 'open'],
  ['High', 'high'],
  ['Low', 'low'],
  ['Close', 'close'],
] as const

function compare(t: Test, actual: ReturnType<typeof objectsOf>, expected: DuckRow[], name: string): void {
  const found = actual.map(row => EXACT.map(([column]) => row[column]).join())
  const wanted = expected.map(row => EXACT.map(([, name]) => row[name]).join())
  t.same(different(found, wanted), [], `${name}: counts, volumes and prices, exactly`)
  const far = actual.filter(({ TradeTotalVWAP }, i) => {
    const { vwap } = expected[i]
    if (vwap === null || TradeTotalVWAP === null) return vwap !== TradeTotalVWAP
    return !(Math.abs((TradeTotalVWAP as number) / (vwap as number) - 1) <= 1e-12)
  })
  t.same(far, [], `${name}: VWAP within 1e-12`)
  t.strictSame(
    [...new Set(actual.map(row => `${row.Ticker} ${row.InstrumentId}`))],
    ['AIG 9001', 'BAC 9002', 'IBM 9003'],
  )
}

/** Lists the first lines that differ: a deep comparison of thousands of rows takes seconds. */
function different(found: string[], wanted: string[]): string[] {
  const lines = found.length > wanted.length ? found : wanted
  return lines.flatMap((_, i) => (found[i] === wanted[i] ? [] : [`${found[i]}, expected ${wanted[i]}`])).slice(0, 5)
}
