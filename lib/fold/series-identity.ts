import {
  BasaltError,
  type Column,
  type ColumnType,
  type Expr,
  halves,
  identityColumns,
  type Program,
  type Words,
} from '../core/index.js'

type Text = Column & { type: 'str' }
type Integers = Column & { type: 'i64' }

/**
 * Returns an identity as it is logged, of the rows at hand: the first of its columns that is not null, nor the empty
 * text. Integers among text columns become their decimal digits.
 */
export function identityColumn(program: Program, input: Expr, type: ColumnType): Column {
  const columns = identityColumns(input).map(name => program.column(name))
  if (type === 'i64') return firstInteger(columns.map(integers), program.rows)
  return firstText(
    columns.map(column => (column.type === 'str' ? column : digits(integers(column), program.rows))),
    program.rows,
  )
}

function integers(column: Column): Integers {
  if (column.type === 'i64') return column
  throw new BasaltError('internal', `an identity is no column of type ${column.type}`)
}

function firstInteger(columns: readonly Integers[], rows: number): Column {
  if (columns.length === 1 || !columns[0].valid) return columns[0]
  const values = new BigInt64Array(rows)
  const out = halves(values)
  const valid = new Uint8Array(rows)
  for (const column of columns) {
    const own = halves(column.values)
    for (let i = 0; i < rows; i++) {
      if (valid[i] || (column.valid && !column.valid[i])) continue
      out[2 * i] = own[2 * i]
      out[2 * i + 1] = own[2 * i + 1]
      valid[i] = 1
    }
  }
  return { type: 'i64', values, valid }
}

function firstText(columns: readonly Text[], rows: number): Column {
  const { words, offsets, empty } = joined(columns.map(({ dictionary }) => dictionary))
  if (columns.length === 1 && empty[0] < 0) return columns[0]
  const values = new Int32Array(rows)
  const valid = new Uint8Array(rows)
  for (const [c, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) {
      const code = column.values[i]
      if (valid[i] || code < 0 || code === empty[c] || (column.valid && !column.valid[i])) continue
      values[i] = offsets[c] + code
      valid[i] = 1
    }
  }
  return { type: 'str', values, valid, dictionary: words }
}

interface Joined {
  parts: readonly Words[]
  words: Words
  offsets: number[] // of each part's codes
  empty: number[] // code of the empty text in each part, -1 without one
}

/** By the first dictionary: those of a row group stay for all its chunks, and so does what is known of their words. */
const joins = new WeakMap<Words, Joined>()

function joined(parts: readonly Words[]): Joined {
  const known = joins.get(parts[0])
  if (known && known.parts.length === parts.length && known.parts.every((each, i) => each === parts[i])) return known
  const offsets = parts.map((_, i) => parts.slice(0, i).reduce((sum, { words }) => sum + words.length, 0))
  const words = parts.length === 1 ? parts[0] : { words: parts.flatMap(each => each.words) }
  const join = { parts, words, offsets, empty: parts.map(each => each.words.indexOf('')) }
  joins.set(parts[0], join)
  return join
}

function digits({ values, valid }: Integers, rows: number): Text {
  const codes = new Map<bigint, number>()
  const words: string[] = []
  const out = new Int32Array(rows).fill(-1)
  for (let i = 0; i < rows; i++) {
    if (valid && !valid[i]) continue
    let code = codes.get(values[i])
    if (code === undefined) codes.set(values[i], (code = words.push(String(values[i])) - 1))
    out[i] = code
  }
  return { type: 'str', values: out, valid, dictionary: { words } }
}

/**
 * Returns rows from..to of a logged column as a kernel is given them: doubles as they are; identities numbered from 0 by
 * first appearance, null ones as NaN.
 */
export function numbersOf(column: Column, from: number, to: number): Float64Array {
  if (column.type === 'f64') return column.values.subarray(from, to)
  const { valid } = column
  const wide = column.type === 'i64'
  const words = wide ? halves(column.values) : (column.values as Int32Array)
  const out = new Float64Array(to - from)
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * out.length + 2))) // row + 1 of a number's first row
  const mask = table.length - 1
  let count = 0
  for (let row = from; row < to; row++) {
    const low = wide ? words[2 * row] : words[row]
    const high = wide ? words[2 * row + 1] : 0
    if ((valid && !valid[row]) || (!wide && low < 0)) {
      out[row - from] = Number.NaN
      continue
    }
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
    hash ^= hash >>> 15
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const first = table[at] - 1
      if (first < 0) {
        table[at] = row + 1
        out[row - from] = count++
        break
      }
      if (wide ? words[2 * first] === low && words[2 * first + 1] === high : words[first] === low) {
        out[row - from] = out[first - from]
        break
      }
    }
  }
  return out
}
