import type { Memory } from './memory.js'

/** Rows that a kernel folds: index[0..count) of a chunk, the cell of each row, and its value. */
export interface FoldRows {
  count: number
  index: Int32Array
  slots: Int32Array
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

// biome-ignore lint/suspicious/noExplicitAny: each kernel knows the arrays of its own fields.
type State = Record<string, any>

/** A fold in WebAssembly: the same as a kernel's `update`, on states that lie in its memory. */
export type FoldKernel = (memory: Memory, state: State, rows: FoldRows) => void

const at = (memory: Memory, array: Parameters<Memory['address']>[0] | null, place: number): number =>
  array === null ? 0 : memory.address(array, place)

/** Calls a kernel with the rows' addresses, then those of values and states. */
const simple =
  (name: string, value: 'f64' | 'i64' | null, fields: string[]): FoldKernel =>
  (memory, state, { count, index, slots, valid, ...rows }) => {
    const values = value === null ? [] : [memory.address(rows[value], 2)]
    const nulls = value === 'i64' ? [at(memory, valid, 3)] : []
    const states = fields.map(field => state[field].byteOffset)
    memory.exports[name](memory.address(index, 0), count, memory.address(slots, 1), ...values, ...nulls, ...states)
  }

const EDGE_FIELDS = ['value', 'time', 'source', 'number', 'nulls']
const blocks = new WeakMap<Memory, Int32Array>()

/** Calls a kernel of first or last, whose operands are many: they are handed over in a block. */
const edge =
  (name: string, value: 'f64' | 'i64' | 'codes'): FoldKernel =>
  (memory, state, { count, index, slots, valid, order, ...rows }) => {
    let block = blocks.get(memory)
    if (!block) blocks.set(memory, (block = memory.i32(16)))
    block[0] = memory.address(rows[value], 2)
    block[1] = value === 'i64' ? at(memory, valid, 3) : 0
    block[2] = memory.address(order.time, 4)
    block[3] = at(memory, order.source, 5)
    block[4] = at(memory, order.sourceValid, 6)
    block[5] = at(memory, order.number, 7)
    block[6] = at(memory, order.numberValid, 8)
    for (let f = 0; f < EDGE_FIELDS.length; f++) block[7 + f] = state[EDGE_FIELDS[f]].byteOffset
    memory.exports[name](memory.address(index, 0), count, memory.address(slots, 1), block.byteOffset)
  }

/** Folds by the name under which a kernel asks for them. */
export const FOLD_KERNELS: Readonly<Record<string, FoldKernel>> = {
  count: simple('foldCount', null, ['rows']),
  sum: simple('foldSum', 'f64', ['total']),
  sum_i64: simple('foldSumI64', 'i64', ['low', 'high']),
  mean: simple('foldMean', 'f64', ['total', 'n']),
  min: simple('foldMin', 'f64', ['value']),
  max: simple('foldMax', 'f64', ['value']),
  min_i64: simple('foldMinI64', 'i64', ['value', 'seen']),
  max_i64: simple('foldMaxI64', 'i64', ['value', 'seen']),
  first: edge('foldFirstF64', 'f64'),
  last: edge('foldLastF64', 'f64'),
  first_i64: edge('foldFirstI64', 'i64'),
  last_i64: edge('foldLastI64', 'i64'),
  first_code: edge('foldFirstI32', 'codes'),
  last_code: edge('foldLastI32', 'codes'),
}

/** Writes stamps minus a midnight (ns) as doubles; returns the first row where that is not exact, or `n`. */
export function offsetsOf(
  memory: Memory,
  stamps: BigInt64Array,
  midnight: bigint,
  out: Float64Array,
  n: number,
): number {
  return memory.exports.offsetsOf(memory.address(stamps), midnight, out.byteOffset, n)
}

const ranges = new WeakMap<Memory, Float64Array>()

/** Returns the least and the greatest of the first n values, none of them NaN; nothing is outside of no values. */
export function rangeOf(memory: Memory, values: Float64Array, n: number): { least: number; greatest: number } {
  if (n === 0) return { least: Infinity, greatest: -Infinity }
  let range = ranges.get(memory)
  if (!range) ranges.set(memory, (range = memory.f64(2)))
  memory.exports.rangeF64(memory.address(values), n, range.byteOffset)
  return { least: range[0], greatest: range[1] }
}

/** Writes table[codes[row]]; the table may lie outside of the kernels' memory. */
export function look(memory: Memory, codes: Int32Array, table: Int32Array, out: Int32Array, n: number): void {
  memory.exports.gather4(memory.address(table, 0), memory.address(codes, 1), n, out.byteOffset)
}
