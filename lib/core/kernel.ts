import { BasaltError } from './error.js'
import { type Expr, textOf } from './expr.js'

/**
 * A kernel folds many rows into one state per group and reads a value from it. State is columnar: one typed array a
 * field, indexed by group, so one call folds a whole batch for all groups.
 *
 * The law every kernel obeys, and a test checks for all of them: `fields` hold identity elements, and merging partial
 * states in row order gives what folding all their rows in that order gives (float sums: what adding the partial sums
 * in order gives, semantics 3.3).
 */
export interface Kernel {
  kind: 'kernel'
  name: string
  doc: string
  /** What one row brings: nothing, a double (NaN = null), an i64, or a dictionary code (-1 = null). */
  input: 'none' | 'f64' | 'i64' | 'code'
  /** Kernels of the same meaning for other inputs: `sum` of an i64 column is `sum_i64`. */
  variants?: { i64?: string; code?: string }
  fields: Record<string, StateField>
  /** True when the result depends on the total order of rows (first, last). Then `rows.order` is present. */
  ordered?: boolean
  /** Of the rows of a batch it needs the last of each group alone, by total order. */
  lastOnly?: LastOnly
  /** Folding on is the same as merging, to the last bit: states then need no end at the end of a row group. */
  continues?: boolean
  /** Field that is the result as it stands: f64 with NaN for null, whole numbers for an i64, codes. */
  stands?: string
  /** Name of the engine's own kernel that does what `update` does, on the same fields. */
  native?: string
  result: 'f64' | 'i64' | 'str'
  update(state: State, rows: Rows): void
  /** Merges group g of `from` into group `slots[g]` of `into`, for g in 0..count. `from` comes later in file order. */
  merge(into: State, slots: Int32Array, from: State, count: number): void
  /** Returns the group's value; null when no row contributed. `code` kernels return a code. */
  read(state: State, group: number): number | bigint | null
}

/** How a kernel takes the last row of each group: kernels that take the same rows keep the keys of these rows once. */
export interface LastOnly {
  /** Fields that hold the keys of the row that a group keeps. */
  keys: readonly string[]
  /** Notes the keys of rows that come behind what their group keeps, and returns the numbers of these rows. */
  later(state: State, rows: Rows): Int32Array
  /** Keeps the values of such rows. */
  put(state: State, rows: Rows, later: Int32Array): void
}

/** A field's element type and identity. `code` fields hold dictionary codes and are translated between dictionaries. */
export interface StateField {
  type: 'f64' | 'i64' | 'code'
  identity: number | bigint
}

// biome-ignore lint/suspicious/noExplicitAny: each kernel knows the array type of its own fields.
export type State = Record<string, any>

/** The rows of one batch that a fold takes. */
export interface Rows {
  count: number
  index: Int32Array // row numbers in the batch, ascending; index[0..count)
  slots: Int32Array // slots[row] = group of that row
  f64: Float64Array // input 'f64': by row, NaN = null
  i64: BigInt64Array // input 'i64': by row
  words: Int32Array // input 'i64': low and high 32 bits of i64, by 2·row
  codes: Int32Array // input 'code': by row, -1 = null
  valid: Uint8Array | null // input 'i64': by row, null = all present
  order: Order
}

/** The order keys of a batch's rows, semantics 3.1. File and row order are the order of folding itself. */
export interface Order {
  time: Float64Array // ns after the partition date's midnight
  source: BigInt64Array | null // feed
  number: BigInt64Array | null // sequence number inside the feed
  sourceValid: Uint8Array | null
  numberValid: Uint8Array | null
}

/**
 * A series kernel needs the rows themselves, in total order: medians, returns, time weights. It sees one listing and
 * date at a time; buckets are contiguous stretches of it, because labels never fall while time rises.
 */
export interface SeriesKernel {
  kind: 'series'
  name: string
  doc: string
  /** Names of its inputs, in the order of `series.columns`. */
  inputs: string[]
  /** Type of its values; f64 when left out. */
  result?: 'f64' | 'i64'
  /** Needs buckets with a length: its value depends on T0 and T1. */
  span?: boolean
  /**
   * Rows that a bucket's value depends on: its own, or all of the listing's day up to its end, which is what is meant
   * when left out. Bars whose folds need their own rows alone are finished as soon as those are there. `evaluate` may
   * then be given buckets of several listings at once. A test holds every kernel to what it declares.
   */
  scope?: SeriesScope | ((parameters: Parameters) => SeriesScope)
  /** The value is the same in whatever order a bucket's rows come: neither their times nor their order are kept. */
  unordered?: boolean
  /**
   * Its value depends on what stood before the bucket as well: `evaluate` tells, by parameter `part`, what a bucket's own
   * rows say, and `carried.join` puts the buckets of a listing's day together.
   */
  carried?: Carried
  /**
   * Inputs that tell who a row is about, as the order of a message: a column of text or integers, or the first of
   * several that says so (`coalesce`). Evaluation is given numbers from 0, by first appearance: equal where the values
   * are equal, NaN where they are null or empty. Integers beyond 2^53 are told apart.
   */
  identities?: string[]
  /**
   * Is given every row of the listing's day, whatever a metric's filters: a chain of messages must not be cut. Rows that
   * the filters select are marked in `series.counts`.
   */
  everyRow?: boolean
  /** The last row of a bucket has a say until its end, whatever session that lies in: buckets cannot be cut by auctions. */
  standsToEnd?: boolean
  /** Writes one value for each cell into `out[cell]`; NaN = null. */
  evaluate(series: Series, cells: Cells, out: Float64Array, parameters: Parameters): void
}

/** How a value is made of the buckets of a listing's day, those without rows included. */
export interface Carried {
  /** What is kept of a bucket's own rows, by the value of parameter `part`. Those of the clock need no inputs. */
  parts: readonly { name: string; clock?: true }[]
  /** Rows that a metric does not take stand as nulls: what came before them does not stand on. */
  masks: boolean
  /**
   * Values can end to stand before the next row: where buckets are cut by auctions, a further input, behind the others,
   * says until when each one may, in ns after midnight, and this part says it of the last row.
   */
  until?: string
  /** What is kept so that rows of wider buckets can be made of these, where every bucket has one. */
  kept?: { merge: 'mean' | 'sum'; parts: readonly string[]; everyBucket: boolean }
  /** Writes the value of each bucket into out[0], and what is kept into those behind; NaN = null. */
  join(buckets: CarriedBuckets, out: Float64Array[], parameters: Parameters): void
}

/** The buckets of a listing's day, in order of time. */
export interface CarriedBuckets {
  count: number
  start: Float64Array // T0, ns after midnight
  end: Float64Array // T1
  parts: Float64Array[] // by part; NaN in a bucket without rows
}

export type SeriesScope = 'cell' | 'day'

/** Returns the columns of which the first that is not null is an identity. */
export function identityColumns(input: Expr): string[] {
  const args = input.op === 'coalesce' ? input.args : [input]
  return args.map(arg => {
    if (arg.op === 'col') return arg.name
    throw new BasaltError('config', `an identity is a column, or the first of several; it is ${textOf(input)}`)
  })
}

/** Tells which rows a bucket's value depends on, with these parameters. */
export function scopeOf({ scope = 'day' }: SeriesKernel, parameters: Parameters = {}): SeriesScope {
  return typeof scope === 'function' ? scope(parameters) : scope
}

export interface Series {
  length: number
  time: Float64Array // ns after the partition date's midnight, ascending; empty for kernels that are unordered
  columns: Float64Array[] // by input, NaN = null
  /** Of kernels that are given every row: 1 where a row counts, else 0. Left out: all of them count. */
  counts?: Float64Array
}

export interface Cells {
  count: number
  from: Int32Array // first row of the series in this bucket
  to: Int32Array // exclusive
  start: Float64Array // T0, ns after midnight; may be left out for kernels without `span`
  end: Float64Array // T1
}

export type Parameters = Record<string, number | string | boolean | null>

/** Declares a kernel. The export of the value is its registration. */
export const kernel = (definition: Omit<Kernel, 'kind'>): Kernel => ({ kind: 'kernel', ...definition })

/** Declares a series kernel. */
export const seriesKernel = (definition: Omit<SeriesKernel, 'kind'>): SeriesKernel => ({
  kind: 'series',
  ...definition,
})

/** Makes the arrays of states; those of plain TypeScript by default. */
export interface StateMemory {
  f64(length: number): Float64Array
  i64(length: number): BigInt64Array
  i32(length: number): Int32Array
  free(array: Float64Array | BigInt64Array | Int32Array): void
}

const scriptMemory: StateMemory = {
  f64: length => new Float64Array(length),
  i64: length => new BigInt64Array(length),
  i32: length => new Int32Array(length),
  free: () => {},
}

/** Makes columnar state for `capacity` groups, filled with the identities. */
export function makeState(fields: Record<string, StateField>, capacity: number, memory = scriptMemory): State {
  const state: State = {}
  for (const [name, field] of Object.entries(fields)) {
    state[name] = arrayFor(field, capacity, memory)
    state[name].fill(field.identity)
  }
  return state
}

/** Grows state to `capacity` groups; new groups hold the identities. */
export function growState(
  state: State,
  fields: Record<string, StateField>,
  capacity: number,
  memory = scriptMemory,
): void {
  for (const [name, field] of Object.entries(fields)) {
    const grown = arrayFor(field, capacity, memory)
    grown.fill(field.identity as never, state[name].length)
    grown.set(state[name])
    memory.free(state[name])
    state[name] = grown
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see State.
function arrayFor({ type }: StateField, capacity: number, memory: StateMemory): any {
  return type === 'i64' ? memory.i64(capacity) : type === 'code' ? memory.i32(capacity) : memory.f64(capacity)
}
