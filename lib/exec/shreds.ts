import { rmSync } from 'node:fs'
import { type BasaltError, type DataFile, type Expr, faultOf, type PassPlan, type Unit } from '../core/index.js'
import { SpillFolder } from '../io/index.js'
import type { Executor } from './executor.js'
import { isTooMuch } from './halves.js'
import type { ShreddedRowGroup } from './shred.js'
import type { ShreddedRows } from './shredded-rows.js'
import { readableUnit } from './wanted.js'

/** What of a batch is on disk. */
export interface ShreddedBatch {
  /** Returns where its rows of a row group are; undefined where it has none. */
  rowsOf(part: Unit['parts'][number]): ShreddedRows | undefined
  /** Lists those of its listings that a file may hold, ascending. */
  listingsOf(file: number): string[]
  /** What is on disk together with it is of its listings alone. */
  alone: boolean
}

/** A unit whose symbol batches would read most of its row groups each. */
export interface MixedUnit {
  whole: Unit
  /** Listings that are put on disk side by side: those of one batch, or of some that follow one another. */
  shares: (string | null)[][]
}

export interface ShredsOptions {
  plan: PassPlan
  files: readonly DataFile[]
  /** Rows of the run on a unit's date. */
  where: (unit: Unit) => Expr
  executor: Executor
  tempDir: string | null
  /** Told of each row group that was read. */
  onRowGroup: (file: DataFile, read: ShreddedRowGroup) => void
}

const MOST_ROWS = 1_000_000 // of a task
const TASKS = 6 // a worker gets at least, so that none works alone at the end

/**
 * Puts the rows of units on disk by listing, so that their files are read once and not once a symbol batch. A unit is
 * shredded when the first of its batches is scheduled; its files go when the last one has been run.
 */
export class Shreds {
  private readonly folder: SpillFolder
  private readonly days = new Map<Unit['day'], Promise<Shredded | undefined>>()
  private readonly paths = new Map<Unit['day'], string[]>()

  constructor(
    private readonly mixed: ReadonlyMap<Unit['day'], MixedUnit>,
    private readonly options: ShredsOptions,
  ) {
    this.folder = new SpillFolder(options.tempDir)
  }

  /** Returns what of a batch is on disk; undefined where its files are to be read. */
  async of({ day, share, listings }: Unit): Promise<ShreddedBatch | undefined> {
    const mixed = this.mixed.get(day)
    if (!mixed || share === undefined) return undefined
    let known = this.days.get(day)
    if (!known) this.days.set(day, (known = this.shred(mixed)))
    const shredded = await known
    return shredded && batchOf(shredded, share, listings ?? [], mixed.shares[share].length)
  }

  /** Removes what was made of a date. */
  release(day: Unit['day']): void {
    this.days.delete(day)
    for (const path of this.paths.get(day) ?? []) rmSync(path, { force: true })
    this.paths.delete(day)
  }

  /** Removes all that was made; no task may be under way. */
  close(): void {
    this.folder.remove()
  }

  /** Undefined where threads run out of memory over it: batches take less when they read their files themselves. */
  private async shred({ whole, shares }: MixedUnit): Promise<Shredded | undefined> {
    const { plan: pass, files, executor, onRowGroup } = this.options
    const where = this.options.where(whole)
    const waiting = this.tasksOf(readableUnit(whole, pass, where, files))
    const paths: string[] = []
    this.paths.set(whole.day, paths)
    const shredded: Shredded = new Map()
    let failure: BasaltError | undefined
    const work = async () => {
      for (let next = waiting.shift(); next && !failure; next = waiting.shift()) {
        const { file, rowGroups } = next
        const known = shredded.get(file) ?? { rowGroups: new Map(), listings: shares.map(() => new Set()) }
        shredded.set(file, known)
        try {
          const path = this.folder.place()
          paths.push(path)
          const made = await executor.shred({ pass, file: files[file], rowGroups, where, shares, path })
          for (const [share, listings] of made.listings.entries())
            for (const listing of listings) known.listings[share].add(listing)
          for (const each of made.rowGroups) {
            known.rowGroups.set(each.rowGroup, { path, segments: each.segments })
            onRowGroup(files[file], each)
          }
        } catch (error) {
          failure ??= faultOf(error)
        }
      }
    }
    await Promise.all(Array.from({ length: executor.credits }, work))
    if (!failure) return shredded
    if (isTooMuch(failure)) return undefined
    throw failure
  }

  /** Lists row groups of one file that follow one another. */
  private tasksOf({ parts, rows }: Unit): Pick<Task, 'file' | 'rowGroups'>[] {
    const { files, executor } = this.options
    const most = Math.min(MOST_ROWS, rows / (TASKS * executor.credits))
    const tasks: Task[] = []
    for (const { file, rowGroup } of parts) {
      const own = files[file].rowGroups[rowGroup].rows
      const last = tasks.at(-1)
      if (last?.file === file && last.rows + own <= most) {
        last.rowGroups.push(rowGroup)
        last.rows += own
      } else tasks.push({ file, rowGroups: [rowGroup], rows: own })
    }
    return tasks
  }
}

interface Task {
  file: number
  rowGroups: number[]
  rows: number
}

/** What was made of a date, by file. */
type Shredded = Map<
  number,
  {
    rowGroups: Map<number, Pick<ShreddedRows, 'path'> & Pick<ShreddedRowGroup, 'segments'>>
    listings: Set<string>[] // by share
  }
>

/** Returns what of a batch is on disk; its share has so many listings. */
function batchOf(
  shredded: Shredded,
  share: number,
  listings: readonly (string | null)[],
  sharing: number,
): ShreddedBatch {
  const own = new Map(
    [...shredded].map(([file, { listings: met }]) => [
      file,
      listings.filter((each): each is string => each !== null && met[share].has(each)),
    ]),
  )
  const hasNull = listings.includes(null)
  const listingsOf = (file: number) => own.get(file) ?? []
  return {
    listingsOf,
    alone: listings.length === sharing,
    rowsOf({ file, rowGroup }) {
      const group = shredded.get(file)?.rowGroups.get(rowGroup)
      const segments = group?.segments[share] ?? []
      if (!group || segments.length === 0 || (listingsOf(file).length === 0 && !hasNull)) return undefined
      return { path: group.path, segments, rows: segments.reduce((sum, { rows }) => sum + rows, 0) }
    },
  }
}
