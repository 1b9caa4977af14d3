import { and, count, or, sum } from '../../lib/core/index.js'
import { advanced } from './advanced.js'
import { cancellation, execution, insertion, ofSide, sizeChange, update } from './rows.js'

export const arrivalFlowImbalance = advanced({
  pick: 'ArrivalFlowImbalance',
  priority: 'C',
  unit: '-1…1',
  doc: 'quantity inserted on the bid less that on the ask, over both',
  formula: '(InsertVolumeBid - InsertVolumeAsk)/(InsertVolumeBid + InsertVolumeAsk)',
  merge: 'R',
  uses: () => ({
    bid: sum('Size', and(insertion(), ofSide('Bid'))),
    ask: sum('Size', and(insertion(), ofSide('Ask'))),
  }),
  value: ({ bid, ask }) => (bid - ask) / (bid + ask),
})

export const cancelToTradeRatio = advanced({
  pick: 'CancelToTradeRatio',
  priority: 'C',
  unit: 'ratio',
  doc: 'cancelled orders for each execution; removals by executions are no cancels',
  formula: 'number of cancels / number of executions',
  merge: 'R',
  uses: () => ({ cancels: count(cancellation()), executions: count(execution()) }),
  value: ({ cancels, executions }) => cancels / executions,
})

export const orderToTradeRatio = advanced({
  pick: 'OrderToTradeRatio',
  priority: 'B',
  unit: 'ratio',
  doc: 'messages that insert, update or cancel an order for each execution',
  formula: '(inserts + updates + cancels)/executions',
  merge: 'R',
  uses: () => ({
    messages: count(or(insertion(), update(), cancellation())),
    executions: count(execution()),
  }),
  value: ({ messages, executions }) => messages / executions,
})

export const orderToTradeRatioVolume = advanced({
  pick: 'OrderToTradeRatioVolume',
  priority: 'B',
  unit: 'ratio',
  doc: 'quantity inserted, changed by updates and cancelled for each share executed',
  formula: '(InsertVolumeTotal + UpdateVolumeTotal + CancelVolumeTotal)/Σ ExecutionSize of executions',
  merge: 'R',
  uses: () => ({
    inserted: sum('Size', insertion()),
    updated: sum(sizeChange(), update()),
    cancelled: sum('OldSize', cancellation()),
    executed: sum('ExecutionSize', execution()),
  }),
  value: ({ inserted, updated, cancelled, executed }) => (inserted + updated + cancelled) / executed,
})

export const cancelRate = advanced({
  pick: 'CancelRate',
  priority: 'B',
  unit: 'ratio',
  doc: 'cancelled orders for each inserted one',
  formula: 'number of cancels / number of inserts',
  merge: 'R',
  uses: () => ({ cancels: count(cancellation()), inserts: count(insertion()) }),
  value: ({ cancels, inserts }) => cancels / inserts,
})
