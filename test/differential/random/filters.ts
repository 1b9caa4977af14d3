import type { Random } from '../../../operators/simulation/random.js'
import { STATES, TYPES, VENUES } from './columns.js'

type Scalar = string | number
export interface Range {
  min?: number
  max?: number
  min_exclusive?: number
  max_exclusive?: number
  not?: Scalar | Scalar[]
  is_null?: boolean
}
export type Condition = Scalar | Scalar[] | Range
export type Filter = Record<string, Condition>

const TEXTS: Record<string, string[]> = {
  Classification: [
    'LIT_CONTINUOUS',
    'LIT_AUCTION',
    'DARK_AUCTION',
    'OFF_BOOK_ON_EXCHANGE',
    'OTC_NEGOTIATED',
    'NO_SUCH',
  ],
  BMLLTradeType: TYPES.slice(2),
  MarketState: STATES,
  Venue: VENUES,
  BMLLParticipantType: ['RETAIL', 'UNKNOWN'],
}
const NUMBERS: Record<string, number[]> = {
  Size: [1, 10, 100, 1000],
  Rank: [1, 3, 5, 12, 17],
  Score: [-2.5, -0.25, 0, 1.5, 3.75],
  PricePoint: [0, 0.25, 1],
  Price: [49.5, 50, 80.25, 110],
  TradeNotionalEUR: [100, 5000.5, 80_000],
}

/** Some of a list, in order: at least one, at most `most`. */
export function some<T>(random: Random, items: readonly T[], most = items.length): T[] {
  const left = [...items]
  const count = 1 + random.below(Math.min(most, left.length))
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0])
}

/** Draws conditions on one column or two. */
export function drawFilter(random: Random): Filter {
  const columns = some(
    random,
    [...Object.keys(TEXTS), 'AggressorSide', ...Object.keys(NUMBERS)],
    random.chance(0.3) ? 2 : 1,
  )
  return Object.fromEntries(columns.map(column => [column, drawCondition(random, column)]))
}

export function drawStates(random: Random): Condition {
  return random.chance(0.3) ? random.pick(STATES) : drawWords(random, STATES)
}

function drawCondition(random: Random, column: string): Condition {
  if (random.chance(0.1)) return { is_null: random.chance(0.5) }
  if (column in TEXTS) return drawWords(random, TEXTS[column])
  if (column === 'AggressorSide') return drawWords(random, [0, 1, 2])
  const [low, high] = some(random, NUMBERS[column], 2).sort((a, b) => a - b)
  const range: Range = random.chance(0.5) ? { min: low } : { min_exclusive: low }
  if (high !== undefined) Object.assign(range, random.chance(0.5) ? { max: high } : { max_exclusive: high })
  else if (random.chance(0.5)) return random.chance(0.5) ? { max: low } : { max_exclusive: low }
  if (column === 'Rank' && random.chance(0.4)) return random.chance(0.5) ? [3, 4, 5, 12] : { ...range, not: [6, 7] }
  return range
}

function drawWords(random: Random, words: readonly Scalar[]): Condition {
  const chosen = some(random, words, words.length - 1)
  const value = chosen.length === 1 ? chosen[0] : chosen
  return random.chance(0.35) ? { not: value } : value
}

/** Tells which kinds of condition a filter has. */
export function filterKinds(filter: Filter): string[] {
  return Object.values(filter).flatMap(condition => {
    if (typeof condition !== 'object') return ['equal']
    return Array.isArray(condition) ? ['in'] : Object.keys(condition)
  })
}

const literal = (value: Scalar) => (typeof value === 'string' ? `'${value}'` : `${value}`)

/** Writes a filter as SQL that is true or false: null meets `is_null: true` alone (semantics 5.0). */
export function filterSql(filter: Filter): string {
  const parts = Object.entries(filter).flatMap(([name, condition]) => conditionSql(columnSql(name), condition))
  return parts.length === 0 ? 'true' : `coalesce(${parts.join(' AND ')}, false)`
}

/** Names are those of the table, but for sides, which sources may write as letters. */
const columnSql = (name: string) => (name === 'AggressorSide' ? 'side' : name)

function conditionSql(column: string, condition: Condition): string[] {
  if (typeof condition !== 'object') return [`${column} = ${literal(condition)}`]
  if (Array.isArray(condition)) return [`${column} IN (${condition.map(literal).join(', ')})`]
  const operators = { min: '>=', max: '<=', min_exclusive: '>', max_exclusive: '<' }
  return Object.entries(condition).map(([key, value]) => {
    if (key === 'is_null') return `${column} IS ${value ? '' : 'NOT '}NULL`
    if (key === 'not') return `${column} NOT IN (${[value].flat().map(literal).join(', ')})`
    return `${column} ${operators[key as keyof typeof operators]} ${value}`
  })
}
