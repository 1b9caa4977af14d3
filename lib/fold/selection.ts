import type { Expr, Program } from '../core/index.js'
import type { Memory, WasmLoops } from '../wasm/index.js'

/** Rows of a chunk, ascending: index[0..count). */
export interface Selection {
  index: Int32Array
  count: number
}

const NO_ROWS: Selection = { index: new Int32Array(0), count: 0 }

/** The selections of a chunk: each is made once, however many folds take it, into memory that the next chunk uses. */
export class Selections {
  private readonly known = new Map<Expr | string, { selection: Selection; stamp: number }>()
  private stamp = 0
  private rows = 0

  constructor(
    private readonly memory: Memory,
    private readonly loops: WasmLoops,
    private readonly program: Program,
  ) {}

  /** Starts a chunk; what was selected before is no longer valid. */
  start(rows: number): void {
    this.stamp++
    this.rows = rows
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
  }
}
