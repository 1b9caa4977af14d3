import { BasaltError, type Column, discard, type SpillPlace, type SpillSpace } from '../core/index.js'

/** Bytes of a block: as many rows as fit. Its rows leave one after another, and its memory when all of them have. */
export const BLOCK_BYTES = 1_048_576

/** What bars are made of: entity by number, label in ns after midnight, columns. */
export interface BarColumns {
  entities: Int32Array
  labels: Float64Array
  columns: readonly Column[]
}

/** Counts memory that blocks take, and the memory that they give back. */
export type Counted = (bytes: number) => void

/** Returns the bytes that a bar takes in a block. */
export function barBytes(columns: readonly Column[]): number {
  return columns.reduce((bytes, { values, valid }) => bytes + values.BYTES_PER_ELEMENT + (valid ? 1 : 0), 12)
}

/**
 * Bars in one buffer, in memory or on disk: an entity, a label and values of each. Whoever has copied rows says so, and
 * the last one frees the buffer. Nothing else lies in it, so it is counted to the byte.
 */
export class BarBlock implements BarColumns {
  readonly rows: number
  /** Bytes in memory, or on disk. */
  readonly size: number
  private readonly shapes: { type: Column['type']; Values: ArrayType; nulls: boolean }[]
  private held: (BarColumns & { bytes: Uint8Array }) | null
  private spilled: { space: SpillSpace; place: SpillPlace } | null = null
  private left: number // rows that nobody has copied yet

  /** Copies rows from..to of bars. `ordered`: they are in output order. */
  constructor(
    { entities, labels, columns }: BarColumns,
    from: number,
    to: number,
    readonly ordered: boolean,
    private readonly counted: Counted,
  ) {
    const rows = to - from
    this.left = rows
    this.shapes = columns.map(({ type, values, valid }) => ({
      type,
      Values: values.constructor as ArrayType,
      nulls: valid !== null,
    }))
    this.rows = rows
    this.size = this.laidOut().size
    this.held = this.viewsOf(new ArrayBuffer(this.size))
    this.held.entities.set(entities.subarray(from, to))
    this.held.labels.set(labels.subarray(from, to))
    for (const [c, column] of columns.entries()) {
      const own = this.held.columns[c]
      own.values.set(column.values.subarray(from, to) as never)
      own.valid?.set((column.valid as Uint8Array).subarray(from, to))
    }
    counted(this.size)
  }

  get inMemory(): boolean {
    return this.held !== null
  }

  get entities(): Int32Array {
    return this.whole.entities
  }

  get labels(): Float64Array {
    return this.whole.labels
  }

  get columns(): readonly Column[] {
    return this.whole.columns
  }

  /** Notes that rows have been copied elsewhere and are not read again. */
  gone(rows: number): void {
    this.left -= rows
    if (this.left === 0) this.drop()
  }

  /** Moves the rows to disk. They come back when their block's memory is asked for. */
  spill(space: SpillSpace): void {
    this.spilled = { space, place: space.put(this.whole.bytes) }
    this.drop()
  }

  private get whole(): BarColumns & { bytes: Uint8Array } {
    if (this.held) return this.held
    if (!this.spilled) throw new BasaltError('internal', 'bars were read after they had left')
    const views = this.viewsOf(new ArrayBuffer(this.size))
    this.spilled.space.get(this.spilled.place, views.bytes)
    this.spilled = null
    this.counted(this.size)
    this.held = views
    return views
  }

  private drop(): void {
    if (!this.held) return
    discard([this.held.bytes])
    this.held = null
    this.counted(-this.size)
  }

  private viewsOf(buffer: ArrayBuffer): BarColumns & { bytes: Uint8Array } {
    const { offsets } = this.laidOut()
    const { rows } = this
    const columns = this.shapes.map(({ type, Values, nulls }, c) => {
      const values = new Values(buffer, offsets[c], rows)
      const valid = nulls ? new Uint8Array(buffer, offsets[c] + padded(rows * Values.BYTES_PER_ELEMENT), rows) : null
      return { type, values, valid } as Column // words of text are the store's
    })
    return {
      bytes: new Uint8Array(buffer),
      labels: new Float64Array(buffer, 0, rows),
      entities: new Int32Array(buffer, rows * 8, rows),
      columns,
    }
  }

  /** Returns where each column starts, and where the last one ends. */
  private laidOut(): { offsets: number[]; size: number } {
    let at = padded(this.rows * 12)
    const offsets = this.shapes.map(({ Values, nulls }) => {
      const own = at
      at += padded(this.rows * Values.BYTES_PER_ELEMENT) + (nulls ? padded(this.rows) : 0)
      return own
    })
    return { offsets, size: at }
  }
}

interface ArrayType {
  new (buffer: ArrayBuffer, offset: number, length: number): Column['values']
  readonly BYTES_PER_ELEMENT: number
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8
