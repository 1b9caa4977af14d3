import { BasaltError, type Column, type Order, type Program, type Rows } from '../core/index.js'
import { type EntityRows, firstOtherCode, firstOtherLong, type Memory } from '../wasm/index.js'
import { Folding } from './folding.js'
import type { ScalarFold } from './series-log.js'

const NO_INTS = new Int32Array(0)
const NO_LONGS = new BigInt64Array(0)
const UNKNOWN = -1

/** One attribute of entities. Values are compared as the codes that the chunk's dictionary has for them. */
export class AttributeFold {
  readonly folding: Folding
  private readonly name: string
  private readonly rows: Rows
  private chunk: EntityRows = { index: NO_INTS, count: 0, entities: NO_INTS }
  private idle = false
  private mask: Uint8Array | null = null // rows that have a say
  private both: Uint8Array | null = null // memory for a mask that is two conditions
  private codes: Int32Array | null = null // of the chunk's rows; null where they are plain integers
  private of: object | null = null // the dictionary of the codes
  private size = 0 // of the dictionary
  private table = NO_INTS as Int32Array // of text: the fold's own code by code of the dictionary
  private codeOf: (value: number | bigint) => number = () => UNKNOWN // the dictionary's code of a state's value
  private known: Int32Array // by entity: the code of its value, or UNKNOWN

  constructor(
    private readonly scalar: ScalarFold,
    private readonly memory: Memory,
  ) {
    this.folding = new Folding(scalar, memory)
    this.name = scalar.input?.op === 'col' ? scalar.input.name : ''
    this.known = memory.i32(1024).fill(UNKNOWN)
    const time = new Float64Array(0)
    const order = { time, source: null, number: null, sourceValid: null, numberValid: null }
    const none = { f64: time, i64: NO_LONGS, words: NO_INTS, codes: NO_INTS, valid: null }
    this.rows = { count: 0, index: NO_INTS, slots: NO_INTS, ...none, order }
  }

  /** Starts a chunk. */
  start(program: Program, chunk: EntityRows, order: Order, known: number): void {
    const { folding, rows, scalar } = this
    const column = program.column(this.name)
    const every = program.every(scalar.where)
    // A column that the file lacks is null in every row.
    this.idle = every === false || (column.uniform === true && column.valid?.[0] === 0)
    if (this.idle) return
    folding.reserve(known)
    this.reserve(known)
    this.chunk = chunk
    this.mask = this.maskOf(column.valid, every ? null : program.mask(scalar.where), program)
    rows.slots = chunk.entities
    rows.order = order
    if (column.type === 'str' && scalar.kernel.input === 'code') this.startText(column, program.rows)
    else if (column.type === 'i64' && scalar.kernel.input === 'i64') this.startLongs(column)
    else throw new BasaltError('internal', `'${this.name}' is no attribute`, { field: this.name })
  }

  private startText({ values, dictionary }: Column & { type: 'str' }, n: number): void {
    if (this.rows.codes.length < n) this.rows.codes = new Int32Array(n)
    this.codes = values
    this.face(dictionary, dictionary.words.length, () => {
      this.table = this.folding.dictionary.translate(dictionary)
      const codes = new Int32Array(this.folding.dictionary.words.length).fill(UNKNOWN)
      for (let code = 0; code < this.table.length; code++) codes[this.table[code]] = code
      return own => codes[own as number] ?? UNKNOWN
    })
  }

  private startLongs({ values, valid, coded }: Column & { type: 'i64' }): void {
    const { rows } = this
    rows.i64 = values
    rows.words = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
    rows.valid = valid
    this.codes = coded?.codes ?? null
    if (!coded) return
    const { dictionary } = coded
    this.face(dictionary, dictionary.values.length, () => {
      const codes = new Map<number | bigint, number>()
      for (let code = 0; code < dictionary.values.length; code++) codes.set(dictionary.values[code], code)
      return value => codes.get(value) ?? UNKNOWN
    })
  }

  /** Turns to the dictionary of the chunk: what is known of entities is told by its codes from now on. */
  private face(dictionary: object, size: number, codeOf: () => (value: number | bigint) => number): void {
    if (this.of === dictionary) return
    this.of = dictionary
    this.size = size
    this.codeOf = codeOf()
    const { time } = this.folding.whole
    for (let entity = 0; entity < this.known.length; entity++) {
      if (entity < time.length && !Number.isNaN(time[entity])) this.refresh(entity)
      else this.known[entity] = UNKNOWN
    }
  }

  /** Returns the place, from `from` on, of the next row with another value than is known of its entity. */
  next(from: number): number {
    const { memory, chunk, mask, codes, known, rows } = this
    if (this.idle || from >= chunk.count) return chunk.count
    if (!codes) {
      const { value, time } = this.folding.whole
      return firstOtherLong(memory, chunk, from, rows.i64, mask, value, time)
    }
    // A dictionary of one entry has one code: nothing to look for once all entities have it.
    if (this.size === 1 && known.subarray(0, this.entities).every(code => code === 0)) return chunk.count
    return firstOtherCode(memory, chunk, from, codes, mask, known)
  }

  /** Folds listed rows that have a say. */
  fold(index: Int32Array): void {
    if (this.idle) return
    const { mask, rows, codes, table, scalar } = this
    const taken = mask ? index.filter(row => mask[row]) : index
    if (codes && scalar.kernel.input === 'code') for (const row of taken) rows.codes[row] = table[codes[row]]
    rows.index = taken
    rows.count = taken.length
    scalar.kernel.update(this.folding.whole, rows)
  }

  /** Notes what is now known of an entity; returns the time of the row it comes from, NaN where there is none. */
  refresh(entity: number): number {
    const { value, time } = this.folding.whole
    const known = !Number.isNaN(time[entity])
    this.known[entity] = known && this.of ? this.codeOf(value[entity]) : UNKNOWN
    return time[entity]
  }

  private maskOf(valid: Uint8Array | null, where: Uint8Array | null, { rows: n, loops }: Program): Uint8Array | null {
    if (!valid || !where) return valid ?? where
    if (!this.both || this.both.length < n) {
      if (this.both) this.memory.free(this.both)
      this.both = this.memory.u8(n)
    }
    loops.and(valid, where, this.both, n)
    return this.both
  }

  private entities = 0

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
    if (this.both) this.memory.free(this.both)
  }
}
