import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type RecordBatch, RecordBatchReader } from 'apache-arrow'
import { BasaltError, type Column, columnOf, faultOf } from '../core/index.js'
import { columnStream } from './ipc.js'

/** Where a column of a batch lies in a spill file. */
interface Block {
  offset: number
  length: number
  crc: number
}

/**
 * Batches on disk, to be read again by this process: each column of a batch is an Arrow IPC stream of its own with a
 * checksum, so that a reader touches only the columns that it needs. The file is gone when it is closed.
 */
export class SpillFile {
  private readonly file: number
  private readonly blocks: { rows: number; columns: Map<string, Block> }[] = []
  private end = 0
  rows = 0

  constructor(private readonly path: string) {
    this.file = openSync(path, 'wx+', 0o600)
  }

  get bytes(): number {
    return this.end
  }

  append(batch: RecordBatch): void {
    const columns = new Map<string, Block>()
    try {
      for (const { name } of batch.schema.fields) {
        const bytes = columnStream(batch, name)
        for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, this.end + at)
        columns.set(name, { offset: this.end, length: bytes.length, crc: crc32(bytes) })
        this.end += bytes.length
      }
    } catch (error) {
      throw faultOf(error, { file: this.path })
    }
    this.blocks.push({ rows: batch.numRows, columns })
    this.rows += batch.numRows
  }

  /** Yields the batches in the order they came, with these columns alone. Damaged bytes are an io fault. */
  *read(names: readonly string[]): Generator<{ rows: number; columns: Map<string, Column> }> {
    for (const { rows, columns } of this.blocks) {
      yield { rows, columns: new Map(names.map(name => [name, this.column(name, columns.get(name))])) }
    }
  }

  private column(name: string, block: Block | undefined): Column {
    if (!block) throw new BasaltError('internal', `the spilled rows have no column '${name}'`, { file: this.path })
    const bytes = new Uint8Array(block.length)
    let at = 0
    while (at < bytes.length) {
      const read = readSync(this.file, bytes, at, bytes.length - at, block.offset + at)
      if (read === 0) break
      at += read
    }
    if (at < bytes.length || crc32(bytes) !== block.crc) {
      const problem = `spilled rows were changed on disk: column ${name} at byte ${block.offset} fails its checksum`
      throw new BasaltError('io', `${problem}; run again, with another EXECUTION.temp_dir if it happens twice`, {
        file: this.path,
      })
    }
    const [batch] = [...RecordBatchReader.from(bytes)]
    return columnOf(batch, name) as Column
  }

  close(): void {
    closeSync(this.file)
    rmSync(this.path, { force: true })
  }
}

/** A folder for the spill files of one run; made when the first file is, and removed with all that is in it. */
export class SpillFolder {
  private path: string | undefined
  private count = 0

  /** `parent` is EXECUTION.temp_dir; null is the system's folder. */
  constructor(private readonly parent: string | null) {}

  open(): SpillFile {
    try {
      this.path ??= mkdtempSync(join(this.parent ?? tmpdir(), 'basalt-spill-'))
    } catch (error) {
      const { problem } = faultOf(error)
      throw new BasaltError('io', `no folder for spilled rows can be made: ${problem}`, {
        file: this.parent ?? tmpdir(),
      })
    }
    return new SpillFile(join(this.path, `${this.count++}.arrows`))
  }

  remove(): void {
    if (this.path !== undefined) rmSync(this.path, { recursive: true, force: true })
    this.path = undefined
  }
}

/** Estimates the bytes that a batch takes in memory. */
export function bytesOfBatch(batch: RecordBatch): number {
  return batch.data.children.reduce((total, data) => total + (data.byteLength || 0), 0)
}
