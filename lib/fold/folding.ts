import {
  BasaltError,
  type Column,
  growState,
  Interner,
  type Kernel,
  makeState,
  type Order,
  type Program,
  type Rows,
  type State,
} from '../core/index.js'
import {
  type CellRuns,
  FOLD_KERNELS,
  type FoldKernel,
  foldSums,
  look,
  type Memory,
  Scratch,
  settleSums,
} from '../wasm/index.js'
import type { Made } from './made.js'
import type { CellRows } from './selection.js'
import type { ScalarFold } from './series-log.js'

const NONE = new Int32Array(0)
const FIRST_CAPACITY = 8192

/** A scalar fold at work: a state for every cell. */
export class Folding {
  /** What the rows of the row group at hand have made. */
  private state: State
  /** What earlier row groups have made; null where folding on is the same as merging. */
  private settled: State | null
  private readonly words = new Interner()
  private readonly rows: Rows & { runs?: CellRuns }
  private readonly native: FoldKernel | undefined
  private readonly tables = new WeakMap<object, Int32Array>()
  private readonly codes: Scratch<Int32Array>
  /** The fields that are this fold's alone. */
  private readonly fields: Kernel['fields']
  private later: Int32Array = NONE // rows of the chunk at hand whose keys were kept, of a fold that takes last rows alone

  constructor(
    readonly scalar: ScalarFold,
    private readonly memory: Memory,
    /** How many cells there will be, as far as one can tell. */
    private capacity = FIRST_CAPACITY,
    /** A fold of last rows that takes the same rows before this one does: it keeps the keys of both. */
    private readonly leader: Folding | null = null,
  ) {
    const { kernel } = scalar
    this.fields = leader ? fieldsBut(kernel.lastOnly?.keys ?? [], kernel.fields) : kernel.fields
    this.state = makeState(this.fields, this.capacity, memory)
    this.share()
    this.settled = kernel.continues ? null : makeState(kernel.fields, this.capacity, memory)
    this.codes = new Scratch(memory, n => memory.i32(n))
    this.native = kernel.native === undefined ? undefined : FOLD_KERNELS[kernel.native]
    this.rows = {
      count: 0,
      index: NONE,
      slots: NONE,
      f64: new Float64Array(0),
      i64: new BigInt64Array(0),
      words: NONE,
      codes: NONE,
      valid: null,
      order: { time: new Float64Array(0), source: null, number: null, sourceValid: null, numberValid: null },
    }
  }

  /** Takes the selected rows of the chunk at hand, to be folded next; `cells` is how many cells there are by now. */
  take(program: Program, { index, count, slots, runs }: CellRows, order: Order, cells: number): void {
    const { rows } = this
    this.reserve(cells)
    rows.count = count
    rows.index = index
    rows.slots = slots
    rows.runs = runs
    rows.order = order
    this.bind(program)
  }

  /** Folds the rows that were taken. */
  fold(): void {
    const { native, kernel, state, rows, leader } = this
    if (native) native(this.memory, state, rows)
    else if (kernel.lastOnly) {
      this.later = leader ? leader.later : kernel.lastOnly.later(state, rows)
      kernel.lastOnly.put(state, rows, this.later)
    } else kernel.update(state, rows)
  }

  /** Sees the keys of the leader, whose arrays are others when they have grown. */
  private share(): void {
    const { leader, state, kernel } = this
    if (leader) for (const key of kernel.lastOnly?.keys ?? []) state[key] = leader.state[key]
  }

  /** Folds sums that took the same rows, in one pass over them. */
  static foldSums(sums: readonly Folding[]): void {
    const [{ memory, rows }] = sums
    foldSums(
      memory,
      rows,
      sums.map(each => ({ values: each.rows.f64, totals: each.state.total })),
    )
  }

  /** Makes room for the states of `cells` cells. */
  reserve(cells: number): void {
    this.leader?.reserve(cells)
    if (cells > this.capacity) {
      const { memory, fields, state, settled } = this
      this.capacity = Math.max(cells, this.capacity * 2)
      growState(state, fields, this.capacity, memory)
      if (settled) growState(settled, fields, this.capacity, memory)
    }
    this.share()
  }

  private bind(program: Program): void {
    const { rows, scalar } = this
    const { kernel, input } = scalar
    if (kernel.input === 'none' || input === null) return
    if (kernel.input === 'f64') {
      rows.f64 = program.f64(input)
      return
    }
    const name = input.op === 'col' ? input.name : ''
    const column = program.column(name)
    if (kernel.input === 'i64' && column.type === 'i64') {
      rows.i64 = column.values
      if (!this.native)
        rows.words = new Int32Array(column.values.buffer, column.values.byteOffset, column.values.length * 2)
      rows.valid = column.valid
    } else if (kernel.input === 'code' && column.type === 'str') rows.codes = this.own(column, program.rows)
    else throw new BasaltError('internal', `kernel '${kernel.name}' cannot fold '${name}'`, { field: name })
  }

  /** Rewrites a text column's codes as codes of this fold's own words, -1 where null. */
  private own(column: Column & { type: 'str' }, n: number): Int32Array {
    const codes = this.codes.of(n)
    let table = this.tables.get(column.dictionary)
    if (!table) this.tables.set(column.dictionary, (table = this.words.translate(column.dictionary)))
    look(this.memory, column.values, table, codes, n)
    const { valid } = column
    if (valid) for (let i = 0; i < n; i++) if (!valid[i]) codes[i] = -1
    return codes
  }

  /** Ends a row group: its partial is merged behind those before it (semantics 3.3). `every` lists all cells. */
  settle(every: Int32Array): void {
    const { settled, scalar, state } = this
    this.reserve(every.length)
    if (!settled) return
    if (scalar.kernel.native === 'sum') return settleSums(this.memory, settled.total, state.total, every.length)
    scalar.kernel.merge(settled, every, state, every.length)
    for (const [name, { identity }] of Object.entries(scalar.kernel.fields)) state[name].fill(identity, 0, every.length)
  }

  /** Returns the states of whole row groups, by cell. */
  get whole(): State {
    return this.settled ?? this.state
  }

  get kernel(): Kernel {
    return this.scalar.kernel
  }

  get dictionary(): Interner {
    return this.words
  }

  /** Keeps the listed of `known` cells, ascending, and numbers them from 0; the others get the identities. */
  keep(cells: Int32Array, count: number, known: number): void {
    for (const state of this.settled ? [this.settled] : [this.state]) {
      for (const [name, { identity }] of Object.entries(this.fields)) {
        const values = state[name]
        for (let k = 0; k < count; k++) values[k] = values[cells[k]]
        values.fill(identity, count, Math.max(count, Math.min(known, values.length)))
      }
    }
  }

  /** Lists the states of listed cells as columns of a partial, named `{prefix}{fold}.{field}`. */
  columns(prefix: string, cells: Int32Array, count: number): Made[] {
    const { scalar, whole, words } = this
    return Object.entries(scalar.kernel.fields).map(([field, { type }]): Made => {
      const name = `${prefix}${scalar.fold}.${field}`
      const values = whole[field]
      if (type === 'f64') {
        const out = new Float64Array(count)
        for (let k = 0; k < count; k++) out[k] = values[cells[k]]
        return [name, { type, values: out, valid: null }]
      }
      if (type === 'i64') {
        const out = new BigInt64Array(count)
        for (let k = 0; k < count; k++) out[k] = values[cells[k]]
        return [name, { type, values: out, valid: null }]
      }
      const valid = new Uint8Array(count)
      const codes = new Int32Array(count)
      for (let k = 0; k < count; k++) {
        const code = values[cells[k]]
        if (code < 0) continue
        valid[k] = 1
        codes[k] = code
      }
      return [name, { type: 'str', values: codes, valid, dictionary: words.snapshot() }]
    })
  }

  free(): void {
    for (const state of [this.state, this.settled])
      if (state) for (const name of Object.keys(this.fields)) this.memory.free(state[name])
    this.codes.close()
  }
}

function fieldsBut(names: readonly string[], fields: Kernel['fields']): Kernel['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}
