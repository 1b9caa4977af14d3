import type { Column, ColumnType } from './batch.js'
import type { Parameters } from './kernel.js'
import { scriptLoops } from './loops.js'
import { halves } from './pick.js'

/**
 * A sequence kernel makes rows of its own of a listing's day: it is given the rows of one listing and date in total
 * order, and returns as many rows as they make. Where a row ends is known only then: bars that close when enough was
 * traded, orders that were executed in several trades.
 */
export interface SequenceKernel {
  kind: 'sequence'
  name: string
  doc: string
  /** What one of its rows is, for people: `bar`. */
  row: string
  /** Names of its inputs, in the order of `day.columns`; a request may leave out the last ones. See `byParameters`. */
  inputs: string[] | ((parameters: Parameters) => string[])
  /**
   * Columns of its rows beside Date and ListingId. `TimeBucket`, an instant, is one of them. A function is given no
   * parameters when all columns that there may be are asked for.
   */
  columns: SequenceColumn[] | ((parameters: Parameters) => SequenceColumn[])
  /**
   * Its rows stand until the next one and have the columns of `PIECE`, so that those of a day can be made of pieces of it
   * that follow one another. Makes the rows of many pieces at once, and says of which piece each of them is.
   */
  pieces?: (pieces: Pieces, parameters: Parameters) => { columns: Column[]; owners: Int32Array }
  /** What its rows count for the run report beside what they are; see `count`. */
  counts?: string[]
  /**
   * Makes the rows, in ascending order of TimeBucket: a column for each of `columns`, all of one length. Doubles may
   * say null by NaN. The arrays of `day` are the kernel's own. `count` adds to one of `counts`.
   */
  rows(day: Day, parameters: Parameters, count: (name: string, more: number) => void): Column[]
}

/** Returns what a kernel declares, where parameters may decide it. */
export const byParameters = <T>(declared: T[] | ((parameters: Parameters) => T[]), parameters: Parameters = {}): T[] =>
  typeof declared === 'function' ? declared(parameters) : declared

/** A column that a sequence kernel makes, as plan, explain and the file's metadata show it. */
export interface SequenceColumn {
  name: string
  /** Its type, or the input whose type it has, see `Day`: sums of integers stay 64-bit. */
  type: ColumnType | { of: string }
  unit: string
  doc: string
  formula: string
  /** Merge code of semantics 5.0; `key` for columns that name a row. */
  merge: string
  /** When it is null. */
  nullRule: string
  /** Uses data after the row's TimeBucket (semantics 4.6). */
  hindsight?: boolean
  /** Stands before the identity columns and takes no prefix: keys and times. */
  leads?: boolean
}

/** The rows of a listing on a date, in total order (semantics 3.1). */
export interface Day {
  length: number
  /** ns since the Unix epoch of the partition date's midnight, UTC. */
  midnight: bigint
  /** ns after midnight, ascending. */
  time: Float64Array
  /** By input: 64-bit integers, instants and text where the input is such a column, else doubles with NaN for null. */
  columns: Column[]
}

/** Pieces of days, each of one listing: piece p has rows from[p]..to[p], in total order. */
export interface Pieces extends Pick<Day, 'time' | 'columns'> {
  from: Int32Array
  to: Int32Array
  /** By piece, see `Day`. */
  midnights: readonly bigint[]
}

/** Declares the instant of a sequence's rows, which all of them have. */
export const timeBucket = (doc: string, formula = 'EventTime'): SequenceColumn => ({
  name: 'TimeBucket',
  type: 'ts',
  unit: 'ns UTC',
  doc,
  formula,
  merge: 'key',
  nullRule: 'never null',
  leads: true,
})

/** Declares a sequence kernel. The export of the value is its registration. */
export const sequenceKernel = (definition: Omit<SequenceKernel, 'kind'>): SequenceKernel => ({
  kind: 'sequence',
  ...definition,
})

const TWO_32 = 4294967296

/** Returns the instants of rows `index` of a day, ns since the Unix epoch. */
export function instantsAt({ midnight, time }: Pick<Day, 'midnight' | 'time'>, index: Int32Array): BigInt64Array {
  const values = new BigInt64Array(index.length)
  putInstants(midnight, time, index, 0, index.length, values)
  return values
}

/** Writes the instants of rows index[from..to) of a day to the same places. Halves are added: no BigInt a row. */
export function putInstants(
  midnight: bigint,
  time: Float64Array,
  index: Int32Array,
  from: number,
  to: number,
  values: BigInt64Array,
): void {
  const words = halves(values)
  const [low, high] = [Number(BigInt.asUintN(32, midnight)), Number(midnight >> 32n)]
  for (let k = from; k < to; k++) {
    const offset = time[index[k]]
    const upper = Math.floor(offset / TWO_32)
    const sum = offset - upper * TWO_32 + low // each half by itself: the whole may not be exact
    const carried = sum >= TWO_32 ? 1 : 0
    words[2 * k] = sum - carried * TWO_32
    words[2 * k + 1] = high + upper + carried
  }
}

/** Returns an input as doubles, NaN for null: as it is, or integers widened, which rounds them once beyond 2^53. */
export function doublesOfInput({ values, valid }: Column): Float64Array {
  if (values instanceof Float64Array) return values
  const out = new Float64Array(values.length)
  scriptLoops.widen(values, out, out.length)
  if (valid) scriptLoops.voidNulls(valid, out, out.length)
  return out
}

/** Makes 64-bit integers of whole numbers from 0 to 2^53. */
export function longsOf(whole: Float64Array | Int32Array): BigInt64Array {
  const values = new BigInt64Array(whole.length)
  const words = halves(values)
  for (let k = 0; k < whole.length; k++) {
    const high = Math.floor(whole[k] / TWO_32)
    words[2 * k] = whole[k] - high * TWO_32
    words[2 * k + 1] = high
  }
  return values
}
