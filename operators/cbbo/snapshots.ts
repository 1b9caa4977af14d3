import {
  and,
  type Expr,
  instantsAt,
  isIn,
  lit,
  type ModuleSequence,
  NULL,
  type Offer,
  rowNumbers,
  type SequenceColumn,
  sequenceKernel,
  sequenceModule,
  statesExpr,
  TRUE,
  timeBucket,
  when,
} from '../../lib/core/index.js'
import { depthOf } from '../l2/levels.js'
import { l3Book } from '../l3-book/module.js'
import { DEPTH } from '../tables/book-columns.js'

/** Fields of a level of a snapshot. */
const FIELDS = ['Price', 'Quantity', 'NumOrders'] as const

/** Lists the columns of the best levels of a book, both sides, level by level. */
export const levelColumns = (levels: number, fields: readonly string[] = FIELDS): string[] =>
  Array.from({ length: levels }, (_, i) =>
    ['Bid', 'Ask'].flatMap(side => fields.map(field => `${side}${field}${i + 1}`)),
  ).flat()

/** Tells of a snapshot whether its market state is one of those asked for; 1 or 0. */
export const COUNTS = 'Counts'

const column = (name: string): SequenceColumn => ({
  name,
  type: 'f64',
  unit: /Price/.test(name) ? 'local currency' : /Orders/.test(name) ? 'orders' : 'shares',
  doc: `${name} of the snapshot`,
  formula: name,
  merge: 'O',
  nullRule: 'null where the snapshot has none',
})

/** Gives snapshots as they come. Parameters: `levels`, and `fields` with commas between. */
export const snapshotsKernel = sequenceKernel({
  name: 'snapshots',
  doc: 'snapshots of a book as they come',
  row: 'snapshot',
  inputs: parameters => columnsOf(parameters),
  columns: parameters => [timeBucket('time of the snapshot'), ...columnsOf(parameters).map(column)],
  rows: day => [{ type: 'ts', values: instantsAt(day, rowNumbers(day.length)), valid: null }, ...day.columns],
})

const columnsOf = ({ levels = 10, fields = FIELDS.join(',') }: Record<string, unknown>): string[] => [
  COUNTS,
  ...levelColumns(Number(levels), String(fields).split(',')),
]

/**
 * Declares an internal module that gives the snapshots of a table to modules over several of them. `states`: of other
 * market states than those asked for they are told apart, or have no levels, or are like all others.
 */
function snapshotsOf(
  name: string,
  table: string,
  block: string,
  levelsOf: (offer: Offer) => number,
  fields: readonly string[],
  states: 'told' | 'masked' | 'ignored' = 'told',
) {
  const shown = (offer: Offer, column: string): Expr =>
    states === 'masked' && offer.config.market_states
      ? when(statesExpr(offer.config.market_states), column, NULL)
      : { op: 'col', name: column }
  const present = (offer: Offer) => fields.filter(field => offer.has(`Bid${field}1`) || offer.has(`Ask${field}1`))
  return sequenceModule({
    name,
    doc: `snapshots of table ${table} for modules that compare them`,
    internal: true,
    table,
    block,
    settings: {},
    rows: ({ config }) => (config.mic_whitelist?.length > 0 ? isIn('MIC', config.mic_whitelist) : TRUE),
    sequence: {
      kernel: 'snapshots',
      inputs: offer => [
        states === 'told' ? when(countedRows(offer), lit(1), lit(0)) : lit(1),
        ...levelColumns(levelsOf(offer), present(offer)).map(column => shown(offer, column)),
      ],
      parameters: offer => ({ levels: levelsOf(offer), fields: present(offer).join(',') }),
    },
    excluded: () => [],
    notes: ({ has, config }) =>
      states === 'told' && config.market_states?.length > 0 && !has('MarketState')
        ? [`MarketState is not mapped in ${table}, so every snapshot counts`]
        : [],
  })
}

/** Rows of the market states asked for; all where there are none, or none is asked for. */
function countedRows({ config, has }: Offer): Expr {
  const states = config.market_states
  return states?.length > 0 && has('MarketState') ? isIn('MarketState', states) : and()
}

export const topsOfBook = snapshotsOf('tops_of_l2', 'l2', 'cbbo_analytics', () => 1, ['Price', 'Quantity'], 'masked')
export const topsOfCbbo = snapshotsOf('tops_of_cbbo', 'cbbo', 'cbbo_analytics', () => 1, ['Price'], 'ignored')
export const booksOfL2 = snapshotsOf(
  'books_of_l2',
  'l2',
  'cbbo_preprocess',
  offer => Math.min(offer.config.levels_in ?? DEPTH, depthOf(offer)),
  FIELDS,
)

/** The books that order messages make, at every change of their first levels. */
export const booksOfL3 = sequenceModule({
  ...l3Book,
  name: 'books_of_l3',
  doc: 'books rebuilt from order messages for modules that compare them',
  internal: true,
  block: 'cbbofroml3_preprocess',
  settings: {},
  sequence: {
    ...(l3Book.sequence as ModuleSequence),
    inBuckets: () => false,
    ...asked(config => ({ ...config, time_index: 'event', top_n: DEPTH, market_states: null })),
  },
})

/** Lets the rebuilt book be asked for all that it has: states are told apart where books are put together. */
function asked(change: (config: Record<string, unknown>) => Record<string, unknown>) {
  const { inputs, parameters } = l3Book.sequence as ModuleSequence
  const changed = (offer: Offer): Offer => ({ ...offer, config: change(offer.config) })
  return {
    inputs: (offer: Offer) => inputs(changed(offer)),
    parameters: (offer: Offer) => parameters(changed(offer)),
  }
}
