import { type Cut, type Frame, frameColumn, type KeyTable, type LaterPlan, takeRows } from '../core/index.js'
import type { ResultBlock, Results } from './results.js'
import { Scatter } from './scatter.js'

/** Parts of the rows that a later pass reads, of each of which it makes rows that the others have no say in. */
export interface Slices {
  count: number
  /** Yields the rows of a slice of a step's source, in the source's order. */
  read(slice: number, step: number, source: number): Generator<Frame>
  /** Forgets what was put together for reading. */
  close(): void
}

/** A source of a step that is cut, and the values by which its blocks are. */
export interface CutSource {
  by: string[]
  blocks: { block: ResultBlock; values: Int32Array }[]
  /** Rows by value. */
  rows: number[]
  /** Its rows by slice, where blocks hold rows of so many slices that it is cheaper to write them again. */
  scattered?: Scatter
}

/** What is known of a pass that is cut. */
export interface CutPass {
  plan: LaterPlan
  cuts: readonly Cut[]
  results: Results
  /** The distinct values that it is cut by. */
  values: KeyTable
  sources: ReadonlyMap<string, CutSource>
  /** Slices by value. */
  sliceOf: Int32Array
}

/** Names a source and the columns that it is cut by. */
export const keyOf = (name: string, by: readonly string[]): string => [name, ...by].join('\n')

/** How often a source is read over and over before it is put into slices first, which reads it twice and writes it. */
const MOST_READS = 3

/** Reads the slices of a pass: of each source the blocks that hold rows of a slice, or its rows put together before. */
export class SliceReader implements Slices {
  /** `waiting` is how many bytes of rows may wait in memory to be put together. */
  constructor(
    private readonly pass: CutPass,
    readonly count: number,
    private readonly waiting: number,
  ) {}

  *read(slice: number, step: number, source: number): Generator<Frame> {
    const { plan, cuts, results, sources, sliceOf } = this.pass
    const { name, columns } = plan.steps[step].sources[source]
    const by = cuts[step].columns[source]
    if (!by) {
      for (const block of results.blocks(name)) yield block.frame(columns)
      return
    }
    const cut = sources.get(keyOf(name, by)) as CutSource
    if (!cut.scattered && this.isMixed(name, cut)) cut.scattered = this.scattered(name, cut)
    if (cut.scattered) {
      yield* cut.scattered.frames(slice, columns)
      return
    }
    for (const { block, values } of cut.blocks) {
      const wanted = values.reduce((count, value) => count + Number(sliceOf[value] === slice), 0)
      if (wanted === 0) continue
      const frame = block.frame(columns)
      if (wanted === values.length) {
        yield frame
        continue
      }
      const slices = this.slicesIn(frame, by)
      let count = 0
      for (let i = 0; i < frame.rows; i++) if (slices[i] === slice) slices[count++] = i
      yield takeRows(frame, slices, count)
    }
  }

  /** Tells whether reading a source slice by slice would read blocks of its file many times. */
  private isMixed(name: string, { blocks }: CutSource): boolean {
    const { results, sliceOf } = this.pass
    const { rows, spilled } = results.size(name)
    if (spilled === 0) return false
    const read = blocks.reduce(
      (sum, { block, values }) => sum + block.rows * new Set(values.map(value => sliceOf[value])).size,
      0,
    )
    return read > MOST_READS * rows
  }

  /** Puts the rows of a source into slices, with all columns that steps read. */
  private scattered(name: string, { by, blocks }: CutSource): Scatter {
    const { plan, results } = this.pass
    const read = new Set(
      plan.steps.flatMap(({ sources }) => sources.filter(each => each.name === name)).flatMap(each => each.columns),
    )
    const specs = results.specs(name).filter(column => read.has(column.name))
    const scatter = new Scatter(results, specs, this.waiting)
    for (const { block } of blocks) {
      const frame = block.frame(specs.map(column => column.name))
      scatter.add(frame, this.slicesIn(frame, by))
    }
    return scatter
  }

  /** Returns the slice of each row of a frame. */
  private slicesIn(frame: Frame, by: readonly string[]): Int32Array {
    const { values, sliceOf } = this.pass
    const columns = by.map(column => frameColumn(frame, column))
    const numbers = values.resolve(columns, frame.rows)
    for (let i = 0; i < numbers.length; i++) numbers[i] = sliceOf[numbers[i]]
    return numbers
  }

  close(): void {
    for (const { scattered } of this.pass.sources.values()) scattered?.close()
  }
}
