import type { ColumnBinding } from './dataset.js'
import { BasaltError } from './error.js'
import type { Expr } from './expr.js'
import { decideWords, exactInteger, type Membership } from './membership.js'
import { compareBytes } from './rank.js'

type Value = bigint | number | string

/** What is known of a column in some rows before they are read. What is left out may be anything. */
export interface Known {
  type: ColumnBinding['type']
  /** No value lies below, none above: bigint of i64 and ts, text of str, else a number. Neither need be a value. */
  least?: Value
  greatest?: Value
  /** Whether rows are null: no row, every row, or perhaps some. NaN counts. */
  nulls: 'none' | 'some' | 'all'
}

/** Says what is known of a column by its name; undefined where nothing is. */
export type Knowledge = (name: string) => Known | undefined

/** What a condition may be in one row or another. */
interface Outcome {
  holds: boolean
  fails: boolean
}

const EITHER: Outcome = { holds: true, fails: true }

/**
 * Tells whether a condition may hold in any of some rows; false is certain. What is known is compared as the rows would
 * be: numbers as doubles, membership of i64 as integers, text by its bytes. A condition that a column cannot be put to
 * is left to the rows, where it is a fault.
 */
export function mayMeet(condition: Expr, known: Knowledge): boolean {
  try {
    return outcomeOf(condition, known).holds
  } catch (error) {
    if (error instanceof BasaltError) return true
    throw error
  }
}

function outcomeOf(value: Expr, known: Knowledge): Outcome {
  switch (value.op) {
    case 'true':
      return { holds: true, fails: false }
    case 'and':
    case 'or': {
      // All are looked at: one that is a fault must be found.
      const all = value.args.map(each => outcomeOf(each, known))
      const every = value.op === 'and' ? 'holds' : 'fails'
      const some = value.op === 'and' ? 'fails' : 'holds'
      return { [every]: all.every(each => each[every]), [some]: all.some(each => each[some]) } as unknown as Outcome
    }
    case 'not': {
      const { holds, fails } = outcomeOf(value.args[0], known)
      return { holds: fails, fails: holds }
    }
    case 'is_null': {
      const [operand] = value.args
      const column = operand.op === 'col' ? known(operand.name) : undefined
      return column ? { holds: column.nulls !== 'none', fails: column.nulls !== 'all' } : EITHER
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
      return compared(value.op, rangeOf(value.args[0], known), rangeOf(value.args[1], known))
    case 'gt':
      return compared('lt', rangeOf(value.args[1], known), rangeOf(value.args[0], known))
    case 'ge':
      return compared('le', rangeOf(value.args[1], known), rangeOf(value.args[0], known))
    case 'in':
    case 'not_in':
    case 'contains':
    case 'starts_with': {
      const [operand] = value.args
      const column = operand.op === 'col' ? known(operand.name) : undefined
      return column ? membership(value, column) : EITHER
    }
    default:
      return EITHER
  }
}

interface Range {
  least: number
  greatest: number
  nulls: Known['nulls']
}

/** Returns what a number may be, as the double that rows are compared as: rounding keeps the order. */
function rangeOf(value: Expr, known: Knowledge): Range {
  if (value.op === 'lit') return { least: value.value, greatest: value.value, nulls: 'none' }
  const column = value.op === 'col' ? known(value.name) : undefined
  if (column?.type === 'str') throw new BasaltError('config', 'text cannot be calculated with')
  const { least = -Infinity, greatest = Infinity, nulls = 'some' } = column ?? {}
  return { least: Number(least), greatest: Number(greatest), nulls }
}

/** Compares as doubles are: -0 is 0, and nothing is true of null. */
function compared(op: 'eq' | 'ne' | 'lt' | 'le', a: Range, b: Range): Outcome {
  if (a.nulls === 'all' || b.nulls === 'all') return { holds: false, fails: true }
  const nulls = a.nulls !== 'none' || b.nulls !== 'none'
  const meet = a.least <= b.greatest && b.least <= a.greatest
  const same = a.least === a.greatest && b.least === b.greatest && a.least === b.least
  switch (op) {
    case 'eq':
      return { holds: meet, fails: nulls || !same }
    case 'ne':
      return { holds: !same, fails: nulls || meet }
    case 'lt':
      return { holds: a.least < b.greatest, fails: nulls || a.greatest >= b.least }
    case 'le':
      return { holds: a.least <= b.greatest, fails: nulls || a.greatest > b.least }
  }
}

function membership(value: Membership, { type, least, greatest, nulls }: Known): Outcome {
  if (!('values' in value) && type !== 'str') throw new BasaltError('config', `${value.op} needs a text column`)
  const wanted = 'values' in value ? sorted(value, type) : []
  if (nulls === 'all') return { holds: false, fails: true }
  const one = least !== undefined && least === greatest
  const none = value.op === 'not_in' ? 1 : 0 // the answer for a word that is not among them
  let some: boolean
  if (type === 'str' && one) some = decideWords(value, { words: [least as string] })[0] !== none
  else if (!('values' in value) || (type === 'str' && (value.text ?? 'exact') !== 'exact')) return EITHER
  else {
    const low = type === 'i64' || type === 'str' ? least : least === undefined ? undefined : Number(least)
    const high = type === 'i64' || type === 'str' ? greatest : greatest === undefined ? undefined : Number(greatest)
    some = anyWithin(wanted, low, high)
  }
  const isNull = nulls !== 'none'
  return value.op === 'not_in'
    ? { holds: !(one && some), fails: isNull || some }
    : { holds: some, fails: isNull || !(one && some) }
}

const lists = new WeakMap<object, Map<string, Value[]>>()

/** Returns what a column is compared with, ascending; sorted once, for thousands of ids meet thousands of pages. */
function sorted({ values }: Extract<Membership, { values: unknown }>, type: Known['type']): Value[] {
  const byType = lists.get(values) ?? new Map<string, Value[]>()
  lists.set(values, byType)
  let list = byType.get(type)
  if (!list) {
    if (type === 'str') list = values.map(String)
    else if (type === 'i64') list = values.map(exactInteger)
    else list = values.map(Number).filter(each => !Number.isNaN(each))
    byType.set(type, list.sort(compare))
  }
  return list
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'string' || typeof b === 'string') return compareBytes(String(a), String(b))
  return a < b ? -1 : a > b ? 1 : 0
}

function anyWithin(list: readonly Value[], least: Value | undefined, greatest: Value | undefined): boolean {
  let low = 0
  let high = least === undefined ? 0 : list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(list[middle], least as Value) < 0) low = middle + 1
    else high = middle
  }
  return low < list.length && (greatest === undefined || compare(list[low], greatest) <= 0)
}
