import {
  type BucketRule,
  batchOf,
  type CarriedBuckets,
  type CarryPlan,
  type CarryRule,
  type CloseRule,
  type Column,
  type ColumnSpec,
  columnOf,
  columnOfDoubles,
  columnsOfBatch,
  doublesOf,
  intervalStart,
  NS_PER_DAY,
  operator,
  type RecordBatch,
  type Registry,
  rowNumbers,
  rowsOf,
  SESSION,
} from '../../lib/core/index.js'
import { DayClock } from './day-clock.js'
import { ListingDays } from './listing-days.js'

export interface CarryParameters extends Pick<CarryPlan, 'rules' | 'closes'> {
  rule: BucketRule
  /** Buckets of auctions lie among others: they take nothing over, and nothing is taken over from them. */
  apart: boolean
}

/**
 * Makes the columns that depend on the buckets before: each listing's day is put together from what its bars, and the
 * rows laid between them, bring. Rows come in output order; holds those of one listing and day.
 */
export const carry = operator<CarryParameters>({
  name: 'carry',
  doc: "joins what buckets of a listing's day know of their own rows: standing quotes, closes before",
  async *run(input, { rules, closes, rule, apart }, { registry }) {
    const days = new ListingDays()
    let held: Piece[] = []
    const made = () => joined(held, rules, closes, { rule, apart }, registry)
    for await (const batch of input) {
      if (batch.numRows === 0) continue
      const starts = days.starts(
        columnOf(batch, 'Date') as Column & { type: 'date' },
        columnOf(batch, 'ListingId') as Column,
      )
      const last = starts.lastIndexOf(1)
      if (last > 0) held.push({ batch: part(batch, 0, last), starts: starts.subarray(0, last) })
      if (last >= 0) {
        yield* made()
        held = []
      }
      const from = Math.max(last, 0)
      held.push({ batch: part(batch, from, batch.numRows), starts: starts.subarray(from) })
    }
    yield* made()
  },
})

/** Rows of whole listings and days, or the first rows of one; 1 where another begins. */
interface Piece {
  batch: RecordBatch
  starts: Uint8Array
}

const part = (batch: RecordBatch, from: number, to: number): RecordBatch =>
  from === 0 && to === batch.numRows ? batch : rowsOf(batch, rowNumbers(to - from, from), to - from)

function* joined(
  pieces: readonly Piece[],
  rules: readonly CarryRule[],
  closes: readonly CloseRule[],
  { rule, apart }: Pick<CarryParameters, 'rule' | 'apart'>,
  registry: Registry,
): Generator<RecordBatch> {
  const rows = pieces.reduce((sum, { batch }) => sum + batch.numRows, 0)
  if (rows === 0) return
  const days = stretchesOf(pieces, rows)
  const edges = edgesOf(pieces, rows, rule)
  const auctions = apart ? auctionEdges(pieces, rows, edges) : null
  const made = new Map<string, Float64Array>()
  const known = new Map<string, Float64Array>()
  const values = (name: string) => {
    const found = known.get(name) ?? valuesOf(pieces, name, rows)
    known.set(name, found)
    return found
  }
  for (const each of rules)
    for (const [name, column] of carried(each, values, days, { ...edges, auctions }, registry)) made.set(name, column)
  for (const each of closes) made.set(each.column, closed(values(each.column), values(each.from), days))
  const spent = new Set(rules.flatMap(({ parts }) => parts))
  let from = 0
  for (const { batch } of pieces) {
    yield withColumns(batch, made, spent, from)
    from += batch.numRows
  }
}

/** Lists where each listing's day begins; the end of the last one comes behind. */
function stretchesOf(pieces: readonly Piece[], rows: number): number[] {
  const at: number[] = [0]
  let from = 0
  for (const { starts } of pieces) {
    for (let row = 0; row < starts.length; row++) if (starts[row] && from + row > 0) at.push(from + row)
    from += starts.length
  }
  return [...at, rows]
}

/** Returns the edges of each row's bucket, ns after midnight. */
function edgesOf(pieces: readonly Piece[], rows: number, rule: BucketRule): Pick<CarriedBuckets, 'start' | 'end'> {
  const clock = new DayClock()
  const start = new Float64Array(rows)
  let at = 0
  for (const { batch } of pieces) {
    const labels = columnOf(batch, 'TimeBucket') as Column & { type: 'ts' }
    const dates = columnOf(batch, 'Date') as Column & { type: 'date' }
    for (const label of clock.offsets(labels.values, dates.values)) start[at++] = intervalStart(label, rule)
  }
  const width = rule.mode === 'daily_analytics' ? NS_PER_DAY : rule.width
  return { start, end: start.map(from => from + width) }
}

/** Writes the edges of auctions, and returns a 1 for each row that is one. */
function auctionEdges(
  pieces: readonly Piece[],
  rows: number,
  { start, end }: Pick<CarriedBuckets, 'start' | 'end'>,
): Uint8Array {
  const clock = new DayClock()
  const auctions = new Uint8Array(rows)
  let at = 0
  for (const { batch } of pieces) {
    const dates = columnOf(batch, 'Date') as Column & { type: 'date' }
    const [from, to] = [SESSION.start, SESSION.end].map(name => {
      const { values, valid } = columnOf(batch, name) as Column & { type: 'ts' }
      return { offsets: clock.offsets(values, dates.values), valid }
    })
    for (let row = 0; row < batch.numRows; row++, at++) {
      if (from.valid && !from.valid[row]) continue
      auctions[at] = 1
      start[at] = from.offsets[row]
      end[at] = to.offsets[row]
    }
  }
  return auctions
}

/** Returns a column of all pieces as doubles, NaN for null. */
function valuesOf(pieces: readonly Piece[], name: string, rows: number): Float64Array {
  const out = new Float64Array(rows)
  let at = 0
  for (const { batch } of pieces) {
    out.set(doublesOf(columnOf(batch, name) as Column), at)
    at += batch.numRows
  }
  return out
}

/** Makes the columns of a rule. A listing of which no row came that day has nulls only (semantics 4.2). */
function carried(
  { kernel: name, parameters, parts, columns, zero }: CarryRule,
  values: (name: string) => Float64Array,
  stretches: readonly number[],
  { start, end, auctions }: Pick<CarriedBuckets, 'start' | 'end'> & { auctions: Uint8Array | null },
  registry: Registry,
): [string, Float64Array][] {
  const kernel = registry.get('kernels', name)
  const carried = kernel.kind === 'series' ? kernel.carried : undefined
  const inputs = parts.map(values)
  const out = columns.map(() => new Float64Array(start.length).fill(Number.NaN))
  for (let s = 0; s + 1 < stretches.length; s++) {
    const [from, to] = [stretches[s], stretches[s + 1]]
    const own = (column: Float64Array) => column.subarray(from, to)
    if (inputs.every(each => own(each).every(Number.isNaN))) continue
    const made = out.map(own)
    for (const rows of runsOf(auctions?.subarray(from, to) ?? null, to - from)) {
      const pick = (column: Float64Array) => (rows ? Float64Array.from(rows, row => own(column)[row]) : own(column))
      const values = rows ? made.map(() => new Float64Array(rows.length).fill(Number.NaN)) : made
      const count = rows?.length ?? to - from
      carried?.join({ count, start: pick(start), end: pick(end), parts: inputs.map(pick) }, values, parameters)
      rows?.forEach((row, k) => {
        for (const [c, column] of made.entries()) column[row] = values[c][k]
      })
    }
    for (let row = 0; row < to - from; row++) if (!Number.isFinite(made[0][row])) made[0][row] = zero ? 0 : Number.NaN
  }
  return columns.map((column, c) => [column, out[c]])
}

/** Lists the rows of a day that are put together: each auction by itself, and all others; null is all rows. */
function runsOf(auctions: Uint8Array | null, rows: number): (Int32Array | null)[] {
  if (!auctions?.includes(1)) return [null]
  const all = rowNumbers(rows)
  const single = all.filter(row => auctions[row] === 1)
  return [all.filter(row => auctions[row] === 0), ...Array.from(single, row => Int32Array.of(row))]
}

/** Gives buckets between two closes the one before. */
function closed(own: Float64Array, closes: Float64Array, stretches: readonly number[]): Float64Array {
  const out = own.slice()
  for (let s = 0; s + 1 < stretches.length; s++) {
    let last = stretches[s + 1] - 1
    while (last >= stretches[s] && Number.isNaN(closes[last])) last--
    let close = Number.NaN
    for (let row = stretches[s]; row <= last; row++) {
      if (Number.isNaN(out[row])) out[row] = close
      if (!Number.isNaN(closes[row])) close = closes[row]
    }
  }
  return out
}

/** Puts columns in the place of those of their name or behind all, and leaves out what is spent. */
function withColumns(
  batch: RecordBatch,
  made: ReadonlyMap<string, Float64Array>,
  spent: ReadonlySet<string>,
  from: number,
): RecordBatch {
  const rows = batch.numRows
  const { specs, columns } = columnsOfBatch(batch)
  const kept: { spec: ColumnSpec; column: Column }[] = []
  for (const [i, spec] of specs.entries())
    if (!spent.has(spec.name) && !made.has(spec.name)) kept.push({ spec, column: columns[i] })
  for (const [name, values] of made)
    kept.push({
      spec: { name, type: 'f64', nullable: true },
      column: columnOfDoubles(values.subarray(from, from + rows)),
    })
  return batchOf(
    kept.map(({ spec }) => spec),
    kept.map(({ column }) => column),
    rows,
  )
}
