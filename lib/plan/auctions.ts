import {
  type AggregateParameters,
  AUCTION_STATES,
  and,
  type BucketRule,
  type CarryPlan,
  type Expr,
  isIn,
  isNull,
  type Module,
  type OutputColumn,
  type Problem,
  type Registry,
  SESSION,
  type Step,
  scopeOf,
} from '../core/index.js'
import type { FoldSet } from './fold-set.js'
import type { MadeColumn } from './output-columns.js'

/** Until when the values of a row stand, as an input of kernels that ask for it. */
export const UNTIL: Expr = { op: 'col', name: SESSION.until }

/** Columns by which entities are told apart beside date and listing: each auction is one of its own. */
export const SESSION_KEYS: AggregateParameters['entity'] = [
  { name: SESSION.name, type: 'str' },
  { name: SESSION.start, type: 'ts' },
]

/** Lists the steps that label rows and tell to which auction they belong. */
export function auctionSteps(rule: BucketRule, until: boolean): Step[] {
  const [time, date, label] = ['EventTime', 'Date', 'TimeBucket']
  return [
    { operator: 'bucket', parameters: { time, date, rule, as: label } },
    { operator: 'auctions', parameters: { time, date, label, until } },
  ]
}

/** Lists the steps over bars: where auctions end, and the order of the output. */
export function sessionSteps({ anchor }: BucketRule): Step[] {
  return [
    { operator: 'sessions', parameters: { anchor } },
    { operator: 'sort', parameters: { by: ['Date', 'ListingId', 'TimeBucket', SESSION.name] } },
  ]
}

/** Refuses rows of auctions of which the table of market states knows nothing. */
export const unknownAuctions = (rows: Expr): AggregateParameters['refused'][number] => ({
  where: and(rows, isIn('MarketState', [...AUCTION_STATES]), isNull(SESSION.start)),
  problem:
    "the row's MarketState is an auction that table marketstate does not have for its listing on that date; complete the table, leave such rows out by a filter, or switch auction_buckets off",
  fields: ['ListingId', 'MarketState'],
})

/** Finds metrics that buckets of auctions, and what these leave of others, cannot have. */
export function auctionProblems(
  made: readonly MadeColumn[],
  folds: FoldSet,
  registry: Registry,
  path: string,
): Problem[] {
  return made.flatMap(({ derived, column }) => {
    const reasons = Object.values(derived.folds).flatMap(number => {
      const { kernel: name, parameters } = folds.folds[number]
      const kernel = registry.get('kernels', name)
      if (kernel.kind !== 'series') return []
      if (kernel.carried && !kernel.carried.until) return 'carries on from one bucket to the next'
      if (kernel.standsToEnd) return 'weighs its last row until the end of the bucket'
      if (kernel.everyRow || scopeOf(kernel, parameters) === 'day') return "needs the rows of its listing's whole day"
      return []
    })
    return reasons.slice(0, 1).map(
      (reason): Problem => ({
        severity: 'error',
        // Defaults are written nowhere.
        path: column.from.startsWith(path) ? column.from : `${path}.auction_buckets`,
        problem: `${column.name} ${reason}, which auction_buckets cuts at auctions`,
        hint: 'ask for it in another pass, without auction_buckets',
      }),
    )
  })
}

/** Rows that are no buckets cannot be cut as buckets are. */
export const withoutBuckets = ({ name }: Module, path: string): Problem => ({
  severity: 'error',
  path: `${path}.auction_buckets`,
  problem: `module ${name} makes rows that are no buckets`,
  hint: 'leave auction_buckets out',
})

/** Closes that stand in for prices need buckets that follow one another. */
export function closeProblems({ closes }: CarryPlan, made: readonly MadeColumn[], path: string): Problem[] {
  const asked = closes.map(({ column: name }) => made.find(({ column }) => column.name === name)?.column.from ?? path)
  return [...new Set(asked)].map(each => ({
    severity: 'error',
    path: each,
    problem: 'open_mode prev_close takes the close before, which auction_buckets cuts at auctions',
    hint: 'use open_mode event, or another pass without auction_buckets',
  }))
}

/** Lists the columns that tell auctions from other buckets; the first is a key. */
export function sessionColumns(path: string): OutputColumn[] {
  const own = { inputs: ['MarketState'], hindsight: false, from: `${path}.auction_buckets` }
  const edge = (name: string, which: string): OutputColumn => ({
    ...own,
    name,
    type: 'ts',
    unit: 'ns UTC',
    doc: `${which} of the auction`,
    formula: `${which} of its interval in marketstate`,
    merge: '–',
    nullRule: 'null in buckets of no auction',
  })
  return [
    {
      ...own,
      name: SESSION.name,
      type: 'str',
      unit: 'state',
      doc: 'REGULAR, or the market state of the auction whose rows the bucket holds',
      formula: "the rows' own MarketState where it is that of an auction",
      merge: 'key',
      nullRule: 'never null',
    },
    edge(SESSION.start, 'start'),
    edge(SESSION.end, 'end'),
  ]
}
