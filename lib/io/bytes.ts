import { readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { isMainThread } from 'node:worker_threads'
import { BasaltError, faultOf } from '../core/error.js'

/** Bytes that can be read in ranges: a local file, an object in a store, a buffer. */
export interface ByteSource {
  byteLength: number
  /** Reads bytes [start, end); the buffer is the caller's own. Fewer bytes than asked for is an `io` fault. */
  slice(start: number, end: number): Promise<ArrayBuffer>
}

/** A file on a local disk. It is opened by the first read and may be closed at any time between reads. */
export class LocalFile implements ByteSource {
  private handle: Promise<FileHandle> | undefined

  private constructor(
    readonly path: string,
    readonly byteLength: number,
    readonly modified: number, // ms since the epoch
  ) {}

  /** Looks up a file's size without opening it. A missing or unreadable file is an `io` fault. */
  static async at(path: string): Promise<LocalFile> {
    try {
      const facts = await stat(path)
      if (!facts.isFile()) throw new BasaltError('io', 'is not a file', { file: path })
      return new LocalFile(path, facts.size, Math.trunc(facts.mtimeMs))
    } catch (error) {
      throw faultOf(error, { file: path }, 'io')
    }
  }

  async slice(start: number, end: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(end - start)
    await this.readInto(start, bytes)
    return bytes.buffer
  }

  /** Fills an array with the bytes from `start` on. */
  async readInto(start: number, bytes: Uint8Array): Promise<void> {
    const end = start + bytes.length
    if (!(start >= 0 && end >= start && end <= this.byteLength)) {
      throw new BasaltError('data', `bytes ${start}–${end} lie outside of its ${this.byteLength}`, { file: this.path })
    }
    try {
      this.handle ??= open(this.path, 'r')
      const handle = await this.handle
      for (let at = 0; at < bytes.length; ) {
        // A worker thread has nothing else to do: waiting for another thread's read costs it 0.1 ms each.
        const bytesRead = isMainThread
          ? (await handle.read(bytes, at, bytes.length - at, start + at)).bytesRead
          : readSync(handle.fd, bytes, at, bytes.length - at, start + at)
        if (bytesRead === 0) throw new BasaltError('io', `ends at byte ${start + at}, ${end} was expected`)
        at += bytesRead
      }
    } catch (error) {
      await this.close() // the next read opens it anew
      throw faultOf(error, { file: this.path }, 'io')
    }
  }

  async close(): Promise<void> {
    const handle = this.handle
    this.handle = undefined
    await (await handle?.catch(() => undefined))?.close()
  }
}
