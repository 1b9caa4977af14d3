import type { ColumnMetaData } from 'hyparquet'
import { DeltaCursor } from '../../wasm/delta.js'
import type { Memory } from '../../wasm/memory.js'
import { checkCodes, spread } from '../../wasm/rows.js'
import { RunCursor } from '../../wasm/runs.js'
import { Scratch } from '../../wasm/scratch.js'
import { type Dictionary, dictionaryOf, ofEntries } from './dictionary.js'
import { Entries } from './entries.js'
import { type Frame, framesOf, rowsOf } from './frames.js'
import { fixedLength, isBytes, type Leaf } from './leaf.js'
import { LevelReader } from './levels.js'
import { type Decode, numbersOf, type Tools, type Values, valuesOf } from './numbers.js'
import { type DataPage, PageUnpacker } from './page.js'
import type { PagePlace } from './page-index.js'
import { PageRows } from './page-rows.js'
import { stringsOf } from './strings.js'

const SKIPPED_ROWS = 8192 // at once: as many as are read, so that skipping takes no memory of its own

/** Rows of one column, in the kernels' memory, valid until the next read of the reader that they are from. */
export interface Vector {
  rows: number
  /** By row, into the reader's dictionary, for pages of codes and for byte strings always. Null rows hold 0. */
  codes: Int32Array | null
  /** By row, otherwise: floats are widened, INT96 is ns, booleans are bytes of 0 and 1. Null rows hold 0. */
  values: Values | null
  /** One byte a row, 1 = present; null when every row is. */
  valid: Uint8Array | null
}

/**
 * Reads one column chunk, a page at a time, and each page a vector at a time. Holds the largest page, the dictionary and
 * the rows last read; the chunk's bytes stay the caller's. Whatever does not add up is thrown, before memory is asked
 * for it: an Error that says what, or a `limit` fault.
 */
export class ColumnReader {
  private left = 0 // rows of the page at hand
  private nulls = 0 // of the page at hand so far
  private closed = false
  private coded = false
  private known: Dictionary | null = null
  private stated = 0 // entries of the dictionary page: those that plain strings add have codes that pages do not use
  private page: DataPage | null = null
  private decode: Decode | null = null
  private readonly met: PageRows // behind the page at hand
  private readonly frames: Generator<Frame, void, undefined>
  private readonly entries = new Entries()
  private readonly buffer: Scratch<Uint8Array>
  private readonly pages: PageUnpacker
  private readonly levels: LevelReader
  private readonly tools: Tools
  private readonly codes: Scratch<Int32Array>
  private readonly values: Scratch<Values>

  /**
   * Reads `rows` rows from the bytes of a chunk, which lie in `memory`. Where only some of its pages are there, `places`
   * tells which rows each of them has.
   */
  constructor(
    private readonly memory: Memory,
    bytes: Uint8Array,
    private readonly leaf: Leaf,
    meta: ColumnMetaData,
    rows: number,
    places: readonly PagePlace[] | null = null,
  ) {
    this.met = new PageRows(rows, places)
    this.frames = framesOf(bytes)
    this.buffer = new Scratch(memory, n => memory.u8(n))
    this.pages = new PageUnpacker(memory, meta.codec, this.buffer)
    this.levels = new LevelReader(memory)
    this.codes = new Scratch(memory, n => memory.i32(n))
    this.values = new Scratch(memory, n => valuesOf(memory, leaf.element.type!, n))
    this.tools = {
      memory,
      runs: new RunCursor(memory),
      delta: new DeltaCursor(memory),
      suffixes: new DeltaCursor(memory),
      scratch: new Scratch(memory, n => memory.u8(n)),
      lengths: new Scratch(memory, n => memory.i32(n)),
    }
  }

  /** Rows left in the page at hand; 0 before the first page and at its end. */
  get ahead(): number {
    return this.left
  }

  /** What codes stand for; null while no page has any. */
  get dictionary(): Dictionary | null {
    return this.known
  }

  /** Reads the dictionary page, where the chunk starts with one. */
  openFirst(): Dictionary | null {
    const frame = this.frames.next().value
    if (frame?.header.type === 'DICTIONARY_PAGE') this.openDictionary(frame)
    return this.known
  }

  /**
   * Goes to the next page with rows, past those left in this one, and past pages that end before row `from` of the row
   * group, which are not unpacked. Returns false at the end of the rows.
   */
  advance(from = 0): boolean {
    this.left = 0
    while (this.met.left > 0) {
      const frame = this.frames.next().value
      if (!frame) throw new Error(`the pages lack ${this.met.left} rows of the row group`)
      const { type } = frame.header
      if (type === 'DICTIONARY_PAGE') this.openDictionary(frame)
      else if (type === 'DATA_PAGE' || type === 'DATA_PAGE_V2') {
        const rows = rowsOf(frame.header)
        if (rows > 0) this.met.meet(rows)
        if (rows === 0 || this.met.next <= from) continue
        this.openPage(frame)
        return true
      } else if (type !== 'INDEX_PAGE') throw new Error('a page has an unknown type')
    }
    return false
  }

  /** Goes to a row of the row group that was not read, so that it is the next one. */
  seek(row: number): void {
    if (this.met.next <= row && !this.advance(row)) throw new Error(`its pages end before row ${row}`)
    for (let at = this.met.next - this.left; at < row; at += SKIPPED_ROWS) this.read(Math.min(row - at, SKIPPED_ROWS))
  }

  /** Reads the next n rows of the page at hand, at most as many as are `ahead`. */
  read(n: number): Vector {
    if (!(n >= 0 && n <= this.left) || !this.page) throw new RangeError(`${n} of ${this.left} rows cannot be read`)
    const valid = this.levels.read(n)
    const { present } = this.levels
    this.left -= n
    this.nulls += n - present
    const { nulls } = this.page
    if (this.left === 0 && nulls !== null && nulls !== this.nulls)
      throw new Error(`a page states ${nulls} nulls and has ${this.nulls}`)

    const asCodes = this.coded || isBytes(this.leaf)
    const rows = asCodes ? this.codes.of(n) : this.values.of(n)
    // What is present goes to the end, from where it is spread over the rows.
    const tail = valid ? rows.subarray(n - present) : rows
    if (this.coded) this.readCodes(present, tail as Int32Array)
    else if (present > 0) this.decode!(present, tail)
    if (valid) spread(this.memory, rows, n, present, valid)
    if (asCodes) return { rows: n, codes: rows as Int32Array, values: null, valid }
    return { rows: n, codes: null, values: rows, valid }
  }

  /** Gives the reader's memory back; vectors and dictionary values are gone. Nothing happens the second time. */
  close(): void {
    if (this.closed) return
    this.closed = true
    const { runs, delta, suffixes, scratch, lengths } = this.tools
    for (const each of [this.buffer, this.levels, this.codes, this.values, runs, delta, suffixes, scratch, lengths])
      each.close()
    if (this.known?.values) this.memory.free(this.known.values)
    this.known = null
    this.page = null
    this.left = 0
    this.met.end()
  }

  private openDictionary(frame: Frame): void {
    if (this.known) throw new Error('a dictionary stands behind pages of rows')
    this.known = dictionaryOf(this.memory, frame, this.leaf, this.pages, this.tools, this.entries)
    this.stated = this.known.size
  }

  private openPage(frame: Frame): void {
    const page = this.pages.data(frame, this.leaf.nullable)
    const { body, encoding } = page
    const type = this.leaf.element.type!
    this.coded = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
    this.decode = null
    if (this.coded) this.startCodes(body)
    else if (isBytes(this.leaf)) {
      this.known ??= ofEntries(this.entries)
      this.decode = stringsOf(this.tools, body, encoding, type, fixedLength(this.leaf), this.entries) as Decode
    } else this.decode = numbersOf(this.tools, body, encoding, type)
    this.levels.start(page.levels)
    this.page = page
    this.nulls = 0
    this.left = page.rows
  }

  /** Codes are runs behind a byte that states their width; a page of nulls may have none. */
  private startCodes(body: Uint8Array): void {
    this.tools.runs.start(body.subarray(1), body.length > 0 ? body[0] : 0)
  }

  private readCodes(n: number, out: Int32Array): void {
    if (n === 0) return
    if (this.stated === 0) throw new Error('a page has codes and the chunk no dictionary')
    if (this.page!.body.length === 0) throw new Error('a page ends before its codes')
    this.tools.runs.values(n, out)
    checkCodes(this.memory, out, n, this.stated)
  }
}
