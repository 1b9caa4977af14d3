import type { Column, ColumnType } from './batch.js'
import { GroupIndex, keyView } from './group-index.js'
import { GrowingColumn } from './growing.js'
import { Interner } from './interner.js'
import { rowNumbers } from './pick.js'

/** Numbers distinct keys, such as date and listing, in the order they are first seen, and keeps them. */
export class KeyTable {
  /** The keys by number, a column each. */
  readonly keys: GrowingColumn[]
  private readonly index: GroupIndex
  private readonly interner = new Interner()

  constructor(columns: readonly { name: string; type: ColumnType }[]) {
    this.keys = columns.map(({ name, type }) => new GrowingColumn({ name, type, nullable: true }))
    this.index = new GroupIndex(columns.map(({ type }) => (type === 'i64' || type === 'ts' || type === 'f64' ? 2 : 1)))
  }

  get count(): number {
    return this.index.size
  }

  /** Writes the number of each of the first rows of key columns. `all` lists at least as many rows. */
  resolve(
    columns: readonly Column[],
    rows: number,
    numbers: Int32Array = new Int32Array(rows),
    all: Int32Array = rowNumbers(rows),
  ): Int32Array {
    let next = this.count
    const views = columns.map(column => keyView(column, this.interner))
    this.index.resolve(views, all, rows, numbers)
    if (this.count === next) return numbers
    // Keys are numbered as they are first seen, so a new one is a row whose number is the next.
    const index = new Int32Array(this.count - next)
    for (let row = 0, found = 0; found < index.length; row++) {
      if (numbers[row] !== next) continue
      index[found++] = row
      next++
    }
    for (const [i, column] of columns.entries()) this.keys[i].append(column, index, index.length)
    return numbers
  }
}
