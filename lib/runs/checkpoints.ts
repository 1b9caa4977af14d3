import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SpillFile } from '../io/index.js'
import { RUNS_FOLDER } from './folder.js'

/** Dates and passes that were computed, kept on disk until the files that they are for are there. */
export class Checkpoints {
  readonly path: string
  private readonly used = new Set<string>()

  constructor(root: string) {
    this.path = join(root, RUNS_FOLDER, 'checkpoints')
  }

  /** Names the file of what has this fingerprint; the run that asks for it removes it at its end. */
  pathOf(fingerprint: string): string {
    const path = join(this.path, `${fingerprint.slice(0, 32)}.rows`)
    this.used.add(path)
    return path
  }

  /** Opens what an earlier run has left; undefined where there is none, or it was damaged. */
  find(fingerprint: string): { file: SpillFile; facts: unknown } | undefined {
    return SpillFile.reopen(this.pathOf(fingerprint))
  }

  /** Removes what this run has used or left. */
  async drop(): Promise<void> {
    for (const path of this.used) await rm(path, { force: true })
  }

  /** Lists all files of the folder. */
  async files(): Promise<string[]> {
    const names = await readdir(this.path).catch(() => [])
    return names.sort().map(name => join(this.path, name))
  }
}
