import { join } from 'node:path'
import { JsonFolder, RUNS_FOLDER } from './folder.js'

/** What a pass has left, and what its checks said of it. */
export interface PassNote {
  /** Of all its files together. */
  fingerprint: string
  /** Its files, which of later passes are not known before they have run. */
  paths: string[]
  /** Checks that failed and only warn: they are said again as long as the files stand. */
  checks: string[]
}

/** Notes what passes have left, by a name of their own: that of the last run. */
export class PassNotes {
  private readonly folder: JsonFolder<PassNote>

  constructor(home: string) {
    this.folder = new JsonFolder(join(home, RUNS_FOLDER, 'passes'))
  }

  /** Returns the note of a pass, where it was made of exactly this. */
  async get(name: string, fingerprint: string): Promise<PassNote | undefined> {
    const note = await this.folder.get(name)
    return note?.fingerprint === fingerprint ? note : undefined
  }

  put(name: string, note: PassNote): Promise<void> {
    return this.folder.put(name, note)
  }
}
