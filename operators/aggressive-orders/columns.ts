import { type SequenceColumn, timeBucket } from '../../lib/core/index.js'

const never = 'never null'

const price = (name: string, doc: string, formula: string, merge: string, nullRule = never): SequenceColumn => ({
  name,
  type: 'f64',
  unit: 'local currency',
  doc,
  formula,
  merge,
  nullRule,
  hindsight: true, // an order may go on behind its bucket
})

/** Columns of an aggressive order that every source can give. */
export const ORDER_COLUMNS: readonly SequenceColumn[] = [
  {
    name: 'OrderIndex',
    type: 'i64',
    unit: 'orders',
    doc: 'number of the order within its listing and date, from 0',
    formula: 'orders before',
    merge: 'key',
    nullRule: never,
    leads: true,
  },
  timeBucket('bucket of the first execution, by the anchor of the pass', 'label of the first EventTime'),
  {
    name: 'TradeTimestamp',
    type: 'ts',
    unit: 'ns UTC',
    doc: 'time of the first execution',
    formula: 'first EventTime',
    merge: 'N',
    nullRule: never,
    leads: true,
  },
  {
    name: 'AggressorSide',
    type: 'i32',
    unit: 'code',
    doc: 'side of the order as in trades: 1 buyer, 2 seller, 0 unknown',
    formula: 'AggressorSide; of L3 the side that was not resting',
    merge: 'O',
    nullRule: never,
  },
  {
    name: 'Size',
    type: { of: 'Size' },
    unit: 'shares',
    doc: 'executed quantity of the order',
    formula: 'Σq',
    merge: 'S',
    nullRule: never,
    hindsight: true,
  },
  price('Price', 'volume-weighted average price of the executions', 'Σpq/Σq', 'R'),
  {
    name: 'Duration',
    type: 'f64',
    unit: 'µs',
    doc: 'time from the first execution to the last',
    formula: '(last EventTime - first EventTime) / 1000',
    merge: '–',
    nullRule: never,
    hindsight: true,
  },
  price('MinPrice', 'lowest price of the executions', 'min p', 'N'),
  price('MaxPrice', 'highest price of the executions', 'max p', 'N'),
  {
    name: 'NumExecutions',
    type: 'i64',
    unit: 'executions',
    doc: 'number of executions of the order',
    formula: 'n',
    merge: 'S',
    nullRule: never,
    hindsight: true,
  },
  price('PriceDiff', 'how far the order moved the price that it paid', 'last p - first p', '–'),
]

/** Where the order's average price lies in the quote that it met; needs the best bid and ask at each trade. */
export const PRICE_POINT: SequenceColumn = {
  ...price('PricePoint', 'place of the average price in the first quote: 0 at the bid, 1 at the ask', '', '–'),
  unit: '1',
  formula: '(Price - b)/(a - b), b and a of the first execution that has both',
  nullRule: 'null when no execution has a quote, or the first quote is locked',
}
