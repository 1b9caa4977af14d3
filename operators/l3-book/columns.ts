import { type Parameters, type SequenceColumn, timeBucket } from '../../lib/core/index.js'
import { DEPTH } from '../tables/book-columns.js'

const TIME: SequenceColumn = timeBucket(
  'time of the change, or label of the bucket at whose end the book is shown',
  'EventTime, or its label',
)

const STATE: SequenceColumn = {
  name: 'MarketState',
  type: { of: 'MarketState' },
  unit: 'state',
  doc: 'market state at the last message before the snapshot',
  formula: 'last MarketState by total order',
  merge: 'O',
  nullRule: 'null when the message has none',
}

function level(side: 'Bid' | 'Ask', n: number, orders: boolean): SequenceColumn[] {
  const at = `level ${n} of the ${side.toLowerCase()} side`
  const column = (measure: string, type: 'f64' | 'i32', unit: string, doc: string, formula: string) => ({
    name: `${side}${measure}${n}`,
    type,
    unit,
    doc: `${doc}, ${at}`,
    formula,
    merge: 'O',
    nullRule: 'null when there is no such level',
  })
  return [
    column('Price', 'f64', 'local currency', 'price', `price of ${at}`),
    column('Quantity', 'f64', 'shares', 'displayed quantity', 'Σ displayed size of its orders'),
    ...(orders ? [column('NumOrders', 'i32', 'orders', 'number of orders', 'displayed orders')] : []),
  ]
}

/** Lists the columns of a snapshot, named as in table l2: `depth` levels a side, with orders where these are known. */
export function bookColumns({ depth = DEPTH, orders = true, states = true }: Parameters): SequenceColumn[] {
  return [
    TIME,
    ...(states ? [STATE] : []),
    ...Array.from({ length: Number(depth) }, (_, i) =>
      (['Bid', 'Ask'] as const).flatMap(side => level(side, i + 1, orders === true)),
    ).flat(),
  ]
}
