import { type Chunk, type Column, type ColumnType, Interner } from '../core/index.js'
import { look, type Memory } from '../wasm/index.js'
import { GroupIndex, keyView } from './group-index.js'
import { GrowingColumn } from './growing.js'

/** Numbers the entities of rows, such as date and listing, in the order they are first seen. */
export class Entities {
  readonly keys: GrowingColumn[]
  private readonly index: GroupIndex
  private readonly interner = new Interner()
  private numbers: Int32Array
  private tables = new WeakMap<object, Int32Array>()
  private day = Number.NaN

  constructor(
    private readonly columns: readonly { name: string; type: ColumnType }[],
    private readonly memory: Memory,
  ) {
    this.keys = columns.map(({ name, type }) => new GrowingColumn({ name, type, nullable: true }))
    this.index = new GroupIndex(columns.map(({ type }) => (type === 'i64' || type === 'ts' || type === 'f64' ? 2 : 1)))
    this.numbers = memory.i32(0)
  }

  get count(): number {
    return this.index.size
  }

  /** Returns the entity of each row; borrowed until the next chunk. `all` lists at least as many rows. */
  of(chunk: Chunk, all: Int32Array): Int32Array {
    const { rows } = chunk
    if (this.numbers.length < rows) {
      this.memory.free(this.numbers)
      this.numbers = this.memory.i32(rows)
    }
    const columns = this.columns.map(({ name }) => chunk.required(name))
    const coded = this.codedOf(columns)
    if (coded) look(this.memory, coded.codes, coded.table, this.numbers, rows)
    else this.resolve(columns, all, rows, this.numbers)
    return this.numbers
  }

  /**
   * Returns the codes of the last key and the entity of each code, where the keys before it are the same in all rows:
   * entities are then looked up once a dictionary entry and not once a row.
   */
  private codedOf(columns: readonly Column[]): { codes: Int32Array; table: Int32Array } | undefined {
    const last = columns[columns.length - 1]
    if (last.valid || columns.slice(0, -1).some(({ uniform, valid }) => !uniform || valid)) return undefined
    const coded =
      last.type === 'str'
        ? { codes: last.values, dictionary: last.dictionary }
        : last.type === 'i64'
          ? last.coded
          : undefined
    if (!coded) return undefined
    const day = columns.length > 1 ? Number(columns[0].values[0]) : 0
    if (day !== this.day) this.tables = new WeakMap()
    this.day = day
    const { codes, dictionary } = coded
    let table = this.tables.get(dictionary)
    if (!table) this.tables.set(dictionary, (table = this.tableOf(columns, dictionary)))
    return { codes, table }
  }

  private tableOf(columns: readonly Column[], dictionary: CodesOf): Int32Array {
    const size = 'words' in dictionary ? dictionary.words.length : dictionary.values.length
    const codes = new Int32Array(size).map((_, code) => code)
    const entries: Column =
      'words' in dictionary
        ? { type: 'str', values: codes, valid: null, dictionary }
        : { type: 'i64', values: dictionary.values, valid: null }
    const fixed = columns.slice(0, -1).map(column => {
      const Values = column.values.constructor as Int32ArrayConstructor
      return { ...column, values: new Values(size).fill(column.values[0] as never) } as Column
    })
    const table = new Int32Array(size)
    this.resolve([...fixed, entries], codes, size, table)
    return table
  }

  private resolve(columns: readonly Column[], all: Int32Array, rows: number, numbers: Int32Array): void {
    let next = this.count
    const views = columns.map(column => keyView(column, this.interner))
    this.index.resolve(views, all, rows, numbers)
    if (this.count === next) return
    // Entities are numbered as they are first seen, so a new one is a row whose number is the next.
    const fresh: number[] = []
    for (let row = 0; row < rows; row++) {
      if (numbers[row] !== next) continue
      fresh.push(row)
      next++
    }
    const index = Int32Array.from(fresh)
    for (const [i, column] of columns.entries()) this.keys[i].append(column, index, index.length)
  }

  free(): void {
    this.memory.free(this.numbers)
  }
}

type CodesOf = { readonly words: readonly string[] } | { readonly values: BigInt64Array }
