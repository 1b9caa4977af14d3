import {
  type Column,
  type Frame,
  frameColumn,
  growState,
  Interner,
  type Kernel,
  makeState,
  pick,
  type State,
  translated,
} from '../core/index.js'

/** The states of one fold while partials are merged into them. */
export interface Merging {
  prefix: string
  kernel: Kernel
  state: State
  capacity: number
  words: Interner
}

/** Starts a fold's states; `prefix` names its fields in partials. */
export function merging(prefix: string, kernel: Kernel): Merging {
  return { prefix, kernel, state: makeState(kernel.fields, 1024), capacity: 1024, words: new Interner() }
}

function codesOf(column: Column & { type: 'str' }, words: Interner): Int32Array {
  const codes = translated(column.values, column.dictionary, words)
  if (column.valid) for (let i = 0; i < codes.length; i++) if (!column.valid[i]) codes[i] = -1
  return codes
}

/** Merges group g of a partial's states into group `slots[g]`. */
export function mergeStates(each: Merging, partial: Frame, slots: Int32Array, groups: number): void {
  if (groups > each.capacity) {
    each.capacity = Math.max(groups, each.capacity * 2)
    growState(each.state, each.kernel.fields, each.capacity)
  }
  const from: State = {}
  for (const [field, { type }] of Object.entries(each.kernel.fields)) {
    const column = frameColumn(partial, `${each.prefix}.${field}`)
    from[field] = type === 'code' && column.type === 'str' ? codesOf(column, each.words) : column.values
  }
  each.kernel.merge(each.state, slots, from, slots.length)
}

/** Reads groups `order[..]` of a kernel's state as a column. */
export function readStates(
  { kernel, state, words }: Pick<Merging, 'kernel' | 'state' | 'words'>,
  order: Int32Array,
  faultAt = (_: number, error: unknown): unknown => error,
): Column {
  const n = order.length
  if (kernel.stands) return standing(kernel, state[kernel.stands], order, words)
  const valid = new Uint8Array(n).fill(1)
  let nulls = 0
  const miss = (i: number) => {
    valid[i] = 0
    nulls++
  }
  if (kernel.result === 'f64') {
    const values = new Float64Array(n)
    for (let i = 0; i < n; i++) values[i] = (kernel.read(state, order[i]) as number | null) ?? Number.NaN
    return { type: 'f64', values, valid: null }
  }
  if (kernel.result === 'i64') {
    const values = new BigInt64Array(n)
    let i = 0
    try {
      for (; i < n; i++) {
        const value = kernel.read(state, order[i])
        if (value === null) miss(i)
        else values[i] = value as bigint
      }
    } catch (error) {
      throw faultAt(order[i], error)
    }
    return { type: 'i64', values, valid: nulls ? valid : null }
  }
  const values = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    const code = kernel.read(state, order[i])
    if (code === null) miss(i)
    else values[i] = code as number
  }
  return { type: 'str', values, valid: nulls ? valid : null, dictionary: words.snapshot() }
}

/** Reads states that are results as they stand. */
function standing(kernel: Kernel, field: Float64Array | Int32Array, order: Int32Array, words: Interner): Column {
  const n = order.length
  if (kernel.result === 'str') {
    const values = new Int32Array(n)
    pick(field, order, n, values)
    let valid: Uint8Array | null = null
    for (let i = 0; i < n; i++) {
      if (values[i] >= 0) continue
      valid ??= new Uint8Array(n).fill(1)
      valid[i] = 0
      values[i] = 0
    }
    return { type: 'str', values, valid, dictionary: words.snapshot() }
  }
  if (kernel.result === 'f64') {
    const values = new Float64Array(n)
    pick(field, order, n, values)
    return { type: 'f64', values, valid: null }
  }
  const values = new BigInt64Array(n)
  const halves = new Int32Array(values.buffer)
  for (let i = 0; i < n; i++) {
    const whole = field[order[i]]
    halves[2 * i] = whole
    if (whole >= TWO_32) halves[2 * i + 1] = Math.floor(whole / TWO_32)
  }
  return { type: 'i64', values, valid: null }
}

const TWO_32 = 4294967296
