import { BasaltError, type Column, Interner, keyView, translated, type Words } from '../../lib/core/index.js'
import { NameTable } from './name-table.js'

/** The columns that name an order; those that the source lacks are null. */
export interface Names {
  orderId: Column | null
  oldOrderId: Column | null
  originalOrderId: Column | null
}

/** The order of each message, numbered from 0 in the order they are first seen; -1 where a message names none. */
export interface Numbered {
  /** Before the message: an update may rename it. */
  before: Int32Array
  after: Int32Array
  count: number
}

/**
 * Numbers the orders of messages. An order is known by OriginalOrderId, else after a message by OrderId, before it by
 * OldOrderId (semantics 1.4). Empty texts are no names.
 */
export function orderNumbers({ orderId, oldOrderId, originalOrderId }: Names, rows: number): Numbered {
  const all = [originalOrderId, orderId, oldOrderId].filter(column => column !== null)
  if (all.length === 0) {
    const none = new Int32Array(rows).fill(-1)
    return { before: none, after: none, count: 0 }
  }
  const table = new NameTable(rows * (oldOrderId ? 2 : 1))
  const interner = internerOf(all)
  const numbers = (columns: (Column | null)[]) => {
    const { words, wide, known } = firstKnown(
      columns.filter(column => column !== null).map(column => namesOf(column, interner)),
      rows,
    )
    const found = new Int32Array(rows)
    for (let row = 0; row < rows; row++) {
      if (known && !known[row]) found[row] = -1
      else found[row] = wide ? table.number(words[2 * row], words[2 * row + 1]) : table.number(words[row], 0)
    }
    return found
  }
  const after = numbers([originalOrderId, orderId, oldOrderId])
  const before = oldOrderId ? numbers([originalOrderId, oldOrderId, orderId]) : after
  return { before, after, count: table.count }
}

/** A column as words, null where it names nothing. */
interface Named {
  words: Int32Array
  wide: boolean
  known: Uint8Array | null
}

const interners = new WeakMap<Words, Interner>()

/** Texts of several columns are numbered together; the dictionaries of a day's listings are the same, and so the interner. */
function internerOf(columns: readonly Column[]): Interner | null {
  const types = new Set(columns.map(({ type }) => type))
  if (types.size > 1) {
    const problem = 'OrderId, OldOrderId and OriginalOrderId have to be of one type: all text or all integers'
    throw new BasaltError('data', problem)
  }
  const [first] = columns
  if (first.type !== 'str') return null
  let interner = interners.get(first.dictionary)
  if (!interner) interners.set(first.dictionary, (interner = new Interner()))
  return interner
}

function namesOf(column: Column, interner: Interner | null): Named {
  if (column.type !== 'str' || !interner) {
    const { words, valid } = keyView(column, new Interner())
    return { words, wide: true, known: valid }
  }
  const words = translated(column.values, column.dictionary, interner)
  const empty = interner.code('')
  let known = column.valid
  for (let row = 0; row < words.length; row++) {
    if (words[row] !== empty) continue
    if (known === column.valid) known = column.valid?.slice() ?? new Uint8Array(words.length).fill(1)
    if (known) known[row] = 0
  }
  return { words, wide: false, known }
}

/** Returns row by row the first of several names that there is. */
function firstKnown(all: readonly Named[], rows: number): Named {
  const [first] = all
  if (all.length === 1 || first.known === null) return first
  const { wide } = first
  const words = first.words.slice(0, wide ? 2 * rows : rows)
  const known = first.known.slice()
  for (const other of all.slice(1)) {
    for (let row = 0; row < rows; row++) {
      if (known[row] || (other.known && !other.known[row])) continue
      known[row] = 1
      if (wide) {
        words[2 * row] = other.words[2 * row]
        words[2 * row + 1] = other.words[2 * row + 1]
      } else words[row] = other.words[row]
    }
  }
  return { words, wide, known }
}
