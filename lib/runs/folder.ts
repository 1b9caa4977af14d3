import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultOf } from '../core/index.js'
import { PendingFile, syncDirectory, temporaryName } from '../io/index.js'

/** The folder beside outputs in which runs keep what they know of them. Engines that read folders skip such a name. */
export const RUNS_FOLDER = '_basalt'

/** A folder of JSON files, each of which appears whole. */
export class JsonFolder<T> {
  constructor(
    readonly path: string,
    /** Whether values have to outlive a power cut: each is then forced to disk, which takes milliseconds. */
    private readonly lasting = true,
  ) {}

  /** Writes a value under a name, in place of the one before it. */
  async put(name: string, value: T): Promise<void> {
    if (!this.lasting) return this.putQuickly(name, JSON.stringify(value))
    const file = await PendingFile.create(this.pathOf(name))
    try {
      await file.write(Buffer.from(`${JSON.stringify(value, null, 1)}\n`))
    } catch (error) {
      await file.abort()
      throw error
    }
    await file.commit()
  }

  private async putQuickly(name: string, text: string): Promise<void> {
    const path = this.pathOf(name)
    const temporary = temporaryName(path)
    try {
      await mkdir(this.path, { recursive: true })
      await writeFile(temporary, text)
      await rename(temporary, path)
    } catch (error) {
      throw faultOf(error, { file: path }, 'io')
    }
  }

  /** Reads the value of a name; undefined where there is none, or none that can be read: it is then made anew. */
  async get(name: string): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.pathOf(name), 'utf8')) as T
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw faultOf(error, { file: this.pathOf(name) }, 'io')
    }
  }

  /** Removes the value of a name, where there is one, for good. */
  async drop(name: string): Promise<void> {
    try {
      await unlink(this.pathOf(name))
      await syncDirectory(this.path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw faultOf(error, { file: this.pathOf(name) }, 'io')
    }
  }

  /** Lists the names, in alphabetical order. */
  async names(): Promise<string[]> {
    const files = await readdir(this.path).catch(() => [])
    return files.flatMap(file => (/^[^.].*\.json$/.test(file) ? file.slice(0, -'.json'.length) : [])).sort()
  }

  /** Reads all values, by name. */
  async all(): Promise<Map<string, T>> {
    const values = new Map<string, T>()
    for (const name of await this.names()) {
      const value = await this.get(name)
      if (value !== undefined) values.set(name, value)
    }
    return values
  }

  pathOf(name: string): string {
    return join(this.path, `${name}.json`)
  }
}
