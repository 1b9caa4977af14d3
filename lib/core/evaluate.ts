import type { Column } from './batch.js'
import { Chunk } from './chunk.js'
import { type Coded, codedOf, decideEntries, type Verdicts } from './coded-condition.js'
import { BasaltError } from './error.js'
import { columnsOf, type Expr, keyOf } from './expr.js'
import { between } from './instants.js'
import { type Loops, scriptLoops } from './loops.js'
import { member, sameText } from './member.js'

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
      case 'sub':
        if (this.elapsed(value.args, out)) return out
        loops.sub(this.f64(value.args[0]), this.f64(value.args[1]), out, n)
        return out
      case 'add':
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
      case 'ln':
        logarithms(this.f64(value.args[0]), out, n)
        return out
      case 'clip':
        loops.clip(this.f64(value.args[0]), value.low, value.high, out, n)
        return out
      default:
        loops.widen(this.mask(value), out, n)
        return out
    }
  }

  /** Writes the ns between two columns of stamps, null where one is null; false where the operands are no such columns. */
  private elapsed([a, b]: readonly Expr[], out: Float64Array): boolean {
    if (a.op !== 'col' || b.op !== 'col') return false
    const [to, from] = [this.column(a.name), this.column(b.name)]
    if (to.type !== 'ts' || from.type !== 'ts') return false
    between(to.values, from.values, out, this.rows)
    for (const { valid } of [to, from]) if (valid) this.loops.voidNulls(valid, out, this.rows)
    return true
  }

  private widened(column: Column, node: Numbers): Float64Array {
    const { valid } = column
    if (column.type === 'f64' && (!valid || column.voided)) return column.values
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
        return member(this, value, out)
      case 'same_text':
        return sameText(this, value.args, out)
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
}

const NONE = new Float64Array(0)
const NO_BYTES = new Uint8Array(0)

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

function logarithms(values: Float64Array, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i] = values[i] > 0 ? Math.log(values[i]) : Number.NaN
}
