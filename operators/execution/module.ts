import { and, isIn, isNull, module, type Offer, TRUE } from '../../lib/core/index.js'
import { execution, type OrderSide, ofSide } from '../l3/rows.js'
import { eligibleTrades, ineligibleTrades, refusedRows, singleCurrency } from '../trade/module.js'
import { AGGRESSOR_SIDES, aggressorRows, isAsked, type Requests, TRADE_TYPES } from './settings.js'

/** Executions of order messages; what trades tell is computed by the module that it adds. */
export const orderExecutions = module({
  name: 'execution',
  doc: 'executions: of resting orders by side (order messages), and of trades by type and aggressor',
  table: 'l3',
  block: 'execution_analytics',
  settings: {},
  defaults: ({ config, has }) => {
    if (isAsked(config)) return []
    const measures = ['ExecutedVolume', ...(has('ExecutionPrice') ? ['VWAP'] : [])]
    return [
      { family: 'l3_execution', entry: { sides: ['Bid', 'Ask'], measures } },
      { family: 'derived_metrics', entry: { variant: ['TradeImbalance'] } },
    ]
  },
  rows: () => TRUE,
  where: (_, { side }) => and(execution(), side ? ofSide(side as OrderSide) : and()),
  excluded: () => [
    {
      name: 'executions without a price, of VWAP',
      where: and(execution(), isNull('ExecutionPrice')),
      needs: ['ExecutionPrice'],
    },
  ],
  adds: (config: Requests) => (!isAsked(config) || config.trade_breakdown?.length ? ['execution_trades'] : []),
})

/** The part of module execution that trades tell. */
export const tradeExecutions = module({
  name: 'execution_trades',
  doc: 'trades by type and aggressor; part of module execution, which adds it',
  table: 'trades',
  block: 'execution_analytics',
  settings: {},
  defaults: ({ config, has }) => {
    if (isAsked(config) || !has('BMLLTradeType')) return []
    const measures = ['Volume', 'VWAP', ...(has('PricePoint') ? ['VWPP'] : [])]
    const sides = has('AggressorSide') ? [...AGGRESSOR_SIDES] : ['Unknown']
    return [{ family: 'trade_breakdown', entry: { trade_types: [...TRADE_TYPES], aggressor_sides: sides, measures } }]
  },
  rows: () => eligibleTrades('volume'),
  where: ({ filter }, { type, side }, offer) =>
    and(eligibleTrades(filter ?? 'volume'), isIn('BMLLTradeType', [type]), aggressorRows(side, offer)),
  excluded: ineligibleTrades,
  refused: refusedRows,
  single: singleCurrency,
  notes: ({ config, has }: Offer) =>
    isAsked(config) || has('BMLLTradeType')
      ? []
      : ['trades have no BMLLTradeType, so module execution leaves out their breakdown'],
})
