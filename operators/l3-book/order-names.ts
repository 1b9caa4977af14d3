import { BasaltError, type Column, Interner, keyView, translated, type Words } from '../../lib/core/index.js'

/** The columns that name an order; those that the source lacks are null. */
export interface Names {
  orderId: Column | null
  oldOrderId: Column | null
  originalOrderId: Column | null
}

/** The order that each message is about, named by one or two words a row. */
export interface OrderNames {
  /** Its name before the message, which may rename it, from word `width * row` on. */
  before: Int32Array
  after: Int32Array
  width: 1 | 2
  /** By row, 0 where a message names no order; null where all do. */
  known: Uint8Array | null
  /** Some message names an order. */
  any: boolean
}

/**
 * Returns the names of messages' orders. An order is known by OriginalOrderId, else after a message by OrderId, before it
 * by OldOrderId (semantics 1.4). Empty texts are no names.
 */
export function orderNames({ orderId, oldOrderId, originalOrderId }: Names, rows: number): OrderNames {
  const all = [originalOrderId, orderId, oldOrderId].filter(column => column !== null)
  if (all.length === 0) {
    const none = new Int32Array(rows)
    return { before: none, after: none, width: 1, known: new Uint8Array(rows), any: false }
  }
  const interner = internerOf(all)
  const names = (columns: (Column | null)[]) => {
    const given = columns.filter(column => column !== null)
    return firstKnown(
      given.map(column => namesOf(column, interner)),
      rows,
    )
  }
  const after = names([originalOrderId, orderId, oldOrderId])
  const before = oldOrderId ? names([originalOrderId, oldOrderId, orderId]) : after
  const { width, known } = after // a message that names its order before or after it does so for both
  return { before: before.words, after: after.words, width, known, any: rows > 0 && (!known || known.includes(1)) }
}

/** A column as words, null where it names nothing. */
interface Named {
  words: Int32Array
  width: 1 | 2
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
    const { words, width, valid } = keyView(column, new Interner())
    return { words, width, known: valid }
  }
  const words = translated(column.values, column.dictionary, interner)
  const empty = interner.code('')
  let known = column.valid
  for (let row = 0; row < words.length; row++) {
    if (words[row] !== empty) continue
    if (known === column.valid) known = column.valid?.slice() ?? new Uint8Array(words.length).fill(1)
    if (known) known[row] = 0
  }
  return { words, width: 1, known }
}

/** Returns row by row the first of several names that there is. */
function firstKnown(all: readonly Named[], rows: number): Named {
  const [first] = all
  if (all.length === 1 || first.known === null) return first
  const { width } = first
  const words = first.words.slice(0, width * rows)
  const known = first.known.slice()
  for (const other of all.slice(1)) {
    for (let row = 0; row < rows; row++) {
      if (known[row] || (other.known && !other.known[row])) continue
      known[row] = 1
      for (let word = width * row; word < width * (row + 1); word++) words[word] = other.words[word]
    }
  }
  return { words, width, known }
}
