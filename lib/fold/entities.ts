import { type Chunk, type Column, type ColumnType, type GrowingColumn, KeyTable } from '../core/index.js'
import { look, type Memory, Scratch } from '../wasm/index.js'

/** Numbers the entities of rows, such as date and listing, in the order they are first seen. */
export class Entities {
  private readonly table: KeyTable
  private readonly numbers: Scratch<Int32Array>
  private tables = new WeakMap<object, Int32Array>()
  private day = Number.NaN

  constructor(
    private readonly columns: readonly { name: string; type: ColumnType }[],
    private readonly memory: Memory,
  ) {
    this.table = new KeyTable(columns)
    this.numbers = new Scratch(memory, n => memory.i32(n))
  }

  get count(): number {
    return this.table.count
  }

  /** The keys by number, a column each. */
  get keys(): readonly GrowingColumn[] {
    return this.table.keys
  }

  /** Returns the entity of each row; borrowed until the next chunk. `all` lists at least as many rows. */
  of(chunk: Chunk, all: Int32Array): Int32Array {
    const { rows } = chunk
    const numbers = this.numbers.of(rows)
    const columns = this.columns.map(({ name }) => chunk.required(name))
    const coded = this.codedOf(columns)
    if (coded) look(this.memory, coded.codes, coded.table, numbers, rows)
    else this.table.resolve(columns, rows, numbers, all)
    return numbers
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
    if (!table) this.tables.set(dictionary, (table = this.tableOf(columns, dictionary as CodesOf)))
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
    return this.table.resolve([...fixed, entries], size)
  }

  free(): void {
    this.numbers.close()
  }
}

type CodesOf = { readonly words: readonly string[] } | { readonly values: BigInt64Array }
