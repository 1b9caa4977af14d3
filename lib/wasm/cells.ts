import type { CellRuns } from './fold-kernels.js'
import type { Memory } from './memory.js'

/** How offsets become labels; see semantics 2.2. All widths and offsets in ns. */
export interface Buckets {
  mode: 'width' | 'instant' | 'day'
  width: number
  anchor: 'end' | 'start'
  closed: 'right' | 'left'
  /** Label of mode day, ns after midnight. */
  dayLabel: number
}

const MODES = { width: 0, instant: 1, day: 2 }
const STANDING_BYTES = 24
const MANY = 65_536 // cells: their slots fill a cache, and each row in no order would miss it
const GRID_SHARE = 8 // places in the grid for each cell that the table has room for: as much memory as its slots
const NS_PER_DAY = 86_400_000_000_000
const SLOT = 4 // numbers of 4 bytes in a slot of the hash table; a cell has two slots

/**
 * The cells of a stretch of rows: entity and bucket label each, numbered in the order they are first seen. Entities are
 * small numbers; offsets and labels are ns after the midnight of the entity's date, as exact doubles.
 */
export class CellTable {
  private readonly head: BigInt64Array
  private readonly numbers: Float64Array
  private capacity = 4096
  private entities = 0
  private ownersAt: Int32Array
  private labelsAt: Float64Array
  private hash: Int32Array // SLOT of them a slot
  private standing: Uint8Array
  /** The cell of each entity and bucket of a day, once there are many: 4 bytes each, and looked up without a search. */
  private grid: Int32Array | null = null

  constructor(
    private readonly memory: Memory,
    { mode, width, anchor, closed, dayLabel }: Buckets,
  ) {
    this.head = memory.i64(18).fill(0n)
    this.numbers = new Float64Array(this.head.buffer, this.head.byteOffset, 18)
    this.ownersAt = memory.i32(this.capacity)
    this.labelsAt = memory.f64(this.capacity)
    this.hash = memory.i32(this.capacity * 2 * SLOT).fill(0)
    this.standing = memory.u8(0)
    this.head[7] = BigInt(MODES[mode])
    this.head[8] = BigInt(width)
    this.head[10] = anchor === 'end' ? 1n : 0n
    this.head[11] = closed === 'right' ? 1n : 0n
    this.numbers[12] = dayLabel
    this.address()
  }

  get count(): number {
    return Number(this.head[0])
  }

  /** Returns the entity of each cell. Valid until the table grows. */
  get owners(): Int32Array {
    return this.ownersAt.subarray(0, this.count)
  }

  /** Returns the label of each cell. Valid until the table grows. */
  get labels(): Float64Array {
    return this.labelsAt.subarray(0, this.count)
  }

  /** Sets where buckets start, in ns after midnight, for the rows to come. */
  set origin(offset: number) {
    if (this.head[9] === BigInt(offset)) return
    this.head[9] = BigInt(offset)
    if (this.grid) {
      this.dropGrid() // its buckets begin elsewhere
      this.reindex()
    }
    this.forget()
  }

  /**
   * Writes the cell of rows index[0..count) into cells[row] and returns the runs of rows of one cell. `entities` counts
   * those known by now; `starts` has room for one more than the rows.
   */
  place(
    index: Int32Array,
    count: number,
    entityOf: Int32Array,
    offsets: Float64Array,
    cells: Int32Array,
    entities: number,
    starts: Int32Array,
  ): CellRuns {
    if (entities > this.entities) this.reserve(entities)
    const { memory } = this
    const { placeRows } = memory.exports
    this.head[13] = 0n
    this.head[14] = 1n
    for (let done = 0; done < count; ) {
      done = placeRows(
        this.head.byteOffset,
        memory.address(entityOf, 0),
        memory.address(offsets, 1),
        memory.address(index, 2),
        done,
        count,
        cells.byteOffset,
        starts.byteOffset,
      )
      if (done < count) this.grow()
    }
    return { starts, count: Number(this.head[13]), rising: this.head[14] === 1n }
  }

  /** Keeps the listed cells, ascending, and numbers them from 0; the others are forgotten. */
  keep(cells: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) {
      this.ownersAt[k] = this.ownersAt[cells[k]]
      this.labelsAt[k] = this.labelsAt[cells[k]]
    }
    this.head[0] = BigInt(count)
    this.reindex()
    this.forget()
  }

  free(): void {
    this.dropGrid()
    for (const array of [this.head, this.ownersAt, this.labelsAt, this.hash, this.standing]) this.memory.free(array)
  }

  private grow(): void {
    const { memory } = this
    this.capacity *= 2
    const owners = memory.i32(this.capacity)
    const labels = memory.f64(this.capacity)
    owners.set(this.ownersAt)
    labels.set(this.labelsAt)
    for (const array of [this.ownersAt, this.labelsAt, this.hash]) memory.free(array)
    this.ownersAt = owners
    this.labelsAt = labels
    this.hash = memory.i32(this.capacity * 2 * SLOT)
    if (this.capacity > MANY) this.layGrid()
    this.address()
    this.reindex()
  }

  /** Lays a grid of all entities and buckets of a day, where these are not many more than cells. */
  private layGrid(): void {
    const [mode, width, origin] = [7, 8, 9].map(field => Number(this.head[field]))
    const buckets = Math.ceil(NS_PER_DAY / width) + 3
    this.dropGrid()
    if (mode !== MODES.width || this.entities * buckets > GRID_SHARE * this.capacity) return
    this.grid = this.memory.i32(this.entities * buckets)
    this.head[15] = BigInt(this.grid.byteOffset)
    this.head[16] = BigInt(buckets)
    this.numbers[17] = (((origin % width) + width) % width) - width
  }

  private dropGrid(): void {
    if (this.grid) this.memory.free(this.grid)
    this.grid = null
    this.head[15] = 0n
  }

  private reindex(): void {
    this.hash.fill(0)
    this.grid?.fill(0)
    this.memory.exports.indexCells(this.head.byteOffset)
  }

  /** Forgets the bucket in which each entity was seen last. */
  private forget(): void {
    const seen = new Float64Array(this.standing.buffer, this.standing.byteOffset, this.standing.length / 8)
    // An empty interval: no offset is in it.
    seen.fill(Number.NaN)
  }

  private reserve(entities: number): void {
    this.entities = Math.max(entities, this.entities * 2, 1024)
    const grown = this.memory.u8(this.entities * STANDING_BYTES)
    new Float64Array(grown.buffer, grown.byteOffset, grown.length / 8).fill(Number.NaN)
    grown.set(this.standing)
    this.memory.free(this.standing)
    this.standing = grown
    this.address()
    if (!this.grid) return
    this.layGrid()
    this.reindex()
  }

  private address(): void {
    this.head[1] = BigInt(this.capacity)
    this.head[2] = BigInt(this.ownersAt.byteOffset)
    this.head[3] = BigInt(this.labelsAt.byteOffset)
    this.head[4] = BigInt(this.hash.byteOffset)
    this.head[5] = BigInt(this.hash.length / SLOT - 1)
    this.head[6] = BigInt(this.standing.byteOffset)
  }
}
