import type { Column, Words } from './batch.js'
import { Chunk } from './chunk.js'
import { type Coded, codedOf, decideEntries, type Verdicts } from './coded-condition.js'
import { BasaltError } from './error.js'
import { columnsOf, type Expr, keyOf } from './expr.js'
import { type Loops, scriptLoops } from './loops.js'
import { decideWords, exactInteger, type Membership } from './membership.js'

/**
 * Evaluates expressions over chunks, a column at a time. Equal subexpressions are computed once a chunk, into buffers
 * that are used again for the next one: results are borrowed until then.
 */
export class Program {
  private readonly numbers = new Map<Expr, Numbers>()
  private readonly masks = new Map<Expr, Mask>()
  private readonly nodes = new Map<string, Expr>()
  private chunk = new Chunk(0)
  private stamp = 0
  private capacity = 0
  rows = 0

  constructor(
    readonly loops: Loops = scriptLoops,
    /** Whether conditions are decided once an entry of a column's dictionary; otherwise each row is looked at. */
    private readonly byEntry = true,
  ) {}

  /** Starts a chunk; what earlier calls returned is no longer valid. */
  load(chunk: Chunk): void {
    this.chunk = chunk
    this.rows = chunk.rows
    this.stamp++
    if (chunk.rows > this.capacity) this.grow(chunk.rows)
  }

  /** Returns a column of the chunk, or throws when it has none of that name. */
  column(name: string): Column {
    return this.chunk.required(name)
  }

  /** Evaluates to doubles, NaN for null. */
  f64(value: Expr): Float64Array {
    const only = this.only(value)
    let node = this.numbers.get(only)
    if (!node) this.numbers.set(only, (node = { stamp: 0, own: NONE, values: NONE }))
    if (node.stamp !== this.stamp) {
      node.values = this.compute(only, node)
      node.stamp = this.stamp
    }
    return node.values
  }

  /** Evaluates a condition to one byte a row, 1 where it holds. */
  mask(value: Expr): Uint8Array {
    const node = this.decided(value)
    if (node.every !== undefined && !node.filled) {
      node.bytes = this.ownBytes(node).fill(Number(node.every), 0, this.rows)
      node.filled = true
    }
    return node.bytes
  }

  /** Tells what a condition is in every row, where that shows without a look at the rows; undefined otherwise. */
  every(value: Expr): boolean | undefined {
    return this.decided(value).every
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

  /** Gives the buffers back. */
  free(): void {
    for (const { own } of this.numbers.values()) if (own !== NONE) this.loops.free(own)
    for (const { own, table } of this.masks.values()) {
      if (own !== NO_BYTES) this.loops.free(own)
      if (table) this.loops.free(table.bytes)
    }
    this.numbers.clear()
    this.masks.clear()
  }

  private grow(rows: number): void {
    this.free()
    this.capacity = rows
  }

  /** Returns the one object that stands for all equal expressions. Keys are built once an object, not once a chunk. */
  private only(value: Expr): Expr {
    if (this.numbers.has(value) || this.masks.has(value)) return value
    const key = keyCache(value)
    const known = this.nodes.get(key)
    if (known) return known
    this.nodes.set(key, value)
    return value
  }

  private buffer(node: Numbers): Float64Array {
    if (node.own === NONE) node.own = this.loops.f64(this.capacity)
    return node.own
  }

  private compute(value: Expr, node: Numbers): Float64Array {
    const { rows: n, loops } = this
    if (value.op === 'col') return this.widened(this.column(value.name), node)
    if (value.op === 'lit') {
      const known = node.own !== NONE
      return known ? node.own : this.buffer(node).fill(value.value)
    }
    const out = this.buffer(node)
    switch (value.op) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
        loops[value.op](this.f64(value.args[0]), this.f64(value.args[1]), out, n)
        return out
      case 'coalesce': {
        const [first, ...others] = value.args
        let known = this.f64(first)
        for (const other of others) {
          loops.coalesce(known, this.f64(other), out, n)
          known = out
        }
        return known
      }
      case 'if':
        loops.select(this.mask(value.args[0]), this.f64(value.args[1]), this.f64(value.args[2]), out, n)
        return out
      case 'clip':
        loops.clip(this.f64(value.args[0]), value.low, value.high, out, n)
        return out
      default:
        loops.widen(this.mask(value), out, n)
        return out
    }
  }

  private widened(column: Column, node: Numbers): Float64Array {
    const { valid } = column
    if (column.type === 'f64' && !valid) return column.values
    if (column.type === 'str') throw new BasaltError('config', 'text cannot be calculated with')
    const out = this.buffer(node)
    if (column.type === 'f64') out.set(column.values.subarray(0, this.rows))
    else this.loops.widen(column.values, out, this.rows)
    if (valid) this.loops.voidNulls(valid, out, this.rows)
    return out
  }

  private decided(value: Expr): Mask {
    const only = this.only(value)
    let node = this.masks.get(only)
    if (!node) {
      const [name, ...others] = columnsOf(only)
      node = { stamp: 0, own: NO_BYTES, bytes: NO_BYTES, every: undefined, filled: false, table: undefined, name }
      if (others.length > 0) node.name = undefined
      this.masks.set(only, node)
    }
    if (node.stamp !== this.stamp) {
      node.stamp = this.stamp
      node.every = undefined
      node.filled = false
      this.decide(only, node)
    }
    return node
  }

  private ownBytes(node: Mask): Uint8Array {
    if (node.own === NO_BYTES) node.own = this.loops.u8(this.capacity)
    return node.own
  }

  private decide(value: Expr, node: Mask): void {
    const column = node.name === undefined ? undefined : this.column(node.name)
    if (value.op === 'is_null' && value.args[0].op === 'col' && column && !mayBeNull(column)) {
      node.every = false
      return
    }
    const coded = column && this.byEntry ? codedOf(column) : undefined
    if (column && coded) return this.lookUp(value, node, column, coded)
    switch (value.op) {
      case 'true':
        node.every = true
        return
      case 'and':
      case 'or':
        return this.joined(value.op, value.args, node)
      case 'not': {
        const every = this.every(value.args[0])
        if (every !== undefined) node.every = !every
        else this.loops.not(this.mask(value.args[0]), (node.bytes = this.ownBytes(node)), this.rows)
        return
      }
      case 'is_null':
        return this.nulls(value.args[0], node)
      default:
        node.bytes = this.ownBytes(node)
        this.compare(value, node.bytes)
    }
  }

  /** Joins conditions; of those that are the same in every row, one decides or none matters. */
  private joined(op: 'and' | 'or', args: readonly Expr[], node: Mask): void {
    const decides = op === 'or'
    if (args.some(each => this.every(each) === decides)) {
      node.every = decides
      return
    }
    const open = args.filter(each => this.every(each) === undefined)
    if (open.length === 0) node.every = !decides
    else if (open.length === 1) node.bytes = this.mask(open[0])
    else {
      node.bytes = this.ownBytes(node)
      let known = this.mask(open[0])
      for (const other of open.slice(1)) {
        this.loops[op](known, this.mask(other), node.bytes, this.rows)
        known = node.bytes
      }
    }
  }

  private compare(value: Expr, out: Uint8Array): void {
    const { rows: n, loops } = this
    switch (value.op) {
      case 'in':
      case 'not_in':
      case 'contains':
      case 'starts_with':
        return this.member(value, out)
      case 'same_text':
        return this.sameText(value.args, out)
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
        loops[value.op](this.f64(value.args[0]), this.f64(value.args[1]), out, n)
        return
      case 'gt':
        loops.lt(this.f64(value.args[1]), this.f64(value.args[0]), out, n)
        return
      case 'ge':
        loops.le(this.f64(value.args[1]), this.f64(value.args[0]), out, n)
        return
      default:
        loops.truth(this.f64(value), out, n)
    }
  }

  private nulls(value: Expr, node: Mask): void {
    const { rows: n, loops } = this
    const column = value.op === 'col' ? this.column(value.name) : undefined
    node.bytes = this.ownBytes(node)
    if (!column || column.type === 'f64') loops.isNaN(this.f64(value), node.bytes, n)
    else loops.not(column.valid as Uint8Array, node.bytes, n)
  }

  /** Decides a condition on one column once an entry of its dictionary, then looks the rows up. */
  private lookUp(value: Expr, node: Mask, { valid }: Column, coded: Coded): void {
    const { loops, rows: n } = this
    if (node.table?.of !== coded.of) {
      if (node.table) loops.free(node.table.bytes)
      const verdicts = decideEntries(coded, node.name as string, value, (entries, condition) => {
        const program = new Program(scriptLoops, false)
        program.load(entries)
        return program.mask(condition)
      })
      const bytes = loops.u8(verdicts.bytes.length)
      bytes.set(verdicts.bytes)
      node.table = { ...verdicts, bytes }
    }
    const { bytes, ofNull, same } = node.table
    if (same !== undefined && (!valid || same === ofNull)) {
      node.every = same
      return
    }
    node.bytes = this.ownBytes(node)
    loops.look(coded.codes, bytes, node.bytes, n)
    if (!valid) return
    if (!ofNull) return loops.and(node.bytes, valid, node.bytes, n)
    for (let i = 0; i < n; i++) if (!valid[i]) node.bytes[i] = 1
  }

  /** Membership is decided once per dictionary entry for text, and exactly, as integers, for i64 columns. */
  private member(value: Membership, out: Uint8Array): void {
    const { rows: n } = this
    const operand = value.args[0]
    const column = operand.op === 'col' ? this.column(operand.name) : undefined
    if (column?.type === 'str') {
      const decided = decideWords(value, column.dictionary)
      for (let i = 0; i < n; i++) out[i] = column.valid && !column.valid[i] ? 0 : decided[column.values[i]]
      return
    }
    if (!('values' in value)) {
      throw new BasaltError('config', `${value.op} needs a text column`, {
        field: operand.op === 'col' ? operand.name : undefined,
      })
    }
    if (column?.type === 'i64') {
      out.set(memberLongs(value, column.values.subarray(0, n)))
      if (column.valid) this.loops.and(out, column.valid, out, n)
      return
    }
    this.memberNumbers(value, this.f64(operand), out)
  }

  private memberNumbers(
    { op, values }: Extract<Membership, { values: unknown }>,
    numbers: Float64Array,
    out: Uint8Array,
  ): void {
    const { rows: n, loops } = this
    const wanted = values.map(Number).filter(each => !Number.isNaN(each))
    if (wanted.length > 0 && wanted.length <= FEW) {
      const compare = op === 'in' ? loops.eq : loops.ne
      const join = op === 'in' ? loops.or : loops.and
      const [first, ...others] = wanted.map(each => this.f64({ op: 'lit', value: each }))
      compare.call(loops, numbers, first, out, n)
      if (others.length === 0) return
      const mask = loops.u8(n)
      for (const other of others) {
        compare.call(loops, numbers, other, mask, n)
        join.call(loops, out, mask, out, n)
      }
      loops.free(mask)
      return
    }
    const hit = op === 'in' ? 1 : 0
    const set = new Set(wanted)
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(numbers[i]) ? 0 : set.has(numbers[i]) ? hit : hit ^ 1
  }

  private sameText([a, b]: Expr[], out: Uint8Array): void {
    if (a.op !== 'col' || b.op !== 'col') throw new BasaltError('internal', 'same_text compares two columns')
    const left = this.codes(a.name)
    const right = this.codes(b.name)
    const position = new Map(right.words.words.map((word, code) => [word, code]))
    const table = Int32Array.from(left.words.words, word => position.get(word) ?? -2)
    const same = Int32Array.from(right.words.words, word => position.get(word) as number) // a word may stand there twice
    for (let i = 0; i < this.rows; i++)
      out[i] = left.codes[i] >= 0 && table[left.codes[i]] === same[right.codes[i]] ? 1 : 0
  }
}

const NONE = new Float64Array(0)
const NO_BYTES = new Uint8Array(0)
const FEW = 8 // values that are compared one after another; more are looked up in a set

interface Numbers {
  stamp: number
  own: Float64Array // the only memory that is written: values may be a column's, which belongs to the chunk
  values: Float64Array
}

interface Mask {
  stamp: number
  own: Uint8Array // the only memory that is written: bytes may be those of another condition
  bytes: Uint8Array
  every: boolean | undefined
  filled: boolean // where it is the same in every row, whether bytes say so too
  name: string | undefined // the only column that it reads
  table: Verdicts | undefined // of the dictionary last seen
}

function memberLongs(value: Extract<Membership, { values: unknown }>, longs: BigInt64Array): Uint8Array {
  const wanted = value.op === 'in' ? 1 : 0
  const set = new Set(value.values.map(exactInteger))
  const out = new Uint8Array(longs.length)
  let last: bigint | undefined
  let hit = 0
  for (let i = 0; i < longs.length; i++) {
    if (longs[i] !== last) {
      last = longs[i]
      hit = set.has(last) ? wanted : wanted ^ 1
    }
    out[i] = hit
  }
  return out
}

/** Tells whether a column may hold a null; doubles say so by NaN, too. */
function mayBeNull(column: Column): boolean {
  return column.type === 'f64' ? !column.whole : column.valid !== null
}

const keys = new WeakMap<Expr, string>()

function keyCache(value: Expr): string {
  let key = keys.get(value)
  if (key === undefined) keys.set(value, (key = keyOf(value)))
  return key
}
