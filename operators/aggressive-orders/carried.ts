import type { SequenceColumn, TableColumn } from '../../lib/core/index.js'
import { trades } from '../tables/trades.js'

/** What an order takes of a column of its executions. */
export type Taking = 'sum' | 'first' | 'last'

/** A column of the source that orders have, too, under the same name. */
export interface Carried {
  name: string
  taking: Taking
}

/** Columns that say what kind of trade it was. */
const KINDS = [
  'Classification',
  'BMLLTradeType',
  'BMLLParticipantType',
  'MarketState',
  'MarketStateAtPrimary',
  'NegotiatedTrade',
  'CrossingTrade',
  'AlgorithmicTrade',
  'IsBlock',
  'LotType',
  'ExecutionVenue',
]

const takingOf = (name: string): Taking | undefined => {
  if (/^TradeNotional/.test(name)) return 'sum'
  if (/^PreTrade/.test(name) || KINDS.includes(name)) return 'first'
  return /^(PostTrade|Best)/.test(name) ? 'last' : undefined
}

/** Everything that orders may take of their source, in the order of the output (semantics 5.10). */
export const CARRIED: readonly Carried[] = (['sum', 'first', 'last'] as const).flatMap(taking =>
  trades.columns.filter(({ name }) => takingOf(name) === taking).map(({ name }) => ({ name, taking })),
)

const DOCS: Record<Taking, string> = {
  sum: 'sum over the executions',
  first: 'first execution',
  last: 'last execution',
}
const FORMULAS: Record<Taking, string> = { sum: 'Σ', first: 'first', last: 'last' }
const MERGE: Record<Taking, string> = { sum: 'S', first: 'O', last: 'O' }

/** Describes a column that orders take of their source. */
export function carriedColumn({ name, taking }: Carried): SequenceColumn {
  const { doc, unit } = trades.columns.find(column => column.name === name) as TableColumn
  return {
    name,
    type: { of: name },
    unit: unit ?? (/Mid|Price/.test(name) ? 'local currency' : 'as in the source'),
    doc: `${doc}; ${DOCS[taking]}`,
    formula: `${FORMULAS[taking]} ${name}, nulls skipped`,
    merge: MERGE[taking],
    nullRule: 'null when no execution has one',
    hindsight: taking !== 'first',
  }
}
