import { batchOfFrame, bytesOfFrame, type ColumnSpec, type Frame, joined, takeRows } from '../core/index.js'
import type { SpillFile } from '../io/index.js'
import type { Results } from './results.js'

/**
 * Puts rows into parts by number and gives them back part by part, each in the order in which its rows came. They wait in
 * memory up to `memory` bytes, and go to disk beyond.
 */
export class Scatter {
  private readonly parts = new Map<number, { waiting: Frame[]; blocks: number[] }>()
  private file: SpillFile | undefined
  private held = 0

  constructor(
    private readonly results: Results,
    private readonly specs: readonly ColumnSpec[],
    private readonly memory: number,
  ) {}

  /** Takes rows in; row i belongs to part `parts[i]`. */
  add(frame: Frame, parts: Int32Array): void {
    for (const [number, rows] of rowsByPart(parts)) {
      const part = this.parts.get(number) ?? { waiting: [], blocks: [] }
      this.parts.set(number, part)
      const own = takeRows(frame, rows)
      part.waiting.push(own)
      this.held += bytesOfFrame(own)
    }
    if (this.held > this.memory) this.flush()
  }

  /** Lists the parts that have rows, ascending. */
  get numbers(): number[] {
    return [...this.parts.keys()].sort((a, b) => a - b)
  }

  /** Yields the rows of a part. */
  *frames(number: number, columns: readonly string[] = this.specs.map(({ name }) => name)): Generator<Frame> {
    const { blocks, waiting } = this.parts.get(number) ?? { blocks: [], waiting: [] }
    for (const block of blocks) yield (this.file as SpillFile).batch(block, columns)
    if (waiting.length > 0) yield joined(waiting)
  }

  close(): void {
    this.parts.clear()
    this.file?.close()
    this.file = undefined
  }

  private flush(): void {
    this.file ??= this.results.openFile()
    for (const part of this.parts.values()) {
      if (part.waiting.length === 0) continue
      part.blocks.push(this.file.batches.length)
      this.file.append(batchOfFrame(joined(part.waiting.splice(0)), this.specs))
    }
    this.held = 0
  }
}

/** Lists the rows of each part, in their order. */
function rowsByPart(parts: Int32Array): Map<number, Int32Array> {
  const counts = new Map<number, number>()
  for (let from = 0; from < parts.length; ) {
    let to = from + 1
    while (to < parts.length && parts[to] === parts[from]) to++
    counts.set(parts[from], (counts.get(parts[from]) ?? 0) + to - from)
    from = to
  }
  const rows = new Map([...counts].map(([part, count]) => [part, new Int32Array(count)]))
  const next = new Map([...counts.keys()].map(part => [part, 0]))
  for (let from = 0; from < parts.length; ) {
    const own = rows.get(parts[from]) as Int32Array
    let at = next.get(parts[from]) as number
    let to = from
    for (; to < parts.length && parts[to] === parts[from]; to++) own[at++] = to
    next.set(parts[from], at)
    from = to
  }
  return rows
}
