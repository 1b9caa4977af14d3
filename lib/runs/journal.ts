import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { faultOf, type WrittenFile } from '../core/index.js'
import { Checkpoints } from './checkpoints.js'
import { Claim, type Claimed } from './claim.js'
import { JsonFolder } from './folder.js'
import { type Marker, Markers } from './marker.js'
import { thisProcess } from './process.js'
import { type PassRecord, Records, type RunRecord, type RunStatus } from './record.js'

/** What is known of a run when it begins. */
export interface RunStart extends Pick<RunRecord, 'code' | 'config' | 'inputs'> {
  /** Folder of its manifest and checkpoints: that of its first target. */
  home: string
  /** What it will write, by the folder of the target. */
  claims: ReadonlyMap<string, Claimed[]>
  memoryBudget: number
  /** Finished dates are kept for a run that goes on from this one, and those that an earlier one kept are used. */
  resume: boolean
  /** They are kept after the run, too. */
  keep: boolean
  /** Where another copy of the manifest goes, when the run ends: by default beside its outputs, under its own name. */
  copy: { folder: string | null; name: string | null } | null
}

/** Keeps the book of a run: claims what it writes, notes what it did, keeps what it would otherwise compute again. */
export class Journal {
  readonly run: string
  readonly record: RunRecord
  private readonly records: Records
  private readonly checkpoints: Checkpoints
  private claims: Claim[] = []

  private constructor(private readonly start: RunStart) {
    const { home, code, config, inputs, memoryBudget } = start
    const now = new Date().toISOString()
    this.run = `${now.slice(0, 19).replace(/[-:]/g, '')}Z-${randomBytes(2).toString('hex')}`
    this.records = new Records(home)
    this.checkpoints = new Checkpoints(home)
    this.record = {
      run: this.run,
      status: 'running',
      started: now,
      ended: null,
      process: thisProcess(),
      code,
      config,
      inputs,
      passes: [],
      files: [],
      memory: { budget: memoryBudget, peak: null },
      bytes: { read: 0, spilled: 0, written: 0 },
    }
  }

  /** Begins a run. Throws an `io` fault when another one is writing the same files. */
  static async open(start: RunStart): Promise<Journal> {
    const journal = new Journal(start)
    try {
      for (const [folder, claimed] of start.claims) {
        await made(folder)
        journal.claims.push(await Claim.on(folder, journal.run, claimed))
      }
      await journal.records.put(journal.record)
      return journal
    } catch (error) {
      await journal.release()
      throw error
    }
  }

  /** Returns the marker of a file that is there as this run would write it. */
  standing(folder: string, path: string, fingerprint: string): Promise<Marker | undefined> {
    return new Markers(folder).standing(path, fingerprint)
  }

  /** Forgets what is known of a file that another one is about to replace. */
  replacing(folder: string, path: string): Promise<void> {
    return new Markers(folder).drop(path)
  }

  /** Notes a file that is visible now. */
  async written(folder: string, file: WrittenFile, facts: { pass: string; fingerprint: string }): Promise<void> {
    const marker = await new Markers(folder).put(file, { ...facts, run: this.run })
    this.list(file.path, marker, 'written')
  }

  /** Notes a file that was there. */
  kept(path: string, marker: Marker): void {
    this.list(path, marker, 'standing')
  }

  private list(path: string, { pass, rows, bytes, sha256 }: Marker, state: 'written' | 'standing'): void {
    const place = relative(resolve(this.start.home), resolve(path))
    this.record.files.push({ path: place, pass, rows, bytes, sha256, state })
  }

  /** Names the file that keeps a result for a run that goes on from this one; undefined where none is to be kept. */
  checkpoint(fingerprint: string): string | undefined {
    return this.start.resume ? this.checkpoints.pathOf(fingerprint) : undefined
  }

  /** Opens what an earlier run has kept. */
  stored(fingerprint: string): ReturnType<Checkpoints['find']> {
    return this.start.resume ? this.checkpoints.find(fingerprint) : undefined
  }

  /** Ends the run. Results that are in files need not be kept any more. */
  async end(status: RunStatus, passes: PassRecord[], problem?: string): Promise<void> {
    const { record, start } = this
    Object.assign(record, { status, passes, ended: new Date().toISOString(), ...(problem && { problem }) })
    record.memory.peak = process.resourceUsage().maxRSS * 1024
    if (status === 'done' && !start.keep) await this.checkpoints.drop()
    try {
      await this.records.put(record)
      if (start.copy) await new JsonFolder(start.copy.folder ?? start.home).put(start.copy.name ?? this.run, record)
    } finally {
      await this.release()
    }
  }

  private async release(): Promise<void> {
    for (const claim of this.claims.splice(0)) await claim.release()
  }
}

async function made(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw faultOf(error, { file: folder }, 'io')
  }
}
