import {
  and,
  coalesce,
  col,
  type Expr,
  eq,
  isIn,
  lit,
  type Metric,
  metric,
  NULL,
  not,
  notIn,
  notNull,
  type Offer,
  series,
  TRUE,
  when,
} from '../../lib/core/index.js'
import { LOB_ACTION } from '../tables/l3.js'
import { item } from './item.js'

const { execute, insert, remove, update } = LOB_ACTION
const action = (code: number): Expr => eq('LobAction', code)

/** How a message changes the book (semantics 5.8), and whether its event ends with it. */
function changes({ has, flag }: Offer): Expr[] {
  const executedAt = has('ExecutionPrice') ? coalesce('OldPrice', 'ExecutionPrice') : col('OldPrice')
  const gone = when(isIn('LobAction', [remove, update]), 'OldSize', 0)
  const settled = has('EndOfEvent') ? not(and(notIn('EndOfEvent', ['', '-']), not(flag('EndOfEvent')))) : lit(1)
  return [
    when(eq('Side', 1), 1, when(eq('Side', 2), 0, NULL)),
    when(action(execute), executedAt, 'OldPrice'),
    when(action(execute), 'ExecutionSize', gone),
    col('Price'),
    when(isIn('LobAction', [insert, update]), 'Size', 0),
    settled,
  ]
}

const STATES: Record<string, { doc: string; rows: () => Expr }> = {
  '': { doc: '', rows: () => TRUE },
  Continuous: {
    doc: ' in continuous trading',
    rows: () => isIn('MarketState', ['CONTINUOUS_TRADING']),
  },
  NonContinuous: {
    doc: ' in a known state other than continuous trading',
    rows: () => and(notNull('MarketState'), notIn('MarketState', ['CONTINUOUS_TRADING'])),
  },
}

/** Tells whether the book that the messages make of each other is locked or crossed. */
const book = (kind: 'Locked' | 'Crossed', state: keyof typeof STATES): Metric =>
  metric({
    ...item(`L3Has${kind}Book${state}`),
    unit: '0 or 1',
    doc: `whether the book that the messages of the date make is ${kind.toLowerCase()} after one of the bucket${STATES[state].doc}`,
    formula: `1 if the best bid ${kind === 'Locked' ? '=' : '>'} the best ask after a row that ends its event, else 0`,
    merge: 'N',
    empty: 'zero',
    uses: (_, offer) => ({
      meets: series('meeting_book', changes(offer), { crossed: kind === 'Crossed' }, STATES[state].rows()),
    }),
  })

export const l3HasLockedBook = book('Locked', '')
export const l3HasLockedBookContinuous = book('Locked', 'Continuous')
export const l3HasLockedBookNonContinuous = book('Locked', 'NonContinuous')
export const l3HasCrossedBook = book('Crossed', '')
export const l3HasCrossedBookContinuous = book('Crossed', 'Continuous')
export const l3HasCrossedBookNonContinuous = book('Crossed', 'NonContinuous')
