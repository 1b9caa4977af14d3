import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { BasaltError, faultOf } from '../../core/error.js'
import type { WrittenFile } from '../../core/sink.js'
import { temporaryName } from '../temporary.js'

/**
 * A file that appears whole or not at all: bytes go to a hidden temporary name beside it, and `commit` puts them under
 * the final name in one step that survives a power cut. Every failure is an `io` fault naming the final path.
 */
export class PendingFile {
  bytes = 0
  private readonly hash = createHash('sha256')
  private state: 'open' | 'finished' | 'done' = 'open'

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
    /** Directories whose entries changed, deepest first. */
    private readonly directories: string[],
  ) {}

  /** Opens the temporary file, with the parent directories that are missing. */
  static async create(path: string): Promise<PendingFile> {
    const final = resolve(path)
    const parent = dirname(final)
    // Names end at 255 bytes on common file systems.
    const temporary = temporaryName(join(parent, `.${basename(final).slice(0, 60)}`))
    try {
      const made = await mkdir(parent, { recursive: true })
      const handle = await open(temporary, 'wx')
      return new PendingFile(final, temporary, handle, changed(parent, made))
    } catch (error) {
      throw faultOf(error, { file: final }, 'io')
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.state !== 'open') throw new BasaltError('internal', 'a finished file was written to', { file: this.path })
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.bytes)
        at += bytesWritten
        this.bytes += bytesWritten
      }
      this.hash.update(bytes)
    } catch (error) {
      throw faultOf(error, { file: this.path }, 'io')
    }
  }

  /** Returns what is known of the whole file. Ask once, when all is written. */
  facts(rows: number): WrittenFile {
    return { path: this.path, bytes: this.bytes, rows, sha256: this.hash.digest('hex') }
  }

  /** Makes the file durable under its temporary name and closes it. Failures are those of `commit`. */
  async finish(): Promise<void> {
    if (this.state !== 'open') return
    try {
      await this.handle.sync()
      await this.handle.close()
      this.state = 'finished'
    } catch (error) {
      await this.abort()
      throw faultOf(error, { file: this.path }, 'io')
    }
  }

  /** Makes the file durable and visible. A failure leaves nothing behind: a failed fsync is never tried again. */
  async commit(): Promise<void> {
    if (this.state === 'done') throw new BasaltError('internal', 'a file was committed twice', { file: this.path })
    await this.finish()
    try {
      await rename(this.temporary, this.path)
      this.state = 'done'
      for (const directory of this.directories) await syncDirectory(directory)
    } catch (error) {
      await this.abort()
      throw faultOf(error, { file: this.path }, 'io')
    }
  }

  /** Removes the temporary file. Does nothing after `commit` or a second time. */
  async abort(): Promise<void> {
    if (this.state === 'done') return
    this.state = 'done'
    await this.handle.close().catch(() => {})
    await unlink(this.temporary).catch(() => {}) // the reason of the abort is the error to report
  }
}

function changed(parent: string, firstMade: string | undefined): string[] {
  const directories = [parent]
  if (firstMade) {
    const top = dirname(resolve(firstMade))
    while (directories[directories.length - 1] !== top) directories.push(dirname(directories[directories.length - 1]))
  }
  return directories
}

/** Makes it last which names a directory has. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return // directories cannot be opened there
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
