import { and, coalesce, count, eq, gt, isIn, metric, min, not, notIn, notNull, or, when } from '../../lib/core/index.js'
import { execution, update } from '../l3/rows.js'
import { has, item } from './item.js'

export const l3EventCount = metric({
  ...item('L3EventCount'),
  unit: 'messages',
  doc: 'number of messages',
  formula: 'number of rows',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ count: count() }),
})

export const l3ExecutionCount = metric({
  ...item('L3ExecutionCount'),
  unit: 'executions',
  doc: 'number of executions, whatever their action',
  formula: 'number of rows with ExecutionSize > 0',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ count: count(execution()) }),
})

export const l3HasExecution = has('L3HasExecution', 'that executes', 'ExecutionSize > 0', execution)

export const l3HasOrderExecuted = has(
  'L3HasOrderExecuted',
  'of an order that was executed',
  'OrderExecuted set',
  ({ flag }) => flag('OrderExecuted'),
)

const inState = (state: string) => isIn('MarketState', [state])

const hasState = (name: string, state: string) =>
  has(name, `in state ${state}`, `MarketState ${state}`, () => inState(state))

export const l3HasContinuousTrading = hasState('L3HasContinuousTrading', 'CONTINUOUS_TRADING')
export const l3HasOpeningAuction = hasState('L3HasOpeningAuction', 'OPENING_AUCTION')
export const l3HasClosingAuction = hasState('L3HasClosingAuction', 'CLOSING_AUCTION')
export const l3HasIntradayAuction = hasState('L3HasIntradayAuction', 'INTRADAY_AUCTION')

const hasExecutionIn = (name: string, state: string) =>
  has(name, `that executes in state ${state}`, `ExecutionSize > 0 and MarketState ${state}`, () =>
    and(execution(), inState(state)),
  )

export const l3HasPreOpenExecution = hasExecutionIn('L3HasPreOpenExecution', 'PRE_OPEN')
export const l3HasPostTradeExecution = hasExecutionIn('L3HasPostTradeExecution', 'POST_TRADE')

export const l3HasMultiRowEvent = has(
  'L3HasMultiRowEvent',
  'that is not the last one of its event',
  'EndOfEvent neither set nor empty',
  ({ flag }) => and(notIn('EndOfEvent', ['', '-']), not(flag('EndOfEvent'))),
)

export const l3HasTradeId = has('L3HasTradeId', 'with a TradeId', 'TradeId, not empty', () => notIn('TradeId', ['']))

export const l3HasUpdates = has('L3HasUpdates', 'that updates an order', 'LobAction 4', update)

export const l3ExecutedWithOrdersAhead = has(
  'L3ExecutedWithOrdersAhead',
  'that executes an order behind others',
  'ExecutionSize > 0 and OrdersAhead > 0',
  () => and(execution(), gt('OrdersAhead', 0)),
)

export const l3HasReceiveTimestamp = has(
  'L3HasReceiveTimestamp',
  'with a time of reception',
  'ReceiveTimestamp, not null',
  () => notNull('ReceiveTimestamp'),
)

export const l3HasSendTimestamp = has('L3HasSendTimestamp', 'with a time of sending', 'SendTimestamp, not null', () =>
  notNull('SendTimestamp'),
)

export const l3HasNoOpUpdate = has(
  'L3HasNoOpUpdate',
  'that updates an order and changes nothing',
  'LobAction 4, Size = OldSize and Price = OldPrice',
  () => and(update(), eq('Size', 'OldSize'), eq('Price', 'OldPrice')),
)

export const l3SizeAheadOrdersAheadConsistent = metric({
  ...item('L3SizeAheadOrdersAheadConsistent'),
  unit: '0 or 1',
  doc: 'whether orders that have some ahead in the queue have quantity ahead, and others none',
  formula: '0 if a row has SizeAhead = 0 < OrdersAhead or OrdersAhead = 0 < SizeAhead, else 1, over rows with both',
  merge: 'N',
  empty: 'null',
  uses() {
    const orders = and(eq('SizeAhead', 0), gt('OrdersAhead', 0))
    const size = and(eq('OrdersAhead', 0), gt('SizeAhead', 0))
    return { consistent: min(when(or(orders, size), 0, 1), and(notNull('SizeAhead'), notNull('OrdersAhead'))) }
  },
})

const LEVELS = ['OldPriceLevel', 'PriceLevel']

export const l3ExecutedNotAtTopOfBook = has(
  'L3ExecutedNotAtTopOfBook',
  'that executes an order behind the best price',
  'ExecutionSize > 0 and a level before it, else after it, above 1',
  offer => {
    const levels = LEVELS.filter(offer.has)
    return and(execution(), gt(coalesce(...(levels.length > 0 ? levels : LEVELS)), 1))
  },
)
