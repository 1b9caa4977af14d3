import * as z from 'zod'
import {
  and,
  bucketParameters,
  col,
  type Expr,
  eq,
  isIn,
  isNull,
  not,
  type Offer,
  or,
  sequenceModule,
  when,
} from '../../lib/core/index.js'
import { DEPTH } from '../tables/book-columns.js'
import { LOB_ACTION } from '../tables/l3.js'
import { namesAsParameter, OPTIONAL } from './kernel.js'

const byBucket = ({ time_index }: { time_index?: unknown }): boolean => time_index === 'timebucket'

const NAMES = ['OrderId', 'OldOrderId', 'OriginalOrderId']

const hasNames = ({ has }: Offer): boolean => NAMES.some(has)

/** Messages without a name of their order have to say what was there before; its name is what most feeds have. */
const needed = ({ has }: Offer): string[] => (has('OldPrice') || has('OldSize') ? ['OldPrice', 'OldSize'] : ['OrderId'])

/** Optional inputs of the kernel that the source has, or has to have. */
function optional(offer: Offer): { name: string; input: Expr }[] {
  const { has, config } = offer
  const isWanted = (name: string): boolean => {
    if (name === 'Shown') return config.market_states !== null && config.market_states !== undefined
    if (!hasNames(offer) && needed(offer).includes(name)) return true
    return has(name) && (name !== 'ExecutionPrice' || !hasNames(offer))
  }
  return OPTIONAL.filter(isWanted).map(name => ({
    name,
    input: name === 'Shown' ? when(isIn('MarketState', config.market_states), 1, 0) : col(name),
  }))
}

/** Orders that are not on book change nothing. */
const offBook = ({ has }: Offer): Expr =>
  has('OrderType') ? not(or(isNull('OrderType'), eq('OrderType', 1))) : not(and())

const bookRows = (offer: Offer): Expr => and(not(eq('LobAction', LOB_ACTION.none)), not(offBook(offer)))

/** How messages are read. */
export const l3BookSettings = {
  sizes: z
    .enum(['after', 'change'])
    .default('after')
    .describe(
      'what Size of updates and executions says: what rests after the message, or what it takes from the order; an update that renames or reprices its order says what rests then',
    ),
  on_impossible: z
    .enum(['error', 'count'])
    .default('error')
    .describe('a message that contradicts those before it is an error, or is counted and what cannot be left out'),
}

export const l3Book = sequenceModule({
  name: 'l3_book',
  doc: 'books rebuilt from order messages: snapshots of each listing by event or by bucket, to be read as l2',
  table: 'l3',
  block: 'l3_book',
  settings: {
    time_index: z
      .enum(['event', 'timebucket'])
      .default('event')
      .describe(
        'a row for every instant at which the levels shown or the market state changed, or for the end of every bucket',
      ),
    top_n: z.int().min(1).max(DEPTH).default(DEPTH).describe('levels a side'),
    market_states: z
      .array(z.string().min(1))
      .min(1)
      .nullable()
      .default(null)
      .describe('rows in these market states only; messages in others change the book all the same'),
    ...l3BookSettings,
  },
  rows: bookRows,
  sequence: {
    kernel: 'l3_book',
    inBuckets: byBucket,
    inputs: offer => [
      col('LobAction'),
      col('Side'),
      col('Price'),
      col('Size'),
      ...optional(offer).map(({ input }) => input),
    ],
    parameters: offer => {
      const { config } = offer
      return {
        ...bucketParameters(offer.rule),
        byBucket: byBucket(config),
        depth: config.top_n,
        sizes: config.sizes,
        onImpossible: config.on_impossible,
        orders: hasNames(offer),
        states: offer.has('MarketState'),
        columns: namesAsParameter(optional(offer).map(({ name }) => name)),
      }
    },
  },
  excluded: offer => [
    { name: 'order messages about no order', where: eq('LobAction', LOB_ACTION.none) },
    ...(offer.has('OrderType') ? [{ name: 'messages of orders that are not on book', where: offBook(offer) }] : []),
  ],
  notes: offer =>
    hasNames(offer)
      ? []
      : ['l3 names no orders: the book has no numbers of orders, and levels follow OldPrice and OldSize alone'],
})
