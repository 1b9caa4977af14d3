import type { Expr, Program } from '../core/index.js'
import { type CellRuns, cellRuns, type Memory, type WasmLoops } from '../wasm/index.js'

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

const NO_ROWS: Selection = { index: new Int32Array(0), count: 0 }

/** The selections of a chunk: each is made once, however many folds take it, into memory that the next chunk uses. */
export class Selections {
  private readonly known = new Map<Expr | string, { selection: Selection; stamp: number }>()
  private stamp = 0
  private rows = 0
  private readonly runs = new Map<Selection, CellRows>() // of this chunk
  private readonly starts: Int32Array[] = []

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

  /** Returns selected rows with their cells, and with their runs of one cell where they come in runs. */
  withCells(selection: Selection, slots: Int32Array, times: Float64Array): CellRows {
    let rows = this.runs.get(selection)
    if (rows) return rows
    const place = this.runs.size
    if (!this.starts[place] || this.starts[place].length < selection.count + 1) {
      if (this.starts[place]) this.memory.free(this.starts[place])
      this.starts[place] = this.memory.i32(this.rows + 1)
    }
    const runs = cellRuns(this.memory, { ...selection, slots }, times, this.starts[place])
    rows = { ...selection, slots, ...(runs && { runs }) }
    this.runs.set(selection, rows)
    return rows
  }

  /** Lists the rows where a mask holds. */
  where(mask: Uint8Array, key: string): Selection {
    return this.once(key, out => this.loops.rowsWhere(mask, this.rows, out))
  }

  /** Keeps the rows where a mask holds. */
  within({ index, count }: Selection, mask: Uint8Array, key: string): Selection {
    return this.once(key, out => this.loops.rowsWithin(index, count, mask, out))
  }

  /** Keeps the rows in which a condition holds; `key` tells the same condition over other rows apart. */
  meeting(rows: Selection, where: Expr, key: Expr | string = where): Selection {
    const every = this.program.every(where)
    if (every !== undefined) return every ? rows : NO_ROWS
    const { index, count } = rows
    return this.once(key, out => this.loops.rowsWithin(index, count, this.program.mask(where), out))
  }

  private once(key: Expr | string, fill: (out: Int32Array) => number): Selection {
    let known = this.known.get(key)
    if (!known)
      this.known.set(key, (known = { selection: { index: this.memory.i32(this.rows + 1), count: 0 }, stamp: 0 }))
    const { selection } = known
    if (known.stamp === this.stamp) return selection
    if (selection.index.length <= this.rows) {
      this.memory.free(selection.index)
      selection.index = this.memory.i32(this.rows + 1)
    }
    selection.count = fill(selection.index)
    known.stamp = this.stamp
    return selection
  }

  free(): void {
    for (const { selection } of this.known.values()) this.memory.free(selection.index)
    for (const array of this.starts) this.memory.free(array)
  }
}
