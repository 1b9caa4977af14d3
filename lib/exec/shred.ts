import { rmSync } from 'node:fs'
import {
  type Chunk,
  type Column,
  type DataFile,
  type Expr,
  faultOf,
  GrowingColumn,
  type PassPlan,
  pickAscending,
  rowNumbers,
  type Words,
} from '../core/index.js'
import { SegmentEncoder } from '../io/segment.js'
import { SpillFile } from '../io/spill.js'
import { chunksOfFile, type Scan, type Told } from './placed-chunks.js'
import { widthOf } from './row-bytes.js'
import { ROW_NUMBER, type Segment, specsOf } from './shredded-rows.js'
import { wantedRows } from './wanted.js'

/** Row groups of one file that one thread puts on disk by listing. */
export interface ShredOrder {
  pass: PassPlan
  file: DataFile
  rowGroups: number[]
  /** Rows that anything is made of. */
  where: Expr
  /** The listings of each share; a null among them is rows without one. */
  shares: (string | null)[][]
  /** The file that is made. */
  path: string
}

/** What was made of row groups. */
export interface Shredding {
  rowGroups: ShreddedRowGroup[]
  /** By share: the listings that are in the file. */
  listings: ReadonlySet<string>[]
}

export interface ShreddedRowGroup {
  rowGroup: number
  segments: Segment[][] // by share
  /** Values that were read as null, by column. */
  nonFinite: Told['nonFinite']
}

const BLOCK_BYTES = 8_000_000 // of rows that are put in order at once: 70,000 of a trade's
const MOST_WORDS = 65_536 // that a block keeps for the next one

/** Reads row groups once and writes their rows by share; within one they keep their order. A full disk is an io fault. */
export async function shred(
  { pass, file, rowGroups, where, shares, path }: ShredOrder,
  { scan, signal, alive }: { scan: Scan; signal?: AbortSignal; alive?: () => void },
): Promise<Shredding> {
  rmSync(path, { force: true }) // a thread that was lost may have begun it
  let to: SpillFile | undefined
  try {
    to = new SpillFile(path)
    const block = new Block(pass, shares.length, to)
    const { shareOf, seen } = sharing(shares)
    const wanted = wantedRows(pass, where) ?? undefined
    const shredded: ShreddedRowGroup[] = []
    for (const rowGroup of rowGroups) {
      const told: Told = { nonFinite: {}, unread: 0 }
      const from = { pass, file, batchRows: block.capacity }
      try {
        for await (const { chunk, first } of chunksOfFile(from, rowGroup, wanted, { scan, signal }, told)) {
          signal?.throwIfAborted()
          alive?.()
          block.add(chunk, shareOf(chunk), first)
        }
      } catch (error) {
        throw faultOf(error, { file: file.relative, rowGroup, pass: pass.name })
      }
      shredded.push({ rowGroup, segments: block.end(), nonFinite: told.nonFinite })
    }
    to.leave()
    return { rowGroups: shredded, listings: seen }
  } catch (error) {
    to?.close()
    throw faultOf(error, { file: path }, 'io')
  }
}

/** Rows of one row group on their way to disk, some megabytes at a time. */
class Block {
  /** Rows of a block. */
  readonly capacity: number
  private columns: GrowingColumn[]
  private readonly shareOf: Uint16Array
  private readonly encoder = new SegmentEncoder()
  private segments: Segment[][]
  private rows = 0

  constructor(
    pass: PassPlan,
    private readonly shares: number,
    private readonly to: SpillFile,
  ) {
    const specs = specsOf(pass)
    this.capacity = Math.max(1024, Math.floor(BLOCK_BYTES / widthOf(specs)))
    this.columns = specs.map(spec => new GrowingColumn(spec, this.capacity))
    this.shareOf = new Uint16Array(this.capacity)
    this.segments = this.none()
  }

  /** Takes the rows of a chunk, of which the first has number `first` in its row group; those of no share are left out. */
  add(chunk: Chunk, shares: Int32Array, first: number): void {
    const index = new Int32Array(chunk.rows)
    for (let row = 0; row < chunk.rows; ) {
      let count = 0
      for (; row < chunk.rows && this.rows + count < this.capacity; row++) {
        if (shares[row] < 0) continue
        this.shareOf[this.rows + count] = shares[row]
        index[count++] = row
      }
      const numbers: Column = { type: 'i32', values: rowNumbers(chunk.rows, first), valid: null }
      for (const column of this.columns) {
        const from = column.spec === ROW_NUMBER ? numbers : chunk.required(column.spec.name)
        column.append(from, index, count, pickAscending)
      }
      this.rows += count
      if (this.rows === this.capacity) this.flush()
    }
  }

  /** Writes what is left of a row group and returns where its rows are, by share. */
  end(): Segment[][] {
    this.flush()
    const { segments } = this
    this.segments = this.none()
    return segments
  }

  private flush(): void {
    if (this.rows === 0) return
    const views = this.columns.map(column => column.view())
    for (const [share, rows] of this.byShare()) {
      const place = this.to.put(this.encoder.encode(views, rows))
      this.segments[share].push({ ...place, rows: rows.length })
    }
    this.rows = 0
    this.columns = this.columns.map(column => {
      if (column.interner.words.length > MOST_WORDS) return new GrowingColumn(column.spec, this.capacity)
      column.keep(NONE, 0)
      return column
    })
  }

  /** Lists the rows of each share that has any, in their order. */
  private *byShare(): Generator<[number, Int32Array]> {
    const { shareOf, rows } = this
    const starts = new Int32Array(this.shares + 1)
    for (let row = 0; row < rows; row++) starts[shareOf[row] + 1]++
    for (let share = 0; share < this.shares; share++) starts[share + 1] += starts[share]
    const next = starts.slice()
    const order = new Int32Array(rows)
    for (let row = 0; row < rows; row++) order[next[shareOf[row]]++] = row
    for (let share = 0; share < this.shares; share++)
      if (starts[share + 1] > starts[share]) yield [share, order.subarray(starts[share], starts[share + 1])]
  }

  private none(): Segment[][] {
    return Array.from({ length: this.shares }, () => [])
  }
}

const NONE = new Int32Array(0)

/** Returns what finds the share of each row of a chunk, -1: of none, and the listings that it met. */
function sharing(shares: readonly (string | null)[][]): {
  shareOf: (chunk: Chunk) => Int32Array
  seen: Set<string>[]
} {
  const byListing = new Map(shares.flatMap((listings, share) => listings.map(listing => [listing, share] as const)))
  const ofNull = byListing.get(null) ?? -1
  const seen = shares.map(() => new Set<string>())
  const shareOf = (listing: string): number => {
    const share = byListing.get(listing)
    if (share === undefined) return -1
    seen[share].add(listing)
    return share
  }
  const ofEntries = new WeakMap<Words | Column, Int32Array>()
  const tableOf = (dictionary: Words | Column, entries: Iterable<unknown>): Int32Array => {
    let table = ofEntries.get(dictionary)
    if (!table) ofEntries.set(dictionary, (table = Int32Array.from(entries, entry => shareOf(String(entry)))))
    return table
  }
  const ofNumbers = new Map<bigint, number>()
  const ofNumber = (value: bigint): number => {
    let share = ofNumbers.get(value)
    if (share === undefined) ofNumbers.set(value, (share = shareOf(String(value))))
    return share
  }
  const ofChunk = (chunk: Chunk): Int32Array => {
    const column = chunk.required('ListingId')
    const { valid } = column
    const found = new Int32Array(chunk.rows)
    const coded = column.type === 'str' ? { codes: column.values, dictionary: column.dictionary } : column.coded
    if (coded) {
      const { codes, dictionary } = coded
      const table = tableOf(dictionary, 'words' in dictionary ? dictionary.words : dictionary.values)
      for (let row = 0; row < chunk.rows; row++) found[row] = table[codes[row]] ?? -1
    } else for (let row = 0; row < chunk.rows; row++) found[row] = ofNumber(column.values[row] as bigint)
    if (valid) for (let row = 0; row < chunk.rows; row++) if (!valid[row]) found[row] = ofNull
    return found
  }
  return { shareOf: ofChunk, seen }
}
