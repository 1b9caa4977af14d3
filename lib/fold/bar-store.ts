import { type Column, columnOf, Interner, type RecordBatch, take } from '../core/index.js'

/** Bars that wait for their turn: entity by number, label in ns after midnight, columns. */
export interface Bars {
  part: number // of which they are; bars of one entity come in order of time where files do
  rows: number
  entities: Int32Array
  labels: Float64Array
  columns: Column[]
}

/** Finished bars, as they came from row groups, until the stream's order lets them leave. */
export class BarStore {
  private waiting: Bars[] = []
  rows = 0

  constructor(private readonly names: readonly string[]) {}

  put(batch: RecordBatch, entities: Int32Array, part: number): void {
    if (batch.numRows === 0) return
    const columns = this.names.map(name => columnOf(batch, name) as Column)
    const labels = (columnOf(batch, 'label') as Column).values as Float64Array
    this.waiting.push({ part, rows: batch.numRows, entities, labels, columns })
    this.rows += batch.numRows
  }

  /** Takes out the bars that may leave; chunks of one part stay together. */
  takeWhere(leaves: (entity: number, label: number) => boolean): Bars[] {
    const taken: Bars[] = []
    const left: Bars[] = []
    for (const bars of this.waiting) {
      const going: number[] = []
      const staying: number[] = []
      for (let row = 0; row < bars.rows; row++) {
        if (leaves(bars.entities[row], bars.labels[row])) going.push(row)
        else staying.push(row)
      }
      if (staying.length === 0) taken.push(bars)
      else if (going.length === 0) left.push(bars)
      else {
        taken.push(picked(bars, Int32Array.from(going)))
        left.push(picked(bars, Int32Array.from(staying)))
      }
    }
    this.waiting = left
    this.rows -= taken.reduce((sum, { rows }) => sum + rows, 0)
    return taken.sort((a, b) => a.part - b.part)
  }

  takeAll(): Bars[] {
    const taken = this.waiting.sort((a, b) => a.part - b.part)
    this.waiting = []
    this.rows = 0
    return taken
  }
}

function picked({ part, entities, labels, columns }: Bars, rows: Int32Array): Bars {
  return {
    part,
    rows: rows.length,
    entities: Int32Array.from(rows, row => entities[row]),
    labels: Float64Array.from(rows, row => labels[row]),
    columns: columns.map(column => take(column, rows, rows.length)),
  }
}

/** Copies listed rows of column `at` of several stores of bars: row k is `rows[k]` of `from[sources[k]]`. */
export function gatherBars(
  from: readonly Bars[],
  at: number,
  sources: Int32Array,
  rows: Int32Array,
  start: number,
  count: number,
): Column {
  const columns = from.map(({ columns }) => columns[at])
  const [first] = columns
  const valid = columns.some(column => column.valid) ? new Uint8Array(count).fill(1) : null
  if (valid) {
    for (let k = 0; k < count; k++) {
      const own = columns[sources[start + k]].valid
      if (own) valid[k] = own[rows[start + k]]
    }
  }
  if (first.type === 'f64') {
    const values = new Float64Array(count)
    gatherDoubles(
      columns.map(column => column.values as Float64Array),
      sources,
      rows,
      start,
      values,
    )
    return { type: 'f64', values, valid }
  }
  if (first.type === 'i64' || first.type === 'ts') {
    const values = new BigInt64Array(count)
    // As doubles, whose bits are copied as they are: no BigInt a row.
    const bits = columns.map(({ values }) => new Float64Array(values.buffer, values.byteOffset, values.length))
    gatherDoubles(bits, sources, rows, start, new Float64Array(values.buffer))
    return { type: first.type, values, valid }
  }
  const values = new Int32Array(count)
  if (first.type === 'str') {
    const interner = new Interner()
    const tables = new Map<number, Int32Array>()
    for (let k = 0; k < count; k++) {
      const source = sources[start + k]
      const column = columns[source]
      if (column.type !== 'str' || (valid && !valid[k])) continue
      let table = tables.get(source)
      if (!table) tables.set(source, (table = interner.translate(column.dictionary)))
      values[k] = table[column.values[rows[start + k]]]
    }
    if (interner.words.length === 0) interner.code('')
    return { type: 'str', values, valid, dictionary: interner.snapshot() }
  }
  for (let k = 0; k < count; k++) values[k] = columns[sources[start + k]].values[rows[start + k]] as number
  if (first.type === 'bool') return { type: 'bool', values: Uint8Array.from(values), valid }
  return { type: first.type, values, valid }
}

function gatherDoubles(
  from: readonly Float64Array[],
  sources: Int32Array,
  rows: Int32Array,
  start: number,
  into: Float64Array,
): void {
  for (let k = 0; k < into.length; k++) into[k] = from[sources[start + k]][rows[start + k]]
}
