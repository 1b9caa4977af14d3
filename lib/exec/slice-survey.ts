import {
  type Column,
  type ColumnType,
  type Cut,
  frameColumn,
  KeyTable,
  type LaterPlan,
  type Registry,
  rankRows,
} from '../core/index.js'
import { DateLabels } from './date-labels.js'
import type { Results } from './results.js'
import { rowBytes, widthOf } from './row-bytes.js'
import { type CutSource, keyOf, SliceReader, type Slices } from './slice-reader.js'

/** What a cut comes to. */
export interface Cutting {
  slices: Slices
  /** Bytes of the largest slice. */
  largest: number
  /** By source, the rows of the slice that has the most of them. */
  mostRows: Map<string, number>
}

/** Knows the distinct values of the columns by which a pass is cut, and where rows of them lie. */
export class SliceSurvey {
  private readonly values: KeyTable | null
  private readonly sources = new Map<string, CutSource>()
  private readonly labels = new DateLabels()

  constructor(
    private readonly plan: LaterPlan,
    private readonly cuts: readonly Cut[],
    private readonly results: Results,
    private readonly registry: Registry,
  ) {
    const types = this.types()
    this.values = types && new KeyTable(types.map((type, i) => ({ name: String(i), type })))
  }

  /**
   * Cuts the values into ranges of at most `limit` bytes, of which `waiting` may wait to be put into slices; undefined where they
   * say nothing about what may meet.
   */
  cut(limit: number, waiting: number): Cutting | undefined {
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
    if (cuts.some(({ labels }) => labels) && !this.labels.knows(values.count)) return undefined
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
    return {
      largest,
      mostRows: this.mostRows(sliceOf, count),
      slices: new SliceReader(
        { plan, cuts, results: this.results, values, sources: this.sources, sliceOf },
        count,
        waiting,
      ),
    }
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
      if (labelled) this.labels.note(numbers, frameColumn(frame, 'TimeBucket'))
    }
    this.sources.set(key, source)
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
      const { labels: moved } = this.registry.get('laterModules', module)
      this.labels.meet(order, dates.values as Int32Array, out, (own, day) => moved?.(own, day, parameters) ?? own)
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
}

const isLabel = ({ name, type }: { name: string; type: ColumnType }): boolean => name === 'TimeBucket' && type === 'ts'
