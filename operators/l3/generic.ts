import * as z from 'zod'
import {
  BasaltError,
  count,
  type EntryParameters,
  type Expr,
  expr,
  type FoldRequest,
  family,
  first,
  last,
  max,
  mean,
  median,
  metric,
  min,
  std,
  sum,
} from '../../lib/core/index.js'
import { cancellation, insertion, ORDER_SIDES, removal, sizeChange, update } from './rows.js'

/** What is counted, by name: the messages, and the quantity that each of them moves. */
const ACTIONS = {
  Insert: { rows: insertion, size: () => expr('Size') },
  Remove: { rows: removal, size: () => expr('OldSize') },
  Update: { rows: update, size: sizeChange },
  UpdateInserted: { rows: update, size: () => expr('Size') },
  UpdateRemoved: { rows: update, size: () => expr('OldSize') },
  Cancel: { rows: cancellation, size: () => expr('OldSize') },
}

type Action = keyof typeof ACTIONS
const actions = Object.keys(ACTIONS) as [Action, ...Action[]]

/** The aggregations name the metrics: type, merge code and fold change with them, actions only exchange rows. */
export const orderCounts = family({
  module: 'l3',
  name: 'generic_metrics',
  doc: 'number and quantity of orders inserted, removed, updated and cancelled, by side',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'actions', parameter: 'action' },
    { field: 'measures', parameter: 'measure' },
    { field: 'aggregations', parameter: 'agg' },
  ],
  pick: 'aggregations',
  fields: aggregations => ({
    sides: z.array(z.enum(ORDER_SIDES)).min(1).describe('sides of the orders; Total is every message'),
    actions: z.array(z.enum(actions)).min(1).describe('what was done to the orders; Remove counts fills, Cancel not'),
    measures: z
      .array(z.enum(['Count', 'Volume']))
      .min(1)
      .describe('number of messages, or the quantity that they move'),
    aggregations: z
      .array(z.enum(aggregations))
      .min(1)
      .default(['Sum'])
      .describe('how the messages of a bucket are put together; Count has only Sum'),
  }),
  example: { sides: ['Bid', 'Ask'], actions: ['Insert', 'Remove'], measures: ['Volume', 'Count'] },
})

const SHARED = {
  module: 'l3',
  family: 'generic_metrics',
  unit: ({ measure }: EntryParameters) => (measure === 'Count' ? 'messages' : 'shares'),
} as const

const nameWith =
  (suffix: string) =>
  ({ action, measure, side }: EntryParameters) =>
    `${action}${measure}${side}${suffix}`

const quantity =
  'quantity: Size of Insert and UpdateInserted, OldSize of Remove, UpdateRemoved and Cancel, |Size - OldSize| of Update'

/** Folds the quantities of an action's messages; their number is no quantity of each. */
const volumesBy =
  (fold: (value: Expr, where: Expr) => FoldRequest) =>
  ({ action, measure, agg }: EntryParameters) => {
    if (measure === 'Count') {
      throw new BasaltError(
        'config',
        `aggregation ${agg} has no meaning for Count, as every message counts 1; ask for it in an entry of Volume`,
      )
    }
    const { rows, size } = ACTIONS[action as Action]
    return { volume: fold(size(), rows()) }
  }

export const orderSum = metric({
  ...SHARED,
  pick: 'Sum',
  name: nameWith(''),
  doc: 'number of messages of an action, or the quantity that they move',
  formula: `number of rows of the action, or Σ of their ${quantity}`,
  merge: 'S',
  empty: 'zero',
  uses({ action, measure }): Record<string, FoldRequest> {
    const { rows, size } = ACTIONS[action as Action]
    return measure === 'Count' ? { count: count(rows()) } : { volume: sum(size(), rows()) }
  },
})

export const orderMean = metric({
  ...SHARED,
  pick: 'Mean',
  name: nameWith('Mean'),
  doc: 'mean quantity of the messages of an action',
  formula: `mean of ${quantity}`,
  merge: 'R',
  empty: 'null',
  uses: volumesBy(mean),
})

export const orderMin = metric({
  ...SHARED,
  pick: 'Min',
  name: nameWith('Min'),
  doc: 'least quantity of a message of an action',
  formula: `min of ${quantity}`,
  merge: 'N',
  empty: 'null',
  uses: volumesBy(min),
})

export const orderMax = metric({
  ...SHARED,
  pick: 'Max',
  name: nameWith('Max'),
  doc: 'greatest quantity of a message of an action',
  formula: `max of ${quantity}`,
  merge: 'N',
  empty: 'null',
  uses: volumesBy(max),
})

export const orderFirst = metric({
  ...SHARED,
  pick: 'First',
  name: nameWith('First'),
  doc: 'quantity of the first message of an action, by total order',
  formula: `first ${quantity}`,
  merge: 'O',
  empty: 'null',
  uses: volumesBy(first),
})

export const orderLast = metric({
  ...SHARED,
  pick: 'Last',
  name: nameWith('Last'),
  doc: 'quantity of the last message of an action, by total order',
  formula: `last ${quantity}`,
  merge: 'O',
  empty: 'null',
  uses: volumesBy(last),
})

export const orderMedian = metric({
  ...SHARED,
  pick: 'Median',
  name: nameWith('Median'),
  doc: 'median quantity of the messages of an action',
  formula: `median of ${quantity}`,
  merge: '–',
  empty: 'null',
  uses: volumesBy(median),
})

export const orderStd = metric({
  ...SHARED,
  pick: 'Std',
  name: nameWith('Std'),
  doc: 'sample deviation of the quantities of an action; null below two',
  formula: `sd (n - 1) of ${quantity}`,
  merge: 'M',
  empty: 'null',
  uses: volumesBy(std),
})
