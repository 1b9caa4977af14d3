import t from 'tap'
import {
  byParameters,
  type EntryParameters,
  type Family,
  fillName,
  type Metric,
  Registry,
} from '../../lib/core/index.js'
import * as bars from '../../operators/bars/index.js'
import * as executions from '../../operators/execution/index.js'
import * as icebergs from '../../operators/iceberg/index.js'
import * as auctions from '../../operators/imbalance/index.js'
import * as pack from '../../operators/index.js'
import * as kernels from '../../operators/kernels/index.js'
import * as orders from '../../operators/l3/index.js'
import * as orderKinds from '../../operators/l3-characteristics/index.js'
import * as metrics from '../../operators/trade/index.js'
import * as transforms from '../../operators/transforms/index.js'
import { offerOf } from './trade/evaluate.js'

const registry = new Registry().add(pack, 'built-in')

/** Entries that reach every branch of a family's metrics, beside what its example gives. */
const VARIATIONS: Record<string, EntryParameters[]> = {
  generic_metrics: [{ side: 'Total' }, { side: 'Bid' }],
  discrepancy_metrics: [
    { reference: 'EBBO', side: 'Total' },
    { reference: 'BestBid', side: 'Ask', signed: true },
  ],
  flag_metrics: [
    { flag: 'BlockTrade', side: 'Total' },
    { flag: 'OTCTrade', side: 'Unknown' },
  ],
  change_metrics: [{ scope: 'Local' }, { scope: 'Primary' }],
  impact_metrics: ['price', 'bps'].flatMap(unit =>
    ['equal', 'share', 'notional'].map(weighting => ({
      horizon: weighting === 'equal' ? null : '5s',
      reference_price_col: 'PreTradeMid',
      mid_source: 'ebbo',
      with_counts: true,
      unit,
      weighting,
    })),
  ),
  microstructure_metrics: [{}],
  retail_metrics: [{}],
  liquidity: [{ side: 'Bid', level: 3 }],
  imbalances: [{ level: 2 }],
  volatility: [{ subsample_seconds: 5, second_level_window_seconds: 30, window_aggregation: 'TWStd' }],
  'iceberg.metrics': [{ side: 'Total' }],
  'execution.l3_execution': [{ side: 'Ask' }],
  'execution_trades.trade_breakdown': [{ type: 'LIT', side: 'Buy' }],
  'imbalance.announcements': [{ measure: 'PairedQuantity' }, { measure: 'SignedImbalance' }],
  'l3.generic_metrics': [{ side: 'Bid', action: 'Update', measure: 'Volume' }],
}

/** Parameters without which single variants refuse to be planned. */
const NEEDED: Record<string, EntryParameters> = {
  Vpin: { bucket_volume: 1000 },
  Resiliency: { seconds: 0.5 },
  CostToTradeBuy: { size: 200 },
  CostToTradeSell: { size: 200 },
  RoundTripCost: { size: 0.5 },
  ...Object.fromEntries(
    ['Depth', 'DepthNotional'].flatMap(measure =>
      ['Bid', 'Ask', 'Total'].map(side => [`${measure}${side}`, { within_bps: 2.5 }]),
    ),
  ),
  DepthWeightedMid: { levels: 5 },
  BookSlope: { levels: 10 },
}

/** Aggregations that tell the modules of one block apart. */
const AGGREGATION: Record<string, EntryParameters> = { l2: { aggregation: 'Last' }, l2tw: { aggregation: 'TWA' } }

/** What the table of a metric's module offers, all columns being there. */
function offered({ module }: Metric) {
  const { table } = registry.get('modules', module)
  const { columns, always = [] } = registry.get('tables', table)
  const names = new Set([...columns.map(({ name }) => name), ...always])
  return offerOf([], { bucketSeconds: 3600, modules: ['l2', 'l2tw', 'trade'], has: name => names.has(name) })
}

function requestsOf(metric: Metric): EntryParameters[] {
  const family = registry.families.get(`${metric.module}.${metric.family}`) as Family
  const parameter = family.axes.find(({ field }) => field === family.pick)?.parameter as string
  return (VARIATIONS[`${metric.module}.${metric.family}`] ?? VARIATIONS[metric.family] ?? [{}]).map(each => ({
    ...each,
    ...NEEDED[metric.pick],
    ...AGGREGATION[metric.module],
    [parameter]: metric.pick,
  }))
}

const nameOf = ({ name }: Metric, parameters: EntryParameters) =>
  typeof name === 'function' ? name(parameters) : fillName(name, parameters)

t.test('what the parts export is in the pack, and nothing hides anything', async t => {
  for (const part of [auctions, bars, executions, icebergs, kernels, metrics, orderKinds, orders, transforms]) {
    for (const [name, value] of Object.entries(part)) t.equal((pack as Record<string, unknown>)[name], value, name)
  }
  for (const name of ['trades', 'marketstate', 'reference']) t.ok(registry.tables.has(name), name)
  for (const name of [
    'trade',
    'retail_imbalance',
    'bars',
    'l3',
    'iceberg',
    'l3_characteristics',
    'execution',
    'imbalance',
  ])
    t.ok(registry.modules.has(name), name)
})

for (const metric of registry.metrics.values()) {
  t.test(metric.id, async t => {
    t.match(metric.doc, /^\S.{8,}/)
    t.ok(metric.formula.length > 0)
    t.ok(['S', 'N', 'O', 'R', 'M', 'V', 'T', '–'].includes(metric.merge))
    t.ok(registry.families.has(`${metric.module}.${metric.family}`), 'its family is registered')
    for (const parameters of requestsOf(metric)) {
      t.match(nameOf(metric, parameters), /^[A-Z][A-Za-z0-9]*$/)
      t.ok(typeof metric.unit === 'function' ? metric.unit(parameters) : metric.unit)
      const uses = Object.values(metric.uses(parameters, offered(metric)))
      t.ok(uses.length > 0)
      if (!metric.value) t.equal(uses.length, 1, 'without value() there is one fold')
      for (const { kernel: name, inputs } of uses) {
        const kernel = registry.get('kernels', name)
        const wanted = kernel.kind === 'kernel' ? Number(kernel.input !== 'none') : kernel.inputs.length
        t.equal(inputs.length, wanted, `inputs of ${name}`)
      }
      if (metric.ownClass) t.ok(metric.ownClass(parameters, offerOf([])))
    }
  })
}

t.test('columns of sequence kernels are described', async t => {
  const kernels = [...registry.kernels.values()].flatMap(kernel => (kernel.kind === 'sequence' ? [kernel] : []))
  t.same(kernels.map(({ name }) => name).sort(), [
    'aggressive_executions',
    'aggressive_orders',
    'bars',
    'l3_book',
    'l3_executions',
    'snapshots',
    'standing_quotes',
    'tagged_trades',
    'tick_directions',
  ])
  for (const kernel of kernels) {
    const [columns, inputs] = [byParameters(kernel.columns), byParameters(kernel.inputs)]
    t.ok(columns.some(({ name, type, leads }) => name === 'TimeBucket' && type === 'ts' && leads))
    for (const { name, type, doc, formula, unit, merge, nullRule } of columns) {
      t.match(name, /^[A-Z][A-Za-z0-9]*$/)
      t.match(doc, /^\S.{8,}/, name)
      t.ok(formula && unit && nullRule, name)
      t.ok(['S', 'N', 'O', 'R', 'M', 'V', 'T', '–', 'key'].includes(merge), name)
      if (typeof type !== 'string') t.ok(inputs.includes(type.of), name)
    }
  }
})

t.test('no two requests share an output name, but for a dividend and its divisor', async t => {
  const divisors = [...registry.metrics.values()].flatMap(({ dividedBy }) => dividedBy ?? [])
  const names = [...registry.metrics.values()].flatMap(metric => {
    if (divisors.includes(metric.id)) return []
    return requestsOf(metric).map(parameters => nameOf(metric, parameters))
  })
  t.equal(new Set(names).size, names.length)
})

t.test('a divisor is a metric of another table, and has the name of its dividend', async t => {
  for (const metric of registry.metrics.values()) {
    if (!metric.dividedBy) continue
    const divisor = registry.get('metrics', metric.dividedBy)
    const tableOf = ({ module }: Metric) => registry.get('modules', module).table
    t.not(tableOf(divisor), tableOf(metric))
    t.ok(metric.value && divisor.value)
    t.same(
      requestsOf(divisor).map(each => nameOf(divisor, each)),
      requestsOf(metric).map(each => nameOf(metric, each)),
    )
  }
})

t.test('picks of a family follow from what is exported', async t => {
  t.same(registry.picksOf('trade', 'discrepancy_metrics').sort(), [
    'First',
    'Last',
    'Max',
    'Mean',
    'Median',
    'Min',
    'Std',
    'Sum',
  ])
  t.same(registry.picksOf('trade', 'impact_metrics').sort(), ['EffectiveSpread', 'PriceImpact', 'RealizedSpread'])
  t.equal(registry.picksOf('trade', 'microstructure_metrics').length, 44)
})
