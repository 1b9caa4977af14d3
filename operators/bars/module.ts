import * as z from 'zod'
import { and, type Expr, gt, notNull, type Offer, sequenceModule } from '../../lib/core/index.js'
import { baseFilter, excludedRows, refusedRows, singleCurrency } from '../trade/module.js'
import { BAR_TYPES } from './closing.js'

/** Trades that make bars: those with a size and a price, of the base filter in force. */
const barRows = (offer: Offer): Expr => and(gt('Size', 0), notNull('LocalPrice'), baseFilter(offer))

export const bars = sequenceModule({
  name: 'bars',
  doc: 'bars that close by number of trades, volume, notional or order imbalance instead of time',
  table: 'trades',
  block: 'bars_analytics',
  settings: ({ filterMap }) => ({
    type: z
      .enum(BAR_TYPES)
      .describe('what is accumulated: trades (tick), Σq (volume), Σp·q (notional), |ΣD·q| (imbalance)'),
    threshold: z
      .number()
      .positive()
      .max(Number.MAX_SAFE_INTEGER)
      .describe('a bar closes with the trade that reaches it; trades are not split'),
    base_filter: z
      .nullish(filterMap as z.ZodType)
      .describe('trades that count; default LIT_CONTINUOUS where Classification is mapped; {} = all'),
  }),
  rows: barRows,
  sequence: {
    kernel: 'bars',
    inputs: ({ config, has }) => {
      const signed = has('AggressorSide') ? 'Direction' : 'AggressorSide' // without sides, that column is what is missing
      const names = ['LocalPrice', 'Size', ...(config.type === 'imbalance' ? [signed] : [])]
      return names.map(name => ({ op: 'col', name }))
    },
    parameters: ({ config }) => ({ type: config.type, threshold: config.threshold }),
  },
  excluded: excludedRows,
  refused: refusedRows,
  single: singleCurrency,
  notes: ({ has, config }) =>
    has('Classification') || config.base_filter ? [] : ['Classification is not mapped, so every trade counts'],
})
