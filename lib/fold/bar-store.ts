import { type Column, columnOf, Interner, type RecordBatch, type Words } from '../core/index.js'

/** Bars of one row group that wait for their turn: entity by number, label in ns after midnight, columns. */
export interface Bars {
  part: number // bars of one entity come in order of time where files do
  rows: number
  entities: Int32Array
  labels: Float64Array
  columns: Column[]
  /** Rows that have not gone yet, ascending; null while all are there. */
  left: Int32Array | null
}

/** Bars that may go: rows of a store. */
export interface Going {
  bars: Bars
  rows: Int32Array
}

/** Finished bars, as they came from row groups, until the stream's order lets them leave. */
export class BarStore {
  private waiting: Bars[] = []
  private readonly words: (Interner | null)[]
  rows = 0

  constructor(private readonly names: readonly string[]) {
    this.words = names.map(() => null)
  }

  put(batch: RecordBatch, entities: Int32Array, part: number): void {
    if (batch.numRows === 0) return
    const columns = this.names.map((name, c) => this.own(columnOf(batch, name) as Column, c))
    const labels = (columnOf(batch, 'label') as Column).values as Float64Array
    this.waiting.push({ part, rows: batch.numRows, entities, labels, columns, left: null })
    this.rows += batch.numRows
  }

  /** Rewrites text as codes of the store's own words, so that bars of all row groups share them. */
  private own(column: Column, c: number): Column {
    if (column.type !== 'str') return column
    const interner = (this.words[c] ??= new Interner())
    const table = interner.translate(column.dictionary)
    const values = new Int32Array(column.values.length)
    for (let row = 0; row < values.length; row++) values[row] = table[column.values[row]] ?? 0
    return { ...column, values }
  }

  /** Returns the words of a text column. */
  wordsOf(c: number): Words {
    const interner = (this.words[c] ??= new Interner())
    if (interner.words.length === 0) interner.code('')
    return interner.snapshot()
  }

  /** Takes out the bars that may leave. */
  takeWhere(leaves: (entity: number, label: number) => boolean): Going[] {
    const going: Going[] = []
    const kept: Bars[] = []
    for (const bars of this.waiting) {
      const { entities, labels, left } = bars
      const count = left ? left.length : bars.rows
      const out = new Int32Array(count)
      const stay = new Int32Array(count)
      let o = 0
      let s = 0
      for (let k = 0; k < count; k++) {
        const row = left ? left[k] : k
        if (leaves(entities[row], labels[row])) out[o++] = row
        else stay[s++] = row
      }
      if (o > 0) going.push({ bars, rows: out.subarray(0, o) })
      if (s === 0) continue
      if (o > 0) bars.left = stay.slice(0, s)
      kept.push(bars)
    }
    this.waiting = kept
    return this.gone(going)
  }

  takeAll(): Going[] {
    const going = this.waiting.map(bars => ({
      bars,
      rows: bars.left ?? Int32Array.from({ length: bars.rows }, (_, k) => k),
    }))
    this.waiting = []
    return this.gone(going)
  }

  private gone(going: Going[]): Going[] {
    for (const { rows } of going) this.rows -= rows.length
    return going.sort((a, b) => a.bars.part - b.bars.part)
  }
}

/** Copies listed rows of column `c` of several stores of bars: row k is `rows[start + k]` of `from[sources[start + k]]`. */
export function gatherBars(
  from: readonly Going[],
  c: number,
  words: () => Words,
  sources: Int32Array,
  rows: Int32Array,
  start: number,
  count: number,
): Column {
  const columns = from.map(({ bars }) => bars.columns[c])
  const { type } = columns[0]
  const valid = columns.some(column => column.valid) ? new Uint8Array(count).fill(1) : null
  if (valid) {
    for (let k = 0; k < count; k++) {
      const own = columns[sources[start + k]].valid
      if (own) valid[k] = own[rows[start + k]]
    }
  }
  if (type === 'f64') {
    const values = new Float64Array(count)
    gatherDoubles(
      columns.map(column => column.values as Float64Array),
      sources,
      rows,
      start,
      values,
    )
    return { type, values, valid }
  }
  if (type === 'i64' || type === 'ts') {
    const values = new BigInt64Array(count)
    // As doubles, whose bits are copied as they are: no BigInt a row.
    const bits = columns.map(({ values }) => new Float64Array(values.buffer, values.byteOffset, values.length))
    gatherDoubles(bits, sources, rows, start, new Float64Array(values.buffer))
    return { type, values, valid }
  }
  if (type === 'bool') {
    const values = new Uint8Array(count)
    for (let k = 0; k < count; k++) values[k] = columns[sources[start + k]].values[rows[start + k]] as number
    return { type, values, valid }
  }
  const values = new Int32Array(count)
  gatherInts(
    columns.map(column => column.values as Int32Array),
    sources,
    rows,
    start,
    values,
  )
  return type === 'str' ? { type, values, valid, dictionary: words() } : { type, values, valid }
}

// A loop for each type: one loop over several is compiled for none of them.
function gatherDoubles(
  from: Float64Array[],
  sources: Int32Array,
  rows: Int32Array,
  start: number,
  into: Float64Array,
): void {
  for (let k = 0; k < into.length; k++) into[k] = from[sources[start + k]][rows[start + k]]
}

function gatherInts(from: Int32Array[], sources: Int32Array, rows: Int32Array, start: number, into: Int32Array): void {
  for (let k = 0; k < into.length; k++) into[k] = from[sources[start + k]][rows[start + k]]
}
