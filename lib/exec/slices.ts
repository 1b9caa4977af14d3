import {
  BasaltError,
  type Column,
  type ColumnType,
  type Cut,
  type Frame,
  frameColumn,
  halves,
  KeyTable,
  type LaterPlan,
  type LaterStep,
  type Registry,
  rankRows,
  takeRows,
} from '../core/index.js'
import type { ResultBlock, Results } from './results.js'

/** Bytes that a later pass may take. */
export interface LaterMemory {
  /** What the whole run may take. */
  budget: number
  /** What a pass reads and makes at once: more is cut into slices, where the pass can be. */
  slice: number
}

/** Parts of the rows that a later pass reads, of each of which it makes rows that the others have no say in. */
export interface Slices {
  count: number
  /** Yields the rows of a slice of a step's source, in the source's order. */
  read(slice: number, step: number, source: number): Generator<Frame>
}

/**
 * Cuts what a later pass reads, where that and what it makes of it take more than their share of memory. Null: it is
 * computed in one go. What cannot be computed within the budget is a limit fault.
 */
export function slicesOf(plan: LaterPlan, results: Results, registry: Registry, memory: LaterMemory): Slices | null {
  const { steps, columns, stateColumns } = plan
  const [{ sources }] = steps
  const made = results.size(sources[0].name).rows * widthOf([...columns, ...stateColumns])
  const read = steps
    .flatMap(step => step.sources)
    .reduce((sum, { name, columns }) => sum + sizeOf(results, name, columns), 0)
  // Where all goes through disk, so does what would be in one piece.
  const limit = results.spillsAlways ? Math.ceil((read + made) / 3) : memory.slice
  if (read + made <= limit) return null
  let best: Cutting | undefined
  for (const cuts of cutsOf(steps)) {
    const cutting = new Survey(plan, cuts, results, registry).cut(limit)
    if (cutting && (!best || cutting.largest < best.largest)) best = cutting
    if (best && best.largest <= limit) break
  }
  const held = steps.filter(({ holdsRows }) => holdsRows)
  const least = Math.max(...held.map(step => heldBytes(step, best, results)), 0)
  if (least > memory.budget) throw tooLarge(plan, least, memory.budget, best !== undefined)
  return best && best.count > 1 ? best : null
}

const bytesOf: Record<ColumnType, number> = { f64: 8, i64: 8, ts: 8, i32: 4, date: 4, str: 4, bool: 1 }

/** Returns the bytes of a row in memory: values, and a byte each that says whether there is one. */
const widthOf = (columns: readonly { type: ColumnType }[]): number =>
  columns.reduce((sum, { type }) => sum + bytesOf[type] + 1, 0)

function rowBytes(results: Results, source: string, columns: readonly string[]): number {
  return widthOf(results.specs(source).filter(({ name }) => columns.includes(name)))
}

const sizeOf = (results: Results, source: string, columns: readonly string[]): number =>
  results.size(source).rows * rowBytes(results, source, columns)

/** Returns the bytes of what a step that holds its rows has to hold at least. */
function heldBytes({ sources }: LaterStep, cutting: Cutting | undefined, results: Results): number {
  return sources.reduce((sum, { name, columns }) => {
    const rows = cutting?.mostRows.get(name) ?? results.size(name).rows
    return sum + rows * rowBytes(results, name, columns)
  }, 0)
}

function tooLarge({ name }: LaterPlan, bytes: number, budget: number, cut: boolean): BasaltError {
  const what = cut
    ? 'the largest part that it can be computed of takes'
    : 'it has to hold all rows that it reads, which take'
  const megabytes = (size: number) => `${Math.ceil(size / 1e6)} MB`
  const problem = `pass ${name} needs more memory than there is: ${what} ${megabytes(bytes)}`
  const hint = cut ? 'fewer listings or dates' : 'fewer dates, or name fewer columns'
  return new BasaltError(
    'limit',
    `${problem}, EXECUTION.memory_budget is ${megabytes(budget)}; raise it, or read ${hint}`,
    {
      pass: name,
    },
  )
}

/** Lists the cuts that all steps of a pass can share: their rows are joined on the keys. */
function cutsOf([first, ...others]: readonly LaterStep[]): Cut[][] {
  const same = (a: Cut, b: Cut) => String(a.columns[0]) === String(b.columns[0])
  return first.cuts.flatMap(cut => {
    const theirs = others.map(({ cuts }) => cuts.find(other => same(cut, other)))
    return theirs.includes(undefined) ? [] : [[cut, ...(theirs as Cut[])]]
  })
}

/** A source of a step that is cut, and the values by which its blocks are. */
interface CutSource {
  by: string[]
  blocks: { block: ResultBlock; values: Int32Array }[]
  /** Rows by value. */
  rows: number[]
}

interface Cutting extends Slices {
  /** Bytes of the largest slice. */
  largest: number
  /** By source, the rows of the slice that has the most of them. */
  mostRows: Map<string, number>
}

/** Knows the distinct values of the columns by which a pass is cut, and where rows of them lie. */
class Survey {
  private readonly values: KeyTable | null
  private readonly sources = new Map<string, CutSource>()
  /** Least and greatest label by date, as pairs, where rows of two dates can meet. */
  private readonly labels: BigInt64Array[] = []

  constructor(
    private readonly plan: LaterPlan,
    private readonly cuts: readonly Cut[],
    private readonly results: Results,
    private readonly registry: Registry,
  ) {
    const types = this.types()
    this.values = types && new KeyTable(types.map((type, i) => ({ name: String(i), type })))
  }

  /** Cuts the values into ranges of at most `limit` bytes; undefined where they say nothing about what may meet. */
  cut(limit: number): Cutting | undefined {
    const { values, plan, cuts } = this
    if (!values) return undefined
    for (const [s, { sources }] of plan.steps.entries())
      for (const [i, { name }] of sources.entries()) {
        const by = cuts[s].columns[i]
        if (by) this.read(name, by)
      }
    const keys = values.keys.map(key => key.view())
    // Rows of two dates, as a bucket over midnight may be of, have none to go by.
    if (keys.some(({ type, valid }) => type === 'date' && valid?.includes(0))) return undefined
    const order = rankRows(keys, values.count)
    const weights = this.weights()
    const together = this.together(order, keys[0])
    const sliceOf = new Int32Array(values.count)
    let slice = 0
    let held = 0
    let largest = 0
    for (let from = 0; from < order.length; ) {
      let to = from + 1
      while (to < order.length && together[to]) to++
      const own = order.subarray(from, to).reduce((sum, value) => sum + weights[value], 0)
      if (held > 0 && held + own > limit) {
        slice++
        held = 0
      }
      held += own
      largest = Math.max(largest, held)
      for (const value of order.subarray(from, to)) sliceOf[value] = slice
      from = to
    }
    const count = order.length === 0 ? 0 : slice + 1
    return { count, largest, mostRows: this.mostRows(sliceOf, count), read: (n, s, i) => this.rowsOf(sliceOf, n, s, i) }
  }

  /** Returns the types of the columns to cut by; null where sources do not have them all, of the same types. */
  private types(): ColumnType[] | null {
    let known: ColumnType[] | null = null
    for (const [s, { sources }] of this.plan.steps.entries()) {
      for (const [i, { name }] of sources.entries()) {
        const by = this.cuts[s].columns[i]
        if (!by) continue
        const specs = this.results.specs(name)
        const types = by.flatMap(column => specs.find(spec => spec.name === column)?.type ?? [])
        if (types.length < by.length || (known && String(types) !== String(known))) return null
        known = types
      }
    }
    return known
  }

  /** Reads the columns to cut by, and of dates their labels. */
  private read(name: string, by: string[]): void {
    const key = keyOf(name, by)
    if (this.sources.has(key)) return
    const table = this.values as KeyTable
    const labelled = this.cuts.some(({ labels }) => labels) && this.results.specs(name).some(isLabel)
    const columns = labelled ? [...by, 'TimeBucket'] : by
    const source: CutSource = { by, blocks: [], rows: [] }
    for (const block of this.results.blocks(name)) {
      const frame = block.frame(columns)
      const numbers = table.resolve(
        by.map(column => frameColumn(frame, column)),
        frame.rows,
      )
      const rows = new Float64Array(table.count)
      for (let i = 0; i < numbers.length; i++) rows[numbers[i]]++
      const values = Int32Array.from(rows.keys()).filter(value => rows[value] > 0)
      for (const value of values) source.rows[value] = (source.rows[value] ?? 0) + rows[value]
      source.blocks.push({ block, values })
      if (labelled) this.noteLabels(numbers, frameColumn(frame, 'TimeBucket'))
    }
    this.sources.set(key, source)
  }

  private noteLabels(dates: Int32Array, { values }: Column): void {
    const labels = values as BigInt64Array
    const words = halves(labels)
    for (let from = 0; from < dates.length; ) {
      let [least, most, to] = [from, from, from + 1]
      for (; to < dates.length && dates[to] === dates[from]; to++) {
        if (isBelow(words, to, least)) least = to
        if (isBelow(words, most, to)) most = to
      }
      const known = this.labels[dates[from]]
      if (!known) this.labels[dates[from]] = BigInt64Array.of(labels[least], labels[most])
      else {
        if (labels[least] < known[0]) known[0] = labels[least]
        if (labels[most] > known[1]) known[1] = labels[most]
      }
      from = to
    }
  }

  /** Returns the bytes that rows of each value take, as they are read and as they are made. */
  private weights(): Float64Array {
    const { plan, cuts, results, values } = this
    const weights = new Float64Array((values as KeyTable).count)
    for (const [s, { sources }] of plan.steps.entries())
      for (const [i, { name, columns }] of sources.entries()) {
        const by = cuts[s].columns[i]
        if (!by) continue
        const made = s + i === 0 ? widthOf([...plan.columns, ...plan.stateColumns]) : 0
        const width = rowBytes(results, name, columns) + made
        const { rows } = this.sources.get(keyOf(name, by)) as CutSource
        for (let value = 0; value < weights.length; value++) weights[value] += (rows[value] ?? 0) * width
      }
    return weights
  }

  /** Tells of each value but the first whether it stays with the one before it: rows of two dates under one label do. */
  private together(order: Int32Array, dates: Column): Uint8Array {
    const out = new Uint8Array(order.length)
    for (const [s, { labels }] of this.cuts.entries()) {
      if (!labels) continue
      const { module, parameters } = this.plan.steps[s]
      const moved = this.registry.get('laterModules', module).labels
      let latest: bigint | undefined
      for (const [place, value] of order.entries()) {
        const own = this.labels[value]
        if (!own) continue
        const [least, most] = moved ? moved(own, dates.values[value] as number, parameters) : own
        if (latest !== undefined && least <= latest) out[place] = 1
        if (latest === undefined || most > latest) latest = most
      }
    }
    return out
  }

  private mostRows(sliceOf: Int32Array, count: number): Map<string, number> {
    const most = new Map<string, number>()
    for (const [s, { sources }] of this.plan.steps.entries())
      for (const [i, { name }] of sources.entries()) {
        const by = this.cuts[s].columns[i]
        if (!by) continue
        const rows = new Float64Array(count)
        const source = this.sources.get(keyOf(name, by)) as CutSource
        for (let value = 0; value < sliceOf.length; value++) rows[sliceOf[value]] += source.rows[value] ?? 0
        most.set(name, Math.max(most.get(name) ?? 0, ...rows))
      }
    return most
  }

  private *rowsOf(sliceOf: Int32Array, slice: number, step: number, source: number): Generator<Frame> {
    const { name, columns } = this.plan.steps[step].sources[source]
    const by = this.cuts[step].columns[source]
    if (!by) {
      for (const block of this.results.blocks(name)) yield block.frame(columns)
      return
    }
    const table = this.values as KeyTable
    for (const { block, values } of (this.sources.get(keyOf(name, by)) as CutSource).blocks) {
      const wanted = values.reduce((count, value) => count + Number(sliceOf[value] === slice), 0)
      if (wanted === 0) continue
      const frame = block.frame(columns)
      if (wanted === values.length) {
        yield frame
        continue
      }
      const numbers = table.resolve(
        by.map(column => frameColumn(frame, column)),
        frame.rows,
      )
      let count = 0
      for (let i = 0; i < frame.rows; i++) if (sliceOf[numbers[i]] === slice) numbers[count++] = i
      yield takeRows(frame, numbers, count)
    }
  }
}

const keyOf = (name: string, by: readonly string[]): string => [name, ...by].join('\n')

const isLabel = ({ name, type }: { name: string; type: ColumnType }): boolean => name === 'TimeBucket' && type === 'ts'

function isBelow(words: Int32Array, a: number, b: number): boolean {
  const [high, other] = [words[2 * a + 1], words[2 * b + 1]]
  return high !== other ? high < other : words[2 * a] >>> 0 < words[2 * b] >>> 0
}
