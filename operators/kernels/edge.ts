import {
  halves,
  type Kernel,
  kernel,
  type LastOnly,
  type Order,
  type Rows,
  type State,
  type StateField,
} from '../../lib/core/index.js'

/**
 * The order keys of the row that holds the edge: time, feed, sequence number (null last). NaN time marks an empty
 * group. File and row order break remaining ties by themselves: rows are folded in that order, so on equal keys
 * `first` keeps what it has and `last` takes what comes.
 */
const KEYS: Record<string, StateField> = {
  time: { type: 'f64', identity: Number.NaN },
  source: { type: 'i64', identity: 0n },
  number: { type: 'i64', identity: 0n },
  nulls: { type: 'f64', identity: 0 }, // 1: no feed, 2: no number
}

/** Compares row `row` with the keys in `slot`: below 0 when the row comes earlier. */
function compareRow(state: State, slot: number, order: Order, row: number): number {
  if (order.time[row] !== state.time[slot]) return order.time[row] - state.time[slot]
  const source = compareNullable(
    order.source?.[row],
    !order.source || (order.sourceValid !== null && !order.sourceValid[row]),
    state.source[slot],
    (state.nulls[slot] & 1) !== 0,
  )
  if (source !== 0) return source
  return compareNullable(
    order.number?.[row],
    !order.number || (order.numberValid !== null && !order.numberValid[row]),
    state.number[slot],
    (state.nulls[slot] & 2) !== 0,
  )
}

function compareNullable(a: bigint | undefined, aNull: boolean, b: bigint, bNull: boolean): number {
  if (aNull || bNull) return Number(aNull) - Number(bNull)
  return (a as bigint) < b ? -1 : (a as bigint) > b ? 1 : 0
}

function compareStates(into: State, slot: number, from: State, group: number): number {
  if (from.time[group] !== into.time[slot]) return from.time[group] - into.time[slot]
  const { source, number, nulls } = from
  const byFeed = compareNullable(
    source[group],
    (nulls[group] & 1) !== 0,
    into.source[slot],
    (into.nulls[slot] & 1) !== 0,
  )
  if (byFeed !== 0) return byFeed
  return compareNullable(number[group], (nulls[group] & 2) !== 0, into.number[slot], (into.nulls[slot] & 2) !== 0)
}

/** Notes the keys of the row that now holds a slot's edge. */
function keep(state: State, slot: number, order: Order, row: number): void {
  state.time[slot] = order.time[row]
  const noSource = !order.source || (order.sourceValid !== null && !order.sourceValid[row])
  const noNumber = !order.number || (order.numberValid !== null && !order.numberValid[row])
  state.source[slot] = noSource ? 0n : (order.source as BigInt64Array)[row]
  state.number[slot] = noNumber ? 0n : (order.number as BigInt64Array)[row]
  state.nulls[slot] = (noSource ? 1 : 0) | (noNumber ? 2 : 0)
}

function moveKeys(into: State, slot: number, from: State, group: number): void {
  into.time[slot] = from.time[group]
  into.source[slot] = from.source[group]
  into.number[slot] = from.number[group]
  into.nulls[slot] = from.nulls[group]
}

interface Kind {
  suffix: string
  input: 'f64' | 'i64' | 'code'
  result: 'f64' | 'i64' | 'str'
  value: StateField
  has(rows: Rows, row: number): boolean
  // Copies of one type each: one that takes all three makes a BigInt or a boxed number a row.
  put(value: State[string], slot: number, rows: Rows, row: number): void
  move(into: State[string], slot: number, from: State[string], group: number): void
}

const KINDS: Kind[] = [
  {
    suffix: '',
    input: 'f64',
    result: 'f64',
    value: { type: 'f64', identity: Number.NaN },
    has: ({ f64 }, row) => !Number.isNaN(f64[row]),
    put: (value: Float64Array, slot, { f64 }, row) => (value[slot] = f64[row]),
    move: (into: Float64Array, slot, from: Float64Array, group) => (into[slot] = from[group]),
  },
  {
    suffix: '_i64',
    input: 'i64',
    result: 'i64',
    value: { type: 'i64', identity: 0n },
    has: ({ valid }, row) => !valid || valid[row] === 1,
    put: (value: BigInt64Array, slot, { i64 }, row) => (value[slot] = i64[row]),
    move: (into: BigInt64Array, slot, from: BigInt64Array, group) => (into[slot] = from[group]),
  },
  {
    suffix: '_code',
    input: 'code',
    result: 'str',
    value: { type: 'code', identity: -1 },
    has: ({ codes }, row) => codes[row] >= 0,
    put: (value: Int32Array, slot, { codes }, row) => (value[slot] = codes[row]),
    move: (into: Int32Array, slot, from: Int32Array, group) => (into[slot] = from[group]),
  },
]

/** Makes first or last by total order (semantics 3.1) for one kind of value. */
function edge(name: 'first' | 'last', kind: Kind): Kernel {
  // On equal keys the later row loses for `first` (strictly earlier wins) and wins for `last`.
  const isFirst = name === 'first'
  const winsTie = (order: number) => (isFirst ? order < 0 : order >= 0)
  return kernel({
    name: name + kind.suffix,
    doc: `${name} value in total order (time, feed, sequence, file, row); nulls skipped; null when nothing matched`,
    input: kind.input,
    ...(kind.suffix === '' && { variants: { i64: `${name}_i64`, code: `${name}_code` } }),
    fields: { value: kind.value, ...KEYS },
    ordered: true,
    result: kind.result,
    continues: true,
    ...(kind.suffix !== '_i64' && { stands: 'value' }),
    native: name + kind.suffix,
    update(state, rows) {
      const { count, index, slots, order } = rows
      const { value } = state
      const time = order.time
      const known: Float64Array = state.time
      for (let k = 0; k < count; k++) {
        const row = index[k]
        const slot = slots[row]
        // Nearly all rows are settled by time alone. An empty group's NaN is neither before nor after.
        if (isFirst ? time[row] > known[slot] : time[row] < known[slot]) continue
        if (!kind.has(rows, row)) continue
        if (time[row] === known[slot] && !winsTie(compareRow(state, slot, order, row))) continue
        kind.put(value, slot, rows, row)
        keep(state, slot, order, row)
      }
    },
    merge(into, slots, from, count) {
      const time: Float64Array = from.time
      const known: Float64Array = into.time
      for (let g = 0; g < count; g++) {
        const slot = slots[g]
        if (Number.isNaN(time[g]) || (isFirst ? time[g] > known[slot] : time[g] < known[slot])) continue
        if (time[g] === known[slot] && !winsTie(compareStates(into, slot, from, g))) continue
        kind.move(into.value, slot, from.value, g)
        moveKeys(into, slot, from, g)
      }
    },
    read: ({ value, time }, group) => (Number.isNaN(time[group]) ? null : value[group]),
  })
}

export const [first, firstI64, firstCode] = KINDS.map(kind => edge('first', kind))
export const [last, lastI64, lastCode] = KINDS.map(kind => edge('last', kind))

const LAST_ROW: LastOnly = {
  keys: Object.keys(KEYS),
  later(state, { count, index, slots, order }) {
    const { time } = order
    const known: Float64Array = state.time
    const later = new Int32Array(count)
    let found = 0
    for (let k = 0; k < count; k++) {
      const row = index[k]
      const slot = slots[row]
      if (time[row] < known[slot] || (time[row] === known[slot] && compareRow(state, slot, order, row) < 0)) continue
      keep(state, slot, order, row)
      later[found++] = row
    }
    return later.subarray(0, found)
  },
  put({ value }, { slots, f64 }, later) {
    for (let k = 0; k < later.length; k++) value[slots[later[k]]] = f64[later[k]]
  },
}

/** Keeps the value of the last row, whether or not it is null there: a snapshot without a level says that there is none. */
export const lastRow = kernel({
  ...edge('last', { ...KINDS[0], has: () => true }),
  name: 'last_row',
  doc: 'value of the last row in total order (time, feed, sequence, file, row), null where that row has none',
  variants: undefined,
  native: undefined,
  lastOnly: LAST_ROW,
  update: (state, rows) => LAST_ROW.put(state, rows, LAST_ROW.later(state, rows)),
})

/**
 * Keeps the first word in total order and counts disagreements: an attribute that should hold one value (identity
 * columns). The number of states that disagree depends on how rows were cut, so only "more than one value" is reported.
 */
export const attribute = kernel({
  ...firstCode,
  native: undefined,
  name: 'attribute',
  doc: 'first word in total order; remembers whether a second, different word came',
  variants: { i64: 'attribute_i64' },
  fields: { ...firstCode.fields, conflict: { type: 'f64', identity: 0 } },
  ...attributeOf(firstCode),
})

export const attributeI64 = kernel({
  ...firstI64,
  native: undefined,
  name: 'attribute_i64',
  doc: 'first integer in total order; remembers whether a second, different one came',
  fields: { ...firstI64.fields, conflict: { type: 'f64', identity: 0 } },
  ...attributeOf(firstI64),
})

function attributeOf(inner: Kernel): Pick<Kernel, 'update' | 'merge'> {
  return {
    update(state, rows) {
      // Before as well: an earlier row replaces the value, which would then be forgotten.
      noteConflicts(state, rows, inner)
      inner.update(state, rows)
      noteConflicts(state, rows, inner)
    },
    merge(into, slots, from, count) {
      for (let g = 0; g < count; g++) {
        const differs =
          !Number.isNaN(into.time[slots[g]]) && !Number.isNaN(from.time[g]) && into.value[slots[g]] !== from.value[g]
        if (differs || from.conflict[g]) into.conflict[slots[g]] = 1
      }
      inner.merge(into, slots, from, count)
    },
  }
}

/** Marks the groups whose value, where they have one, is another than that of one of the rows. */
function noteConflicts(state: State, rows: Rows, { input }: Kernel): void {
  const { count, index, slots, codes, words, valid } = rows
  const { conflict, time, value } = state
  if (input === 'code') {
    for (let k = 0; k < count; k++) {
      const slot = slots[index[k]]
      const code = codes[index[k]]
      if (code >= 0 && code !== value[slot] && !Number.isNaN(time[slot])) conflict[slot] = 1
    }
    return
  }
  const known = halves(value)
  for (let k = 0; k < count; k++) {
    const row = index[k]
    const slot = slots[row]
    const differs = words[2 * row] !== known[2 * slot] || words[2 * row + 1] !== known[2 * slot + 1]
    if (differs && (!valid || valid[row]) && !Number.isNaN(time[slot])) conflict[slot] = 1
  }
}

/** Makes the time of an edge: what rows of a later pass need to tell which of their edges comes first. */
const timeOf = (edge: Kernel): Kernel =>
  kernel({
    ...edge,
    name: `${edge.name}_time`,
    doc: `time of the ${edge.name} value, ns after the partition date's midnight; null when nothing matched`,
    ...(edge.variants && { variants: { i64: `${edge.variants.i64}_time`, code: `${edge.variants.code}_time` } }),
    result: 'f64',
    stands: 'time',
    read: ({ time }, group) => (Number.isNaN(time[group]) ? null : time[group]),
  })

export const [firstTime, firstI64Time, firstCodeTime] = [first, firstI64, firstCode].map(timeOf)
export const [lastTime, lastI64Time, lastCodeTime] = [last, lastI64, lastCode].map(timeOf)
export const lastRowTime = timeOf(lastRow)
