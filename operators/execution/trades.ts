import * as z from 'zod'
import { type EntryParameters, family, metric, sum } from '../../lib/core/index.js'
import { pricePlacement } from '../trade/generic.js'
import { AGGRESSOR_SIDES, TRADE_TYPES } from './settings.js'

export const tradeBreakdown = family({
  module: 'execution_trades',
  name: 'trade_breakdown',
  doc: 'quantity, average price and price placement of lit and dark trades, by who took',
  axes: [
    { field: 'trade_types', parameter: 'type' },
    { field: 'aggressor_sides', parameter: 'side' },
    { field: 'measures', parameter: 'measure' },
  ],
  pick: 'measures',
  fields: measures => ({
    trade_types: z
      .array(z.enum(TRADE_TYPES))
      .min(1)
      .default([...TRADE_TYPES])
      .describe('BMLLTradeType of the trades'),
    aggressor_sides: z
      .array(z.enum(AGGRESSOR_SIDES))
      .min(1)
      .default([...AGGRESSOR_SIDES])
      .describe('who took; Unknown is side 0 or none'),
    measures: z.array(z.enum(measures)).min(1).describe('what to compute; VWPP is VolumeWeightedPricePlacement'),
  }),
  example: { measures: ['Volume', 'VWAP'] },
})

const SHARED = { module: 'execution_trades', family: 'trade_breakdown' } as const

/** Names a measure of trades of a type by who took: LitVolumeBuyAggressor. */
const named =
  (measure: string) =>
  ({ type, side }: EntryParameters) =>
    `${type === 'LIT' ? 'Lit' : 'Dark'}${measure}${side}Aggressor`

export const brokenDownVolume = metric({
  ...SHARED,
  pick: 'Volume',
  name: named('Volume'),
  unit: 'shares',
  doc: 'quantity of trades of a type and aggressor, of every classification',
  formula: 'Σq over rows with BMLLTradeType = LIT, DARK',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ volume: sum('Size') }),
})

export const brokenDownVwap = metric({
  ...SHARED,
  pick: 'VWAP',
  name: named('VWAP'),
  unit: 'local currency',
  doc: 'volume-weighted average price of trades of a type and aggressor, of every classification',
  formula: 'Σpq / Σq over rows with BMLLTradeType = LIT, DARK',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({ notional: sum('LocalNotional'), volume: sum('Size') }),
  value: ({ notional, volume }) => notional / volume,
})

export const brokenDownPlacement = metric({
  ...SHARED,
  pick: 'VWPP',
  name: named('VolumeWeightedPricePlacement'),
  unit: pricePlacement.unit,
  doc: `${pricePlacement.doc}; of trades of a type and aggressor`,
  formula: pricePlacement.formula,
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: pricePlacement.uses,
  value: pricePlacement.value,
})
