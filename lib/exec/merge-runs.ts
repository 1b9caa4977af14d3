import {
  type Column,
  type ColumnSpec,
  type Frame,
  frameColumn,
  Interner,
  translated,
  withValues,
} from '../core/index.js'
import { OUTPUT_ROWS } from './cut.js'
import type { Keyed, KeyOrder } from './key-order.js'
import type { ResultBlock } from './results.js'

/** Rows on their way into one order: each run is in that order itself. */
export interface SortedRun {
  blocks: readonly ResultBlock[]
  /** Its first row, keys alone: a run is not opened before its turn. */
  first: Frame
}

/** Told of two rows that have the same keys. */
export type OnTwins = (a: Frame, i: number, b: Frame, j: number) => void

/** Rows that follow one another in a frame and in the merged order. */
interface Stretch {
  frame: Frame
  from: number
  to: number
}

/**
 * Merges runs. Of each that has begun one block is in memory; runs that do not overlap are read one after another. Columns
 * of the specs are read; the keys are among them.
 */
export function* mergedRuns(
  runs: readonly SortedRun[],
  specs: readonly ColumnSpec[],
  order: KeyOrder,
  onTwins: OnTwins,
): Generator<Frame> {
  const output = new Output(specs)
  const heap = new Heap(
    runs.map((run, i) => new Cursor(run, i, output, order)),
    order,
  )
  let last: { cursor: Keyed; frame: Frame; row: number } | undefined
  for (let head = heap.top; head; head = heap.top) {
    head.open()
    const { frame, keyed, row } = head
    if (last && order.compare(last.cursor, last.row, keyed, row) === 0) onTwins(last.frame, last.row, frame, row)
    const end = endOf(head, heap.second, order)
    yield* output.push({ frame, from: row, to: end })
    last = { cursor: keyed, frame, row: end - 1 }
    head.row = end
    if (end === frame.rows && !head.next()) heap.drop()
    heap.settle()
  }
  yield* output.end()
}

/** Returns the first row of a cursor's block that comes after the row of another one. */
function endOf({ frame, keyed, row, number }: Cursor, other: Cursor | undefined, order: KeyOrder): number {
  if (!other) return frame.rows
  const isBefore = (at: number) => {
    const side = order.compare(keyed, at, other.keyed, other.row)
    return side < 0 || (side === 0 && number < other.number)
  }
  if (isBefore(frame.rows - 1)) return frame.rows
  // Steps that double find a short stretch in few comparisons.
  let [low, step] = [row, 1]
  while (low + step < frame.rows && isBefore(low + step)) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step, frame.rows)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle
    else high = middle
  }
  return high
}

/** Where the merge stands in a run. */
class Cursor {
  frame: Frame
  keyed: Keyed
  row = 0
  private block = -1

  constructor(
    private readonly run: SortedRun,
    readonly number: number,
    private readonly output: Output,
    private readonly order: KeyOrder,
  ) {
    this.frame = run.first
    this.keyed = order.keyed(run.first)
  }

  /** Reads its first block, when that is still to do. */
  open(): void {
    if (this.block < 0) this.next()
  }

  /** Reads the next block; false at the end. */
  next(): boolean {
    const block = this.run.blocks[++this.block]
    if (!block) return false
    this.frame = this.output.frameOf(block)
    this.keyed = this.order.keyed(this.frame)
    this.row = 0
    return true
  }
}

/** Cursors by the rows at which they stand, the least first; of equal ones, that of the earlier run. */
class Heap {
  constructor(
    private readonly cursors: Cursor[],
    private readonly order: KeyOrder,
  ) {
    for (let at = (cursors.length >> 1) - 1; at >= 0; at--) this.sink(at)
  }

  get top(): Cursor | undefined {
    return this.cursors[0]
  }

  get second(): Cursor | undefined {
    const [, left, right] = this.cursors
    return left && right && this.isBefore(right, left) ? right : left
  }

  /** Removes the top. */
  drop(): void {
    const last = this.cursors.pop()
    if (last && this.cursors.length > 0) this.cursors[0] = last
  }

  /** Puts the top, which has moved, where it belongs. */
  settle(): void {
    this.sink(0)
  }

  private sink(start: number): void {
    const { cursors } = this
    for (let at = start; ; ) {
      let least = at
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < cursors.length; child++)
        if (this.isBefore(cursors[child], cursors[least])) least = child
      if (least === at) return
      ;[cursors[at], cursors[least]] = [cursors[least], cursors[at]]
      at = least
    }
  }

  private isBefore(a: Cursor, b: Cursor): boolean {
    const side = this.order.compare(a.keyed, a.row, b.keyed, b.row)
    return side < 0 || (side === 0 && a.number < b.number)
  }
}

/** Joins stretches of frames into frames of `OUTPUT_ROWS` rows. Words of all frames have one numbering. */
class Output {
  private readonly interners: Interner[]
  private stretches: Stretch[] = []
  private rows = 0

  constructor(private readonly specs: readonly ColumnSpec[]) {
    this.interners = specs.map(() => new Interner())
  }

  /** Reads a block, its words as codes of the output. */
  frameOf(block: ResultBlock): Frame {
    const { rows, columns } = block.frame(this.specs.map(({ name }) => name))
    const inOutput = this.specs.map(({ name }, i): [string, Column] => {
      const column = frameColumn({ rows, columns }, name)
      if (column.type !== 'str') return [name, column]
      const interner = this.interners[i]
      const values = translated(column.values, column.dictionary, interner)
      return [name, { ...column, values, dictionary: interner.snapshot(), coded: undefined }]
    })
    return { rows, columns: new Map(inOutput) }
  }

  /** Takes rows in and yields frames that became full. */
  *push({ frame, from, to }: Stretch): Generator<Frame> {
    for (let at = from; at < to; ) {
      const count = Math.min(to - at, OUTPUT_ROWS - this.rows)
      this.stretches.push({ frame, from: at, to: at + count })
      this.rows += count
      at += count
      if (this.rows === OUTPUT_ROWS) yield* this.end()
    }
  }

  /** Yields what is left. */
  *end(): Generator<Frame> {
    if (this.rows === 0) return
    const { rows, stretches } = this
    this.stretches = []
    this.rows = 0
    const columns = this.specs.map(({ name }, i): [string, Column] => [name, this.joined(stretches, name, i, rows)])
    yield { rows, columns: new Map(columns) }
  }

  private joined(stretches: readonly Stretch[], name: string, number: number, rows: number): Column {
    const columns = stretches.map(({ frame }) => frameColumn(frame, name))
    const [first] = columns
    const Values = first.values.constructor as new (length: number) => typeof first.values
    const values = new Values(rows)
    const valid = columns.some(column => column.valid) ? new Uint8Array(rows).fill(1) : null
    let at = 0
    for (const [s, { from, to }] of stretches.entries()) {
      const column = columns[s]
      values.set(column.values.subarray(from, to) as never, at)
      if (column.valid) valid?.set(column.valid.subarray(from, to), at)
      at += to - from
    }
    const joined = withValues(first, values, valid)
    return joined.type === 'str' ? { ...joined, dictionary: this.interners[number].snapshot() } : joined
  }
}
