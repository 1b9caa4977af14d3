import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type RecordBatch, RecordBatchReader } from 'apache-arrow'
import { BasaltError, type Column, columnOf, faultOf, type SpillPlace, type SpillSpace } from '../core/index.js'
import { columnStream } from './ipc.js'
import { temporaryName } from './temporary.js'

interface Batch {
  rows: number
  columns: Map<string, SpillPlace>
}

let spilled = 0

/** Returns how many bytes this process has spilled so far. */
export const bytesSpilled = (): number => spilled

/** Counts bytes that another thread has spilled. */
export function countSpilled(bytes: number): void {
  spilled += bytes
}

/** What stands at the end of a sealed file, behind its batches: this many bytes hold where they lie. */
const MAGIC = 'BSPILL1'
const TAIL = 8 + MAGIC.length // length and checksum of the index

/**
 * Batches on disk: each column of a batch is an Arrow IPC stream of its own with a checksum, so that a reader touches only
 * the columns that it needs. The file is gone when it is closed, unless it was sealed for other processes to read.
 */
export class SpillFile implements SpillSpace {
  private readonly file: number
  private readonly blocks: Batch[] = []
  private end = 0
  private sealed = false
  rows = 0

  /** Makes a file, or opens a sealed one again. */
  constructor(
    private path: string,
    again = false,
  ) {
    this.file = openSync(path, again ? 'r' : 'wx+', 0o600)
    this.sealed = again
  }

  /** Makes a file that is to be sealed under a name, beside that name. */
  static pending(path: string): SpillFile {
    try {
      mkdirSync(dirname(path), { recursive: true })
      return new SpillFile(temporaryName(path))
    } catch (error) {
      throw faultOf(error, { file: path }, 'io')
    }
  }

  /** Opens a sealed file and returns what was noted with it; undefined where there is none, or one with damage anywhere. */
  static reopen(path: string): { file: SpillFile; facts: unknown } | undefined {
    let file: SpillFile | undefined
    try {
      file = new SpillFile(path, true)
      const { blocks, rows, facts } = file.index()
      for (const [count, columns] of blocks) file.blocks.push({ rows: count, columns: new Map(columns) })
      file.rows = rows
      for (const { columns } of file.blocks) for (const [name, place] of columns) file.bytesOf(place, name)
      return { file, facts }
    } catch {
      file?.close()
      return undefined
    }
  }

  /**
   * Ends the file and gives it its final name: another process finds it whole or not at all. It is not forced to disk: a
   * file that a power cut tore fails its checksums, and its rows are computed again.
   */
  seal(path: string, facts: unknown): void {
    const blocks = this.blocks.map(({ rows, columns }) => [rows, [...columns]])
    const index = Buffer.from(JSON.stringify({ blocks, rows: this.rows, facts }))
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(index.length, 0)
    tail.writeUInt32LE(crc32(index), 4)
    try {
      this.write(Buffer.concat([index, tail, Buffer.from(MAGIC)]), this.end)
      renameSync(this.path, path)
    } catch (error) {
      throw faultOf(error, { file: this.path }, 'io')
    }
    this.path = path
    this.sealed = true
  }

  private index(): { blocks: [number, [string, SpillPlace][]][]; rows: number; facts: unknown } {
    const { size } = fstatSync(this.file)
    const tail = Buffer.alloc(TAIL)
    this.fill(tail, size - TAIL)
    const length = tail.readUInt32LE(0)
    const index = Buffer.alloc(length)
    this.fill(index, size - TAIL - length)
    if (tail.toString('latin1', 8) !== MAGIC || crc32(index) !== tail.readUInt32LE(4)) throw new Error('it is damaged')
    this.end = size - TAIL - length
    return JSON.parse(index.toString())
  }

  get bytes(): number {
    return this.end
  }

  append(batch: RecordBatch): void {
    const names = batch.schema.fields.map(({ name }) => name)
    const columns = new Map(names.map(name => [name, this.put(columnStream(batch, name))]))
    this.blocks.push({ rows: batch.numRows, columns })
    this.rows += batch.numRows
  }

  put(bytes: Uint8Array): SpillPlace {
    const offset = this.end
    try {
      this.write(bytes, offset)
    } catch (error) {
      throw faultOf(error, { file: this.path }, 'io')
    }
    this.end += bytes.length
    spilled += bytes.length
    return { offset, length: bytes.length, crc: crc32(bytes) }
  }

  get({ offset, length, crc }: SpillPlace, into: Uint8Array, what = `${length} bytes`): void {
    if (this.fill(into, offset) === length && crc32(into) === crc) return
    const problem = `spilled rows were changed on disk: ${what} at byte ${offset} fails its checksum`
    throw new BasaltError('io', `${problem}; run again, with another EXECUTION.temp_dir if it happens twice`, {
      file: this.path,
    })
  }

  /** Yields the batches in the order they came, with these columns alone. Damaged bytes are an io fault. */
  *read(names: readonly string[]): Generator<{ rows: number; columns: Map<string, Column> }> {
    for (let batch = 0; batch < this.blocks.length; batch++) yield this.batch(batch, names)
  }

  /** Lists how many rows each batch has, in the order they came. */
  get batches(): number[] {
    return this.blocks.map(({ rows }) => rows)
  }

  /** Reads one batch, with these columns alone. Damaged bytes are an io fault. */
  batch(number: number, names: readonly string[]): { rows: number; columns: Map<string, Column> } {
    const { rows, columns } = this.blocks[number]
    return { rows, columns: new Map(names.map(name => [name, this.column(name, columns.get(name))])) }
  }

  private column(name: string, place: SpillPlace | undefined): Column {
    if (!place) throw new BasaltError('internal', `the spilled rows have no column '${name}'`, { file: this.path })
    const [batch] = [...RecordBatchReader.from(this.bytesOf(place, name))]
    return columnOf(batch, name) as Column
  }

  private bytesOf(place: SpillPlace, name: string): Uint8Array {
    const bytes = new Uint8Array(place.length)
    this.get(place, bytes, `column ${name}`)
    return bytes
  }

  /** Reads as many bytes as an array takes, or as there are, and returns how many. */
  private fill(into: Uint8Array, offset: number): number {
    let at = 0
    while (at < into.length) {
      const read = readSync(this.file, into, at, into.length - at, offset + at)
      if (read === 0) break
      at += read
    }
    return at
  }

  private write(bytes: Uint8Array, offset: number): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, offset + at)
  }

  /** Lets go of the file, and removes one that was not sealed. */
  close(): void {
    closeSync(this.file)
    if (!this.sealed) rmSync(this.path, { force: true })
  }

  /** Lets go of the file and leaves it to who made its folder. */
  leave(): void {
    closeSync(this.file)
  }

  /** Lets go of the file and removes it. */
  remove(): void {
    this.close()
    rmSync(this.path, { force: true })
  }
}

/** What folders of spill files are called, before the number of the process that made them. */
export const SPILL_PREFIX = 'basalt-spill-'

/** Tells whether a process of this number runs on this machine: ours, or another one that was given the number since. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A folder for the spill files of one run; made when the first file is, and removed with all that is in it. */
export class SpillFolder {
  private path: string | undefined
  private count = 0

  /** `parent` is EXECUTION.temp_dir; null is the system's folder. */
  constructor(private readonly parent: string | null) {}

  open(): SpillFile {
    return new SpillFile(this.place())
  }

  /** Names a file that somebody else makes. */
  place(): string {
    try {
      this.path ??= mkdtempSync(join(this.parent ?? tmpdir(), `${SPILL_PREFIX}${process.pid}-`))
    } catch (error) {
      const { problem } = faultOf(error)
      throw new BasaltError('io', `no folder for spilled rows can be made: ${problem}`, {
        file: this.parent ?? tmpdir(),
      })
    }
    return join(this.path, `${this.count++}.arrows`)
  }

  remove(): void {
    if (this.path !== undefined) rmSync(this.path, { recursive: true, force: true })
    this.path = undefined
  }
}

/** One spill file in a folder of its own, made when the first bytes come. */
export class Overflow implements SpillSpace {
  private readonly folder: SpillFolder
  private file: SpillFile | undefined

  /** `parent` is EXECUTION.temp_dir; null is the system's folder. */
  constructor(parent: string | null) {
    this.folder = new SpillFolder(parent)
  }

  put(bytes: Uint8Array): SpillPlace {
    this.file ??= this.folder.open()
    return this.file.put(bytes)
  }

  get(place: SpillPlace, into: Uint8Array): void {
    if (!this.file) throw new BasaltError('internal', 'nothing was spilled that could be read')
    this.file.get(place, into)
  }

  /** Removes the file. */
  close(): void {
    this.file?.close()
    this.file = undefined
    this.folder.remove()
  }
}

/** Estimates the bytes that a batch takes in memory. */
export function bytesOfBatch(batch: RecordBatch): number {
  return batch.data.children.reduce((total, data) => total + (data.byteLength || 0), 0)
}
