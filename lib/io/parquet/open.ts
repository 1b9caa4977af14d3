import type { DataFile } from '../../core/dataset.js'
import { BasaltError } from '../../core/error.js'
import { Interner } from '../../core/interner.js'
import { LocalFile } from '../bytes.js'
import { type Footer, readFooter } from './footer.js'

const MAX_OPEN = 64 // handles; far below any system's limit for one process

/** A file whose footer is parsed. It stays open between row groups until others push it out or `close` is called. */
export class OpenFile {
  users = 0
  private interners = new Map<string, Interner>()

  constructor(
    readonly source: LocalFile,
    readonly footer: Footer,
  ) {}

  /**
   * Returns the words of a column, the same ones for every row group: codes are stable. A column of ids gets new words
   * once it has many, because each batch would else carry those of all rows before.
   */
  interner(column: string): Interner {
    let interner = this.interners.get(column)
    if (!interner || interner.words.length > MAX_WORDS) {
      interner = new Interner()
      this.interners.set(column, interner)
    }
    return interner
  }
}

const MAX_WORDS = 65_536

const files = new Map<string, Promise<OpenFile>>() // least recently used first

/** Runs `use` with a file open. A file that has another size than when it was planned is an `io` fault. */
export async function acquire(file: DataFile): Promise<OpenFile> {
  const source = await LocalFile.at(file.path)
  if (source.byteLength !== file.bytes) {
    const text = `has changed since it was planned: ${source.byteLength} bytes instead of ${file.bytes}`
    throw new BasaltError('io', text, { file: file.path })
  }
  let opening = files.get(file.path)
  const known = await opening?.catch(() => undefined)
  if (known && (known.source.byteLength !== source.byteLength || known.source.modified !== source.modified)) {
    await close(file.path)
    opening = undefined
  }
  // Another caller may have opened it while this one waited.
  opening = opening && known ? opening : (files.get(file.path) ?? opened(source))
  files.delete(file.path)
  files.set(file.path, opening)
  try {
    const entry = await opening
    entry.users++
    await evict()
    return entry
  } catch (error) {
    if (files.get(file.path) === opening) files.delete(file.path)
    throw error
  }
}

export function release(entry: OpenFile): void {
  entry.users--
}

/** Closes one file, or all of them, and forgets their footers. Scans under way reopen what they need. */
export async function close(path?: string): Promise<void> {
  const paths = path === undefined ? [...files.keys()] : [path]
  for (const each of paths) {
    const opening = files.get(each)
    files.delete(each)
    await (await opening?.catch(() => undefined))?.source.close()
  }
}

async function opened(source: LocalFile): Promise<OpenFile> {
  return new OpenFile(source, await readFooter(source, { file: source.path }))
}

async function evict(): Promise<void> {
  for (const [path, opening] of files) {
    if (files.size <= MAX_OPEN) return
    if ((await opening.catch(() => undefined))?.users === 0) await close(path)
  }
}
