import { join } from 'node:path'
import { JsonFolder, RUNS_FOLDER } from './folder.js'
import { mayRun, type ProcessIdentity } from './process.js'

/** How a run ended: `partly` is a run of which some units failed. */
export type RunStatus = 'running' | 'done' | 'partly' | 'failed' | 'interrupted'

export interface UnitRecord {
  unit: string
  /** computed; resumed from what an interrupted run left; failed. */
  state: 'computed' | 'resumed' | 'failed'
  rowsIn?: number
  rowsOut?: number
  seconds?: number
  problem?: string
}

export interface PassRecord {
  pass: string
  plan: string // its hash, as noted in its files
  units: UnitRecord[]
  /** Units of which nothing was needed, as their files were there. */
  standing: number
}

export interface FileRecord {
  path: string // relative to the folder of the run
  pass: string
  rows: number
  bytes: number
  sha256: string
  /** written by this run, or there already. */
  state: 'written' | 'standing'
}

/** The manifest of a run: what it was made of, what it did, what it left. */
export interface RunRecord {
  run: string
  status: RunStatus
  started: string // UTC
  ended: string | null
  process: ProcessIdentity
  code: string
  /** Hash of the config, without what never changes a value. */
  config: string
  inputs: { table: string; path: string; bytes: number; modified: string }[]
  passes: PassRecord[]
  files: FileRecord[]
  memory: { budget: number; peak: number | null } // bytes
  /** Of input files that were read, of what did not fit memory or was kept for a run that goes on, of output files. */
  bytes: { read: number; spilled: number; written: number }
  problem?: string
}

/** The manifests of the runs that wrote below a folder. */
export class Records {
  private readonly folder: JsonFolder<RunRecord>

  constructor(readonly root: string) {
    this.folder = new JsonFolder(join(root, RUNS_FOLDER, 'runs'))
  }

  put(record: RunRecord): Promise<void> {
    return this.folder.put(record.run, record)
  }

  /** Reads all, the earliest first. One that was under way when its process ended was interrupted. */
  async all(): Promise<RunRecord[]> {
    const records = [...(await this.folder.all()).values()]
    return records.sort((a, b) => (a.started < b.started ? -1 : 1)).map(ended) // names tell seconds alone
  }

  async get(run: string): Promise<RunRecord | undefined> {
    const record = await this.folder.get(run)
    return record && ended(record)
  }

  pathOf(run: string): string {
    return this.folder.pathOf(run)
  }
}

function ended(record: RunRecord): RunRecord {
  return record.status === 'running' && !mayRun(record.process) ? { ...record, status: 'interrupted' } : record
}
