import { type Expr, keyOf, type Program, TRUE } from '../core/index.js'
import { type CellRuns, cellRuns, type Memory, Scratch, type WasmLoops } from '../wasm/index.js'

/** Rows of a chunk, ascending: index[0..count). */
export interface Selection {
  index: Int32Array
  count: number
}

/** Selected rows of cells, with their runs. */
export interface CellRows extends Selection {
  slots: Int32Array
  runs?: CellRuns
}

/** Returns what a condition asks beyond another one that is known to hold. */
export function beyond(where: Expr, known: Expr): Expr {
  const partsOf = (each: Expr): readonly Expr[] => (each.op === 'and' ? each.args : [each])
  const held = new Set(partsOf(known).map(keyOf))
  const open = partsOf(where).filter(part => !held.has(keyOf(part)))
  if (open.length === partsOf(where).length) return where
  return open.length > 1 ? { op: 'and', args: open } : (open[0] ?? TRUE)
}

interface Known {
  selection: Selection
  memory: Scratch<Int32Array>
  stamp: number
}

const NO_ROWS: Selection = { index: new Int32Array(0), count: 0 }

/** The selections of a chunk: each is made once, however many folds take it, into memory that the next chunk uses. */
export class Selections {
  private readonly known = new Map<Expr | 'kept', Known>()
  private stamp = 0
  private rows = 0
  private readonly runs = new Map<Selection, CellRows>() // of this chunk
  private readonly starts: Scratch<Int32Array>[] = []

  constructor(
    private readonly memory: Memory,
    private readonly loops: WasmLoops,
    private readonly program: Program,
  ) {}

  /** Starts a chunk; what was selected before is no longer valid. */
  start(rows: number): void {
    this.stamp++
    this.rows = rows
    this.runs.clear()
  }

  /** Returns memory for the runs of `count` rows, until they are told. */
  roomForRuns(count: number): Int32Array {
    return (this.starts[this.runs.size] ??= this.ints()).of(count + 1)
  }

  /** Tells the runs of one cell that selected rows make, found while their cells were. */
  tellRuns(selection: Selection, slots: Int32Array, runs: CellRuns): void {
    // Shorter than two rows on average, they take as long as folding row by row.
    const used = runs.count * 2 <= selection.count
    this.runs.set(selection, used ? { ...selection, slots, runs } : { ...selection, slots })
  }

  /**
   * Returns selected rows with their cells. Their runs of one cell, where they come in runs, are looked for on behalf of
   * folds that are `ordered`, which gain most by them; others take them where they are known.
   */
  withCells(selection: Selection, slots: Int32Array, times: Float64Array, ordered: boolean): CellRows {
    const known = this.runs.get(selection)
    if (known) return known
    const rows = { ...selection, slots }
    if (!ordered) return rows
    const runs = cellRuns(this.memory, rows, times, this.roomForRuns(selection.count))
    const found = runs ? { ...rows, runs } : rows
    this.runs.set(selection, found)
    return found
  }

  /** Lists the rows that are still in. */
  kept(mask: Uint8Array): Selection {
    return this.once('kept', out => this.loops.rowsWhere(mask, this.rows, out))
  }

  /**
   * Keeps the rows in which a condition holds: those of a condition are asked for among the same rows. Where it holds in
   * all of them, they are returned as they are, so that what is known of them serves again.
   */
  meeting(rows: Selection, where: Expr): Selection {
    const every = this.program.every(where)
    if (every !== undefined) return every ? rows : NO_ROWS
    const { index, count } = rows
    const met = this.once(where, out => this.loops.rowsWithin(index, count, this.program.mask(where), out))
    return met.count === count ? rows : met
  }

  private once(key: Expr | 'kept', fill: (out: Int32Array) => number): Selection {
    let known = this.known.get(key)
    if (!known) {
      known = { selection: { index: NO_ROWS.index, count: 0 }, memory: this.ints(), stamp: 0 }
      this.known.set(key, known)
    }
    const { selection, memory, stamp } = known
    if (stamp === this.stamp) return selection
    selection.index = memory.of(this.rows + 1)
    selection.count = fill(selection.index)
    known.stamp = this.stamp
    return selection
  }

  private ints(): Scratch<Int32Array> {
    return new Scratch(this.memory, n => this.memory.i32(n))
  }

  free(): void {
    for (const { memory } of this.known.values()) memory.close()
    for (const each of this.starts) each.close()
  }
}
