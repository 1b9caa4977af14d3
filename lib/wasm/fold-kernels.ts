import type { Memory } from './memory.js'

/** Rows that a kernel folds: index[0..count) of a chunk, the cell of each row, and its value. */
export interface FoldRows {
  count: number
  index: Int32Array
  slots: Int32Array
  /** Where runs of rows of one cell start, where rows come in runs. */
  runs?: CellRuns
  f64: Float64Array
  i64: BigInt64Array
  codes: Int32Array
  valid: Uint8Array | null
  order: {
    time: Float64Array
    source: BigInt64Array | null
    number: BigInt64Array | null
    sourceValid: Uint8Array | null
    numberValid: Uint8Array | null
  }
}

/** Runs of rows of one cell: run r is rows index[starts[r]..starts[r + 1]). */
export interface CellRuns {
  starts: Int32Array
  count: number
  /** Times rise within each run. */
  rising: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: each kernel knows the arrays of its own fields.
type State = Record<string, any>

/** A fold in WebAssembly: the same as a kernel's `update`, on states that lie in its memory. */
export type FoldKernel = (memory: Memory, state: State, rows: FoldRows) => void

const at = (memory: Memory, array: Parameters<Memory['address']>[0] | null, place: number): number =>
  array === null ? 0 : memory.address(array, place)

/** Calls a kernel over rows, or over runs of them where there are any and it has a form for them. */
function call(
  memory: Memory,
  { count, index, slots, runs }: FoldRows,
  overRows: string,
  overRuns: string | undefined,
  operands: readonly number[],
): void {
  const [rows, cells] = [memory.address(index, 0), memory.address(slots, 1)]
  if (runs && overRuns) memory.exports[overRuns](rows, runs.starts.byteOffset, runs.count, cells, ...operands)
  else memory.exports[overRows](rows, count, cells, ...operands)
}

/** Makes a fold whose operands are values and the arrays of a state. */
const simple =
  (overRows: string, value: 'f64' | 'i64' | null, fields: string[], overRuns?: string): FoldKernel =>
  (memory, state, rows) => {
    const values = value === null ? [] : [memory.address(rows[value], 2)]
    const nulls = value === 'i64' ? [at(memory, rows.valid, 3)] : []
    const states = fields.map(field => state[field].byteOffset)
    call(memory, rows, overRows, overRuns, [...values, ...nulls, ...states])
  }

/** Folds sums over the same rows, four or two in one pass; `totals` are the states of each. */
export function foldSums(
  memory: Memory,
  { index, count, slots }: Pick<FoldRows, 'index' | 'count' | 'slots'>,
  sums: readonly { values: Float64Array; totals: Float64Array }[],
): void {
  const { foldSum, foldSum2, foldSum4 } = memory.exports
  const [rows, cells] = [memory.address(index, 0), memory.address(slots, 1)]
  const block = blockOf(memory)
  for (let done = 0; done < sums.length; ) {
    const left = sums.length - done
    const some = sums.slice(done, done + (left >= 4 ? 4 : left >= 2 ? 2 : 1))
    for (const [i, { values, totals }] of some.entries()) {
      block[2 * i] = memory.address(values, 2 + i)
      block[2 * i + 1] = totals.byteOffset
    }
    if (some.length === 1) foldSum(rows, count, cells, block[0], block[1])
    else (some.length === 4 ? foldSum4 : foldSum2)(rows, count, cells, block.byteOffset)
    done += some.length
  }
}

/** Adds the partials of the first `cells` cells to their totals and starts them anew. */
export function settleSums(memory: Memory, totals: Float64Array, partials: Float64Array, cells: number): void {
  memory.exports.settleSums(totals.byteOffset, partials.byteOffset, cells)
}

const KEY_FIELDS = ['time', 'source', 'number', 'nulls']
const blocks = new WeakMap<Memory, Int32Array>()

/** Returns where operands are written that are too many to be handed over each by itself. */
function blockOf(memory: Memory): Int32Array {
  let block = blocks.get(memory)
  if (!block) blocks.set(memory, (block = memory.i32(16)))
  return block
}

/** Writes the operands of first and last where their kernels look for them; `value` of a state may be another array. */
export function edgeBlock(
  memory: Memory,
  values: FoldRows['f64' | 'i64' | 'codes'],
  valid: Uint8Array | null,
  order: FoldRows['order'],
  state: State,
  value: State[string] = state.value,
): Int32Array {
  const block = blockOf(memory)
  block[0] = memory.address(values, 2)
  block[1] = at(memory, valid, 3)
  block[2] = memory.address(order.time, 4)
  block[3] = at(memory, order.source, 5)
  block[4] = at(memory, order.sourceValid, 6)
  block[5] = at(memory, order.number, 7)
  block[6] = at(memory, order.numberValid, 8)
  block[7] = value.byteOffset
  for (let f = 0; f < KEY_FIELDS.length; f++) block[8 + f] = state[KEY_FIELDS[f]].byteOffset
  return block
}

/** Makes a fold of first or last, whose operands are many: they are handed over in a block. */
const edge =
  (name: 'first' | 'last', type: 'F64' | 'I64' | 'I32', value: 'f64' | 'i64' | 'codes'): FoldKernel =>
  (memory, state, rows) => {
    const { valid, order, runs } = rows
    const block = edgeBlock(memory, rows[value], value === 'i64' ? valid : null, order, state)
    const overRows = `fold${name === 'first' ? 'First' : 'Last'}${type}`
    call(memory, rows, overRows, runs?.rising ? `${name}Runs${type}` : undefined, [block.byteOffset])
  }

/** Folds by the name under which a kernel asks for them. */
export const FOLD_KERNELS: Readonly<Record<string, FoldKernel>> = {
  count: simple('foldCount', null, ['rows'], 'countRuns'),
  sum: simple('foldSum', 'f64', ['total']),
  sum_i64: simple('foldSumI64', 'i64', ['low', 'high']),
  mean: simple('foldMean', 'f64', ['total', 'n']),
  std: simple('foldStd', 'f64', ['n', 'mean', 'm2']),
  min: simple('foldMin', 'f64', ['value']),
  max: simple('foldMax', 'f64', ['value']),
  min_i64: simple('foldMinI64', 'i64', ['value', 'seen']),
  max_i64: simple('foldMaxI64', 'i64', ['value', 'seen']),
  first: edge('first', 'F64', 'f64'),
  last: edge('last', 'F64', 'f64'),
  first_i64: edge('first', 'I64', 'i64'),
  last_i64: edge('last', 'I64', 'i64'),
  first_code: edge('first', 'I32', 'codes'),
  last_code: edge('last', 'I32', 'codes'),
}

/**
 * Writes stamps minus a midnight (ns) as doubles; returns the first row where that is not exact, or `n`. `range`, of the
 * kernels' memory, holds the least and the greatest so far and is widened.
 */
export function offsetsOf(
  memory: Memory,
  stamps: BigInt64Array,
  midnight: bigint,
  out: Float64Array,
  n: number,
  range: Float64Array,
): number {
  return memory.exports.offsetsOf(memory.address(stamps), midnight, out.byteOffset, n, range.byteOffset)
}

const risings = new WeakMap<Memory, Int32Array>()

/**
 * Finds the runs of rows of one cell; null where they are shorter than two rows on average, which takes as long as
 * folding row by row. `starts` has room for one more than half the rows.
 */
export function cellRuns(
  memory: Memory,
  { index, count, slots }: Pick<FoldRows, 'index' | 'count' | 'slots'>,
  times: Float64Array,
  starts: Int32Array,
): CellRuns | null {
  let rising = risings.get(memory)
  if (!rising) risings.set(memory, (rising = memory.i32(1)))
  const most = count >> 1
  const [rows, cells] = [memory.address(index, 0), memory.address(slots, 1)]
  const found = memory.exports.cellRuns(
    ...[rows, count, cells, memory.address(times, 2), starts.byteOffset, most, rising.byteOffset],
  )
  return found > most ? null : { starts, count: found, rising: rising[0] === 1 }
}

/** Writes table[codes[row]]; the table may lie outside of the kernels' memory. */
export function look(memory: Memory, codes: Int32Array, table: Int32Array, out: Int32Array, n: number): void {
  memory.exports.gather4(memory.address(table, 0), memory.address(codes, 1), n, out.byteOffset)
}
