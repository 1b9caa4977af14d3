import type { RecordBatch } from 'apache-arrow'
import { type Column, columnOf, type Words } from './batch.js'
import { BasaltError } from './error.js'
import { type Expr, keyOf } from './expr.js'
import { decideWords, exactInteger, type Membership } from './membership.js'

/**
 * Evaluates expressions over batches, a column at a time. Equal subexpressions are computed once a batch, into buffers
 * that are used again for the next one: results are borrowed until then.
 */
export class Program {
  private readonly numbers = new Map<string, Numbers>()
  private readonly masks = new Map<string, Mask>()
  private readonly columns = new Map<string, Column | undefined>()
  private batch: RecordBatch | undefined
  private stamp = 0
  rows = 0

  /** Starts a batch; what earlier calls returned is no longer valid. */
  load(batch: RecordBatch): void {
    this.batch = batch
    this.rows = batch.numRows
    this.stamp++
    this.columns.clear()
  }

  /** Returns a column of the batch, or throws when it has none of that name. */
  column(name: string): Column {
    let column = this.columns.get(name)
    if (!column) {
      column = columnOf(this.batch as RecordBatch, name)
      if (!column) throw new BasaltError('internal', `no column '${name}' in the batch`, { field: name })
      this.columns.set(name, column)
    }
    return column
  }

  /** Tells whether the batch has a column. */
  has(name: string): boolean {
    return (this.batch as RecordBatch).schema.fields.some(field => field.name === name)
  }

  /** Evaluates to doubles, NaN for null. */
  f64(value: Expr): Float64Array {
    const key = keyCache(value)
    let node = this.numbers.get(key)
    if (!node) this.numbers.set(key, (node = { stamp: 0, own: NONE, values: NONE }))
    if (node.stamp !== this.stamp) {
      if (node.own.length < this.rows) node.own = new Float64Array(this.rows)
      node.values = this.compute(value, node.own)
      node.stamp = this.stamp
    }
    return node.values
  }

  /** Evaluates a condition to one byte a row, 1 where it holds. */
  mask(value: Expr): Uint8Array {
    const key = keyCache(value)
    let node = this.masks.get(key)
    if (!node) this.masks.set(key, (node = { stamp: 0, bytes: new Uint8Array(0), table: undefined }))
    if (node.stamp !== this.stamp) {
      if (node.bytes.length < this.rows) node.bytes = new Uint8Array(this.rows)
      this.decide(value, node)
      node.stamp = this.stamp
    }
    return node.bytes
  }

  /** Evaluates text to dictionary codes, -1 for null. The words are those of the column itself. */
  codes(name: string): { codes: Int32Array; words: Words } {
    const column = this.column(name)
    if (column.type !== 'str') throw new BasaltError('internal', `column '${name}' holds no text`, { field: name })
    if (!column.valid) return { codes: column.values, words: column.dictionary }
    const codes = new Int32Array(this.rows)
    for (let i = 0; i < this.rows; i++) codes[i] = column.valid[i] ? column.values[i] : -1
    return { codes, words: column.dictionary }
  }

  private compute(value: Expr, out: Float64Array): Float64Array {
    const n = this.rows
    switch (value.op) {
      case 'col':
        return widened(this.column(value.name), n, out)
      case 'lit':
        return out.fill(value.value, 0, n)
      case 'add':
      case 'sub':
      case 'mul':
      case 'div': {
        const a = this.f64(value.args[0])
        const b = this.f64(value.args[1])
        if (value.op === 'add') for (let i = 0; i < n; i++) out[i] = a[i] + b[i]
        else if (value.op === 'sub') for (let i = 0; i < n; i++) out[i] = a[i] - b[i]
        else if (value.op === 'mul') for (let i = 0; i < n; i++) out[i] = a[i] * b[i]
        // A zero denominator gives null, never infinity (semantics 4.1).
        else for (let i = 0; i < n; i++) out[i] = b[i] === 0 ? Number.NaN : a[i] / b[i]
        return out
      }
      case 'coalesce': {
        out.set(this.f64(value.args[0]).subarray(0, n))
        for (const next of value.args.slice(1)) {
          const other = this.f64(next)
          // biome-ignore lint/suspicious/noSelfCompare: the fastest test for NaN in a hot loop.
          for (let i = 0; i < n; i++) if (out[i] !== out[i]) out[i] = other[i]
        }
        return out
      }
      case 'if': {
        const condition = this.mask(value.args[0])
        const yes = this.f64(value.args[1])
        const no = this.f64(value.args[2])
        for (let i = 0; i < n; i++) out[i] = condition[i] ? yes[i] : no[i]
        return out
      }
      case 'clip': {
        const inner = this.f64(value.args[0])
        const { low, high } = value
        for (let i = 0; i < n; i++) out[i] = inner[i] < low ? low : inner[i] > high ? high : inner[i]
        return out
      }
      default: {
        const bytes = this.mask(value)
        for (let i = 0; i < n; i++) out[i] = bytes[i]
        return out
      }
    }
  }

  private decide(value: Expr, node: Mask): void {
    const n = this.rows
    const out = node.bytes
    switch (value.op) {
      case 'true':
        out.fill(1, 0, n)
        return
      case 'and': {
        out.set(this.mask(value.args[0]).subarray(0, n))
        for (const next of value.args.slice(1)) {
          const other = this.mask(next)
          for (let i = 0; i < n; i++) out[i] &= other[i]
        }
        return
      }
      case 'or': {
        out.set(this.mask(value.args[0]).subarray(0, n))
        for (const next of value.args.slice(1)) {
          const other = this.mask(next)
          for (let i = 0; i < n; i++) out[i] |= other[i]
        }
        return
      }
      case 'not': {
        const inner = this.mask(value.args[0])
        for (let i = 0; i < n; i++) out[i] = inner[i] ^ 1
        return
      }
      case 'is_null':
        return this.nulls(value.args[0], out)
      case 'in':
      case 'not_in':
      case 'contains':
      case 'starts_with':
        return this.member(value, node)
      case 'same_text':
        return this.sameText(value.args, out)
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge': {
        const a = this.f64(value.args[0])
        const b = this.f64(value.args[1])
        if (value.op === 'eq') for (let i = 0; i < n; i++) out[i] = a[i] === b[i] ? 1 : 0
        else if (value.op === 'ne') for (let i = 0; i < n; i++) out[i] = a[i] < b[i] || a[i] > b[i] ? 1 : 0
        else if (value.op === 'lt') for (let i = 0; i < n; i++) out[i] = a[i] < b[i] ? 1 : 0
        else if (value.op === 'le') for (let i = 0; i < n; i++) out[i] = a[i] <= b[i] ? 1 : 0
        else if (value.op === 'gt') for (let i = 0; i < n; i++) out[i] = a[i] > b[i] ? 1 : 0
        else for (let i = 0; i < n; i++) out[i] = a[i] >= b[i] ? 1 : 0
        return
      }
      default: {
        const numbers = this.f64(value)
        for (let i = 0; i < n; i++) out[i] = numbers[i] > 0 || numbers[i] < 0 ? 1 : 0
      }
    }
  }

  private nulls(value: Expr, out: Uint8Array): void {
    const n = this.rows
    if (value.op === 'col') {
      const { valid, type, values } = this.column(value.name)
      for (let i = 0; i < n; i++) out[i] = valid && !valid[i] ? 1 : 0
      if (type === 'f64') for (let i = 0; i < n; i++) if (Number.isNaN(values[i])) out[i] = 1
      return
    }
    const numbers = this.f64(value)
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(numbers[i]) ? 1 : 0
  }

  /** Membership is decided once per dictionary entry for text, and exactly, as integers, for i64 columns. */
  private member(value: Membership, node: Mask): void {
    const n = this.rows
    const out = node.bytes
    const wanted = value.op === 'not_in' ? 0 : 1
    const operand = value.args[0]
    const column = operand.op === 'col' ? this.column(operand.name) : undefined
    if (column?.type === 'str') {
      if (node.table?.words !== column.dictionary)
        node.table = { words: column.dictionary, bytes: decideWords(value, column.dictionary) }
      const { bytes } = node.table
      const { values, valid } = column
      for (let i = 0; i < n; i++) out[i] = valid && !valid[i] ? 0 : bytes[values[i]]
      return
    }
    if (!('values' in value)) {
      throw new BasaltError('config', `${value.op} needs a text column`, {
        field: operand.op === 'col' ? operand.name : undefined,
      })
    }
    if (column?.type === 'i64') {
      const set = new Set(value.values.map(exactInteger))
      const { values, valid } = column
      let last: bigint | undefined
      let lastHit = 0
      for (let i = 0; i < n; i++) {
        if (valid && !valid[i]) out[i] = 0
        else {
          if (values[i] !== last) {
            last = values[i]
            lastHit = set.has(last) ? wanted : wanted ^ 1
          }
          out[i] = lastHit
        }
      }
      return
    }
    const set = new Set(value.values.map(Number))
    const numbers = this.f64(operand)
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(numbers[i]) ? 0 : set.has(numbers[i]) ? wanted : wanted ^ 1
  }

  private sameText([a, b]: Expr[], out: Uint8Array): void {
    if (a.op !== 'col' || b.op !== 'col') throw new BasaltError('internal', 'same_text compares two columns')
    const left = this.codes(a.name)
    const right = this.codes(b.name)
    const position = new Map(right.words.words.map((word, code) => [word, code]))
    const table = Int32Array.from(left.words.words, word => position.get(word) ?? -2)
    for (let i = 0; i < this.rows; i++) out[i] = left.codes[i] >= 0 && table[left.codes[i]] === right.codes[i] ? 1 : 0
  }
}

const NONE = new Float64Array(0)

interface Numbers {
  stamp: number
  own: Float64Array // the only memory that is written: values may be a column's, which belongs to the batch
  values: Float64Array
}

interface Mask {
  stamp: number
  bytes: Uint8Array
  table: { words: Words; bytes: Uint8Array } | undefined // decided words of the dictionary last seen
}

// Keys are built once per expression object, not once per batch.
const keys = new WeakMap<Expr, string>()

function keyCache(value: Expr): string {
  let key = keys.get(value)
  if (key === undefined) keys.set(value, (key = keyOf(value)))
  return key
}

const TWO_32 = 4294967296

function widened(column: Column, n: number, out: Float64Array): Float64Array {
  const { valid } = column
  if (column.type === 'f64' && !valid && column.values.length >= n) return column.values
  if (column.type === 'i64' || column.type === 'ts') {
    // Two 32-bit halves: no BigInt per row. Exact up to 2^53; a product beyond that rounds anyway.
    const words = new Int32Array(column.values.buffer, column.values.byteOffset, n * 2)
    for (let i = 0; i < n; i++) out[i] = words[2 * i + 1] * TWO_32 + (words[2 * i] >>> 0)
  } else if (column.type === 'str') {
    throw new BasaltError('config', 'text cannot be calculated with')
  } else {
    const values = column.values as ArrayLike<number>
    for (let i = 0; i < n; i++) out[i] = values[i]
  }
  if (valid) for (let i = 0; i < n; i++) if (!valid[i]) out[i] = Number.NaN
  return out
}
