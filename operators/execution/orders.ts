import * as z from 'zod'
import { eq, family, metric, mul, notNull, sum } from '../../lib/core/index.js'

const SIDES = ['Bid', 'Ask'] as const

export const executedOrders = family({
  module: 'execution',
  name: 'l3_execution',
  doc: 'quantity and average price at which resting orders were executed, by their side',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'measures', parameter: 'measure' },
  ],
  pick: 'measures',
  fields: measures => ({
    sides: z
      .array(z.enum(SIDES))
      .min(1)
      .default([...SIDES])
      .describe('side of the resting order'),
    measures: z.array(z.enum(measures)).min(1).describe('what to compute'),
  }),
  example: { measures: ['ExecutedVolume', 'VWAP'] },
})

export const executedVolume = metric({
  module: 'execution',
  family: 'l3_execution',
  pick: 'ExecutedVolume',
  name: 'ExecutedVolume{Side}',
  unit: 'shares',
  doc: 'executed quantity of resting orders of a side, whatever the action of the message',
  formula: 'Σ ExecutionSize over rows with ExecutionSize > 0',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ volume: sum('ExecutionSize') }),
})

export const executedVwap = metric({
  module: 'execution',
  family: 'l3_execution',
  pick: 'VWAP',
  name: 'Vwap{Side}',
  unit: 'local currency',
  doc: 'average price at which resting orders of a side were executed, weighted by quantity; executions without a price are left out',
  formula: 'Σ ExecutionPrice·ExecutionSize / Σ ExecutionSize',
  merge: 'R',
  empty: 'null',
  uses: () => ({
    notional: sum(mul('ExecutionPrice', 'ExecutionSize')),
    volume: sum('ExecutionSize', notNull('ExecutionPrice')),
  }),
  value: ({ notional, volume }) => notional / volume,
})

export const derivedExecutions = family({
  module: 'execution',
  name: 'derived_metrics',
  doc: 'what executions of both sides tell together',
  axes: [{ field: 'variant', parameter: 'variant' }],
  pick: 'variant',
  fields: variants => ({ variant: z.array(z.enum(variants)).min(1).describe('what to compute') }),
  example: { variant: ['TradeImbalance'] },
})

export const tradeImbalance = metric({
  module: 'execution',
  family: 'derived_metrics',
  pick: 'TradeImbalance',
  name: 'TradeImbalance',
  unit: '-1…1',
  doc: 'quantity executed on the ask, bought by aggressors, less that on the bid, over both; null without executions',
  formula: '(ExecutedVolumeAsk - ExecutedVolumeBid) / (ExecutedVolumeAsk + ExecutedVolumeBid)',
  merge: 'R',
  empty: 'null',
  uses: () => ({ bid: sum('ExecutionSize', eq('Side', 1)), ask: sum('ExecutionSize', eq('Side', 2)) }),
  value: ({ bid, ask }) => (ask - bid) / (ask + bid),
})
