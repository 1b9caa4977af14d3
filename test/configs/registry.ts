import { z } from 'zod'
import { family, metric, module, Registry, sum, TRUE, table } from '../../lib/core/index.js'

/** A small pack: what these tests need of the real one, and nothing that changes with it. */
const SIDES = ['Total', 'Bid', 'Ask', 'Unknown'] as const

const trades = table({
  name: 'trades',
  doc: 'trades',
  columns: [
    { name: 'Price', kind: 'f64', doc: 'price', scale: 'price' },
    { name: 'Size', kind: 'f64', doc: 'quantity', scale: 'size' },
    { name: 'TradeTimestamp', kind: 'time', doc: 'time of the trade' },
    { name: 'Classification', kind: 'str', doc: 'class' },
  ],
  time: ['TradeTimestamp'],
  derived: {},
  bmll: { folder: 'Trades-Plus', prefix: 'trades-plus-' },
})

const rules = { defaults: () => [], rows: () => TRUE, where: () => TRUE, excluded: () => [] }

const trade = module({
  ...rules,
  name: 'trade',
  doc: 'trade metrics',
  table: 'trades',
  block: 'trade_analytics',
  settings: {
    annualisation_seconds: z.number().positive().default(21_772_800).describe('seconds of a year'),
    classify: z.enum(['none', 'quote', 'tick']).default('none').describe('how sides are guessed'),
  },
})

const retail = module({
  ...rules,
  name: 'retail_imbalance',
  doc: 'retail flow',
  table: 'trades',
  block: 'trade_analytics',
  settings: { retail_imbalance: z.strictObject({ weight: z.string().default('NotionalEUR') }).prefault({}) },
})

const generic = family({
  module: 'trade',
  name: 'generic_metrics',
  doc: 'volumes and prices',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'measures', parameter: 'measure' },
  ],
  pick: 'measures',
  fields: choices => ({
    sides: z.array(z.enum(SIDES)).min(1).default(['Total']).describe('sides'),
    measures: z.array(z.enum(choices)).min(1).describe('what to compute'),
  }),
  example: { measures: ['VWAP'] },
})

const impact = family({
  module: 'trade',
  name: 'impact_metrics',
  doc: 'spreads',
  axes: [{ field: 'variant', parameter: 'variant' }],
  pick: 'variant',
  fields: choices => ({ variant: z.array(z.enum(choices)), with_counts: z.boolean().default(false) }),
  example: { variant: ['EffectiveSpread'] },
})

const made = (familyName: string, pick: string) =>
  metric({
    module: 'trade',
    family: familyName,
    pick,
    name: pick,
    unit: '1',
    doc: pick,
    formula: pick,
    merge: 'S',
    empty: 'zero',
    uses: () => ({ value: sum('Size') }),
  })

/** Makes a registry of one table, two modules that share a block, and two families. */
export function fixtureRegistry(): Registry {
  const picks = ['VWAP', 'Volume', 'Count', 'OHLC'].map(pick => made('generic_metrics', pick))
  const metrics = Object.fromEntries([...picks, made('impact_metrics', 'EffectiveSpread')].map(each => [each.id, each]))
  return new Registry().add({ trades, trade, retail, generic, impact, ...metrics }, 'fixture')
}
