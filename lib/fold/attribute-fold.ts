import { BasaltError, type Column, type Order, type Program, rowNumbers } from '../core/index.js'
import { type EntityRuns, foldAttribute, look, type Memory, Scratch } from '../wasm/index.js'
import { Folding } from './folding.js'
import type { Made } from './made.js'
import type { ScalarFold } from './series-log.js'

const UNKNOWN = -1

/** A dictionary that a chunk's codes are of. */
interface Faced {
  of: object
  /** By code: the value, as the fold's state has it. */
  values: Int32Array | BigInt64Array
  codeOf: (value: number | bigint) => number
  /** By code: the one that stands for it, where a value stands in the dictionary twice. */
  canonical: Int32Array | null
}

/**
 * One attribute of entities. What is known of them is kept as the codes that the chunk's dictionary has for it, and
 * turned into values when another dictionary comes or states are asked for.
 */
export class AttributeFold {
  private readonly folding: Folding
  private readonly name: string
  private faced: Faced | null = null
  private known: Int32Array // by entity: the code of its value, UNKNOWN where the dictionary has none
  private entities = 0
  private readonly both: Scratch<Uint8Array> // for a mask that is several
  private readonly own: Scratch<Int32Array> // for codes that are not the file's

  constructor(
    private readonly scalar: ScalarFold,
    private readonly memory: Memory,
  ) {
    this.folding = new Folding(scalar, memory, 1024)
    this.name = scalar.input?.op === 'col' ? scalar.input.name : ''
    this.known = memory.i32(1024).fill(UNKNOWN)
    this.both = new Scratch(memory, n => memory.u8(n))
    this.own = new Scratch(memory, n => memory.i32(n))
  }

  /** Folds rows of the chunk at hand, those that are `kept`; `known` is how many entities there are by now. */
  update(
    program: Program,
    rows: EntityRuns,
    kept: Uint8Array | null,
    order: Order,
    known: number,
    touched: Uint8Array,
  ): void {
    const { memory, folding, scalar } = this
    const column = program.column(this.name)
    const every = program.every(scalar.where)
    // A column that the file lacks is null in every row.
    if (every === false || (column.uniform === true && column.valid?.[0] === 0)) return
    folding.reserve(known)
    this.reserve(known)
    const mask = this.maskOf([column.valid, every ? null : program.mask(scalar.where), kept], program)
    const codes = this.codesOf(column, program.rows)
    const state = folding.whole
    if (codes) foldAttribute(memory, rows, codes, mask, order, this.known, state, touched)
    else if (column.type === 'i64' && scalar.kernel.input === 'i64')
      foldAttribute(memory, rows, column.values, mask, order, state.value, state, touched)
    else throw new BasaltError('internal', `'${this.name}' is no attribute`, { field: this.name })
  }

  /** Returns the states of listed entities as columns of a partial. */
  states(entities: Int32Array): Made[] {
    this.settle()
    return this.folding.columns('a', entities, entities.length)
  }

  /** Returns the chunk's codes, once what is known is told in them; null where values have none. */
  private codesOf(column: Column, n: number): Int32Array | null {
    const { input } = this.scalar.kernel
    if (column.type === 'str' && input === 'code') {
      const { dictionary, values } = column
      if (this.faced?.of !== dictionary) this.face(dictionary, this.folding.dictionary.translate(dictionary))
      return this.canonicalOf(values, n)
    }
    if (column.type === 'i64' && input === 'i64' && column.coded) {
      const { codes, dictionary } = column.coded
      // Copied: what is known is told by it beyond the row group, whose memory is used again.
      if (this.faced?.of !== dictionary) this.face(dictionary, (dictionary.values as BigInt64Array).slice())
      return this.canonicalOf(codes, n)
    }
    this.settle()
    this.faced = null
    return null
  }

  private canonicalOf(codes: Int32Array, n: number): Int32Array {
    const canonical = this.faced?.canonical
    if (!canonical) return codes
    const own = this.own.of(n)
    look(this.memory, codes, canonical, own, n)
    return own
  }

  /** Turns to another dictionary: what is known of entities is told by its codes from now on. */
  private face(of: object, values: Int32Array | BigInt64Array): void {
    this.settle()
    const codes = new Map<number | bigint, number>()
    let canonical: Int32Array | null = null
    for (let code = 0; code < values.length; code++) {
      const first = codes.get(values[code])
      if (first === undefined) codes.set(values[code], code)
      else {
        canonical ??= rowNumbers(values.length)
        canonical[code] = first
      }
    }
    this.faced = { of, values, codeOf: value => codes.get(value) ?? UNKNOWN, canonical }
    const { value, time } = this.folding.whole
    for (let entity = 0; entity < this.entities; entity++)
      this.known[entity] = Number.isNaN(time[entity]) ? UNKNOWN : this.faced.codeOf(value[entity])
  }

  /** Writes values where codes are known. */
  private settle(): void {
    const { faced, known } = this
    if (!faced) return
    const { value } = this.folding.whole
    for (let entity = 0; entity < this.entities; entity++)
      if (known[entity] !== UNKNOWN) value[entity] = faced.values[known[entity]]
  }

  /** Joins masks; null where there is none. */
  private maskOf(masks: readonly (Uint8Array | null)[], { rows: n, loops }: Program): Uint8Array | null {
    const [first = null, ...others] = masks.filter(mask => mask !== null)
    let joined = first
    for (const other of others) {
      const both = this.both.of(n)
      loops.and(joined as Uint8Array, other, both, n)
      joined = both
    }
    return joined
  }

  private reserve(known: number): void {
    this.entities = known
    if (known <= this.known.length) return
    const grown = this.memory.i32(Math.max(known, this.known.length * 2)).fill(UNKNOWN)
    grown.set(this.known)
    this.memory.free(this.known)
    this.known = grown
  }

  free(): void {
    this.folding.free()
    this.memory.free(this.known)
    this.both.close()
    this.own.close()
  }
}
