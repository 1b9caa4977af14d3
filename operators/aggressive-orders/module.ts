import * as z from 'zod'
import {
  and,
  bucketParameters,
  coalesce,
  col,
  type Expr,
  eq,
  filterExpr,
  gt,
  isNull,
  not,
  notNull,
  type Offer,
  or,
  sequenceModule,
  when,
} from '../../lib/core/index.js'
import { LOB_ACTION } from '../tables/l3.js'
import { refusedRows, singleCurrency } from '../trade/module.js'
import { CARRIED } from './carried.js'
import { namesAsParameter } from './kernel.js'

const isL3 = ({ config }: Offer): boolean => config.source_table === 'l3'

/** The executed quantity; of trades, and of L3 where it says so, in a column of its own. */
const sizeColumn = (offer: Offer): string => offer.config.execution_size ?? (isL3(offer) ? 'ExecutionSize' : 'Size')

/** Rows that are executions by what the source says, with a size. */
function executions(offer: Offer): Expr {
  if (!isL3(offer) || offer.has('ExecutionSize')) {
    const own = isL3(offer) ? gt('ExecutionSize', 0) : and()
    return and(own, gt(sizeColumn(offer), 0), filterExpr(offer.config.base_filter))
  }
  return and(eq('LobAction', LOB_ACTION.execute), gt(sizeColumn(offer), 0), filterExpr(offer.config.base_filter))
}

/** Where L3 has no price of the execution, that of the order that was executed. */
function priceOf(offer: Offer): Expr {
  if (!isL3(offer)) return col('LocalPrice')
  const [first = 'ExecutionPrice', ...others] = ['ExecutionPrice', 'OldPrice', 'Price'].filter(offer.has)
  return others.length > 0 ? coalesce(first, ...others) : col(first)
}

const sideOf = (offer: Offer): Expr =>
  isL3(offer)
    ? when(eq('Side', 1), 2, when(eq('Side', 2), 1, 0))
    : when(eq('AggressorSide', 1), 1, when(eq('AggressorSide', 2), 2, 0))

/** Says that a row is not the last of its event; null where nothing says so. */
const unfinished = ({ flag }: Offer): Expr => and(notNull('EndOfEvent'), not(flag('EndOfEvent')))

/** Without numbers of events, rows that end one tell executions of two events apart. */
const hasEnds = (offer: Offer): boolean => offer.has('EndOfEvent') && !offer.has('EventNo')

const priced = (offer: Offer): Expr => and(executions(offer), not(isNull(priceOf(offer))))

/** Inputs that every source has: price, size and side of an execution. */
export const executionInputs = (offer: Offer): Expr[] => [
  priceOf(offer),
  hasEnds(offer) ? when(executions(offer), sizeColumn(offer), 0) : col(sizeColumn(offer)),
  sideOf(offer),
]

/** Inputs that tell where events end, as far as the source has them, by name. */
export const endsOf = (offer: Offer): { name: string; input: Expr }[] => [
  ...(offer.has('EndOfEvent') ? [{ name: 'Unfinished', input: when(unfinished(offer), 1, 0) }] : []),
  ...(offer.has('EndOfEvent') && offer.has('EventNo') ? [{ name: 'EventNo', input: col('EventNo') }] : []),
]

/** Optional inputs of the kernel that the source has, by name. */
function optional(offer: Offer): { name: string; input: Expr }[] {
  return [
    ...endsOf(offer),
    ...CARRIED.filter(({ name }) => offer.has(name)).map(({ name }) => ({ name, input: col(name) })),
  ]
}

export const aggressivePreprocess = sequenceModule({
  name: 'aggressive_preprocess',
  doc: 'aggressive orders: executions of one side that follow one another within moments, joined to one row',
  table: 'trades',
  tableOf: ({ source_table }) => (source_table === 'l3' ? 'l3' : 'trades'),
  block: 'aggressive_preprocess',
  settings: ({ filterMap }) => ({
    source_table: z
      .enum(['trades', 'l3'])
      .default('trades')
      .describe('where executions are: trades, or order messages with an ExecutionSize'),
    execution_size: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('column of the executed quantity; null = Size of trades, ExecutionSize of l3'),
    deltat: z
      .number()
      .positive()
      .max(86_400)
      .default(0.00001)
      .describe('seconds: an execution that follows within it belongs to the same order'),
    base_filter: (filterMap as z.ZodType).default({}).describe('executions that count; {} = all'),
  }),
  sideOutputs: () => [
    { names: ['aggressive_orders'], module: 'aggressive_preprocess' },
    { names: ['aggressive_executions'], module: 'aggressive_executions' },
  ],
  rows: offer =>
    hasEnds(offer) ? or(priced(offer), and(not(executions(offer)), not(unfinished(offer)))) : priced(offer),
  sequence: {
    kernel: 'aggressive_orders',
    inBuckets: () => true,
    inputs: offer => [...executionInputs(offer), ...optional(offer).map(({ input }) => input)],
    parameters: offer => ({
      ...bucketParameters(offer.rule),
      deltat: Math.round(offer.config.deltat * 1e9),
      columns: namesAsParameter(optional(offer).map(({ name }) => name)),
    }),
  },
  excluded: offer => [
    ...(isL3(offer) ? [] : [{ name: 'trades without a positive size', where: not(gt(sizeColumn(offer), 0)) }]),
    { name: 'executions without a finite price', where: and(executions(offer), isNull(priceOf(offer))) },
  ],
  refused: offer => (isL3(offer) ? [] : refusedRows(offer)),
  single: offer => (isL3(offer) ? [] : singleCurrency(offer)),
  notes: offer => {
    const missing = CARRIED.filter(({ name }) => !offer.has(name)).map(({ name }) => name)
    const shown = missing.length > 6 ? [...missing.slice(0, 5), `${missing.length - 5} more`] : missing
    const table = offer.config.source_table
    const point =
      offer.has('BestBidPrice') && offer.has('BestAskPrice') ? [] : ['PricePoint needs the best bid and ask']
    return missing.length === 0
      ? point
      : [`aggressive orders have no ${shown.join(', ')}, which ${table} has not`, ...point]
  },
})
