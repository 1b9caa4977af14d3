import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { loadPacks } from '../../lib/exec/packs.js'
import { BUILT_IN } from '../../lib/prepare.js'
import { writeSample } from '../../lib/sample/write.js'
import type { SimulatedTable } from '../../operators/simulation/desk.js'
import { folderFor } from '../exec/folder.js'
import { type Row, rowsOf } from './rows.js'

// What a module makes of rows in some market states is what it makes of a table that has no others.
t.setTimeout(300_000)

const STATES = ['OPENING_AUCTION', 'CLOSING_AUCTION', 'INTRADAY_AUCTION']
const BASE = { base_filter: { MarketState: STATES } }

interface Case {
  /** The block of the module as it asks for the states, and as it does not. */
  filtered: Record<string, unknown>
  plain: Record<string, unknown>
  block: string
  table: SimulatedTable
  /** Columns that tell the rows of both apart. */
  keys?: string[]
}

const entry = (fields: object) => [{ ...fields, market_states: STATES }]

/** By module: what asks for market states. Those of which a state also ends something have golden cases instead. */
const CASES: Record<string, Case | string> = {
  trade: {
    block: 'trade_analytics',
    table: 'trades',
    filtered: { base_filter: {}, generic_metrics: entry({ sides: ['Total', 'Bid'], measures: ['Volume', 'OHLC'] }) },
    plain: { base_filter: {}, generic_metrics: [{ sides: ['Total', 'Bid'], measures: ['Volume', 'OHLC'] }] },
  },
  retail_imbalance: {
    block: 'trade_analytics',
    table: 'trades',
    filtered: { market_states: STATES, retail_imbalance: { weight: 'Size' } },
    plain: { retail_imbalance: { weight: 'Size' } },
  },
  trade_characteristics: {
    block: 'trade_characteristics_analytics',
    table: 'trades',
    filtered: { market_states: STATES },
    plain: {},
  },
  bars: {
    block: 'bars_analytics',
    table: 'trades',
    filtered: { type: 'tick', threshold: 3, ...BASE },
    plain: { type: 'tick', threshold: 3, base_filter: {} },
    keys: ['Date', 'ListingId', 'BarIndex'],
  },
  aggressive_preprocess: {
    block: 'aggressive_preprocess',
    table: 'trades',
    filtered: BASE,
    plain: {},
    keys: ['Date', 'ListingId', 'EventTime', 'AggressorSide'],
  },
  l2: {
    block: 'l2_analytics',
    table: 'l2',
    filtered: { market_states: STATES, levels: 2, ohlc: [{ source: 'Bid' }], spreads: [{}] },
    plain: { levels: 2, ohlc: [{ source: 'Bid' }], spreads: [{}] },
  },
  l2tw: 'l2-market-states',
  l3: {
    block: 'l3_analytics',
    table: 'l3',
    filtered: {
      generic_metrics: entry({ sides: ['Bid', 'Total'], actions: ['Insert', 'Cancel'], measures: ['Count', 'Volume'] }),
    },
    plain: {
      generic_metrics: [{ sides: ['Bid', 'Total'], actions: ['Insert', 'Cancel'], measures: ['Count', 'Volume'] }],
    },
  },
  iceberg: 'market-states-iceberg', // the sample has none
  execution: {
    block: 'execution_analytics',
    table: 'l3',
    filtered: { l3_execution: entry({ sides: ['Bid', 'Ask'], measures: ['ExecutedVolume', 'VWAP'] }) },
    plain: { l3_execution: [{ sides: ['Bid', 'Ask'], measures: ['ExecutedVolume', 'VWAP'] }] },
  },
  l3_characteristics: {
    block: 'l3_characteristics_analytics',
    table: 'l3',
    filtered: { market_states: STATES, items: ['L3EventCount', 'L3ExecutionCount'] },
    plain: { items: ['L3EventCount', 'L3ExecutionCount'] },
  },
  l3_book: 'w24-book-named',
  imbalance: { block: 'imbalance_analytics', table: 'imbalance', filtered: { market_states: STATES }, plain: {} },
}

t.test('every module over rows that have a market state can be asked for some of them', async t => {
  const registry = await loadPacks([BUILT_IN])
  const stated = registry
    .allModules()
    .flatMap(module => (module.kind === 'module' ? module : []))
    .filter(({ table }) => registry.get('tables', table).columns.some(({ name }) => name === 'MarketState'))
  // Modules that others add are asked through their block.
  const named = stated.map(({ name }) => name).filter(name => !['l2_trades', 'execution_trades'].includes(name))
  t.strictSame(named.sort(), Object.keys(CASES).sort())
})

t.test('metrics of some market states are those of a table without others', async t => {
  const root = folderFor(t)
  const tables = ['reference', 'trades', 'l2', 'l3', 'imbalance'] as const
  await writeSample({ out: root, tables: [...tables], listings: 4, trades: 600, days: 1, seed: 7 })
  for (const [name, each] of Object.entries(CASES)) {
    if (typeof each === 'string') continue
    const { block, table, filtered, plain, keys = ['Date', 'ListingId', 'TimeBucket'] } = each
    const run = async (settings: object, filter: object) => {
      const config = {
        START_DATE: '2026-02-03',
        END_DATE: '2026-02-03',
        DATA: { root, layout: 'hive', tables: { reference: {}, [table]: { filter } } },
        PASSES: [{ name: 'rows', modules: [name], time_bucket_seconds: 3600, [block]: settings }],
      }
      return byKey(await rowsOf(basalt(config).stream()), keys)
    }
    const expected = await run(plain, { MarketState: STATES })
    const found = await run(filtered, {})
    const all = await run(plain, {})
    t.strictSame(new Map([...found].filter(([key]) => expected.has(key))), expected, name)
    for (const [key, row] of found)
      if (!expected.has(key)) t.ok(isEmpty(row), `${name} ${key}: nothing of other states`)
    t.ok(all.size > 0, `${name}: ${all.size} rows`)
    t.notSame(found, all, `${name}: others are left out`)
  }
})

/** What rows say beside the state of their last row, by their keys. */
const byKey = (rows: Row[], keys: string[]): Map<string, Row> =>
  new Map(rows.map(({ MarketState: _, ...row }) => [keys.map(key => String(row[key])).join(' '), row]))

/** Tells whether a row has no value beside those that name it: nothing but nulls and zeros. */
const isEmpty = (row: Row): boolean =>
  Object.entries(row).every(([name, value]) => NAMES.includes(name) || value === null || Number(value) === 0)

const NAMES = ['Date', 'ListingId', 'TimeBucket', 'InstrumentId', 'MIC', 'Ticker', 'CurrencyCode']
