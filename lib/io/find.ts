import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join, parse, relative, sep } from 'node:path'
import { faultOf } from '../core/error.js'
import { dayText } from '../core/time.js'
import { type PathFacts, type Segment, segmentsOf, withHiveKey, withName } from './layout.js'

/** A file that a pattern matches, with what its path says. */
export interface FoundFile {
  path: string
  relative: string // to the root, with slashes
  facts: PathFacts
}

export interface Wanted {
  root: string
  table: string
  markets?: ReadonlySet<string>
  days?: ReadonlySet<number>
}

/**
 * Lists the files that match a path pattern, in no particular order. A pattern that ends in a directory means every
 * Parquet file below it whose directories are `key=value`. Directories that no wanted date or market can be in are not
 * entered. A directory that does not exist holds nothing; one that cannot be read is an `io` fault.
 */
export async function findFiles(pattern: string, wanted: Wanted): Promise<FoundFile[]> {
  const absolute = isAbsolute(pattern)
  const start = absolute ? parse(pattern).root : wanted.root
  const segments = segmentsOf(absolute ? pattern.slice(start.length).replaceAll(sep, '/') : pattern, wanted.table)
  const search = new Search(wanted)
  await search.follow(start, segments, { keys: {} })
  return search.found
}

class Search {
  readonly found: FoundFile[] = []
  private readonly dates: string[] | undefined // wanted, as yyyymmdd

  constructor(private readonly wanted: Wanted) {
    this.dates = wanted.days && [...wanted.days].map(day => dayText(day).replaceAll('-', ''))
  }

  async follow(at: string, segments: Segment[], facts: PathFacts): Promise<void> {
    if (segments.length === 0) return this.reach(at, facts)
    const [segment, ...rest] = segments
    if ('literal' in segment) {
      const next = withName(facts, segment, segment.literal)
      if (next && this.possible(next)) await this.follow(join(at, segment.literal), rest, next)
      return
    }
    for (const { name } of await entriesOf(at)) {
      if (name.startsWith('.')) continue // temporary files of writers
      const next = withName(facts, segment, name)
      if (next && this.possible(next)) await this.follow(join(at, name), rest, next)
    }
  }

  private async reach(path: string, facts: PathFacts): Promise<void> {
    const kind = await kindOf(path)
    if (kind === 'file') this.take(path, facts)
    else if (kind === 'directory') await this.below(path, facts)
  }

  private async below(directory: string, facts: PathFacts): Promise<void> {
    for (const entry of await entriesOf(directory)) {
      const { name } = entry
      if (name.startsWith('.') || name.startsWith('_')) continue
      const path = join(directory, name)
      const kind = entry.isSymbolicLink() ? await kindOf(path) : entry.isDirectory() ? 'directory' : 'file'
      if (kind === 'file' && name.endsWith('.parquet')) this.take(path, facts)
      if (kind !== 'directory' || !name.includes('=')) continue
      const next = withHiveKey(facts, name)
      if (next && this.possible(next)) await this.below(path, next)
    }
  }

  private take(path: string, facts: PathFacts): void {
    this.found.push({ path, relative: relative(this.wanted.root, path).replaceAll(sep, '/'), facts })
  }

  private possible({ mic, yyyy, mm, dd }: PathFacts): boolean {
    const { markets } = this.wanted
    if (mic !== undefined && markets && !markets.has(mic)) return false
    if (!this.dates || (!yyyy && !mm && !dd)) return true
    return this.dates.some(
      date => (!yyyy || date.startsWith(yyyy)) && (!mm || date.slice(4, 6) === mm) && (!dd || date.slice(6) === dd),
    )
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error)) return []
    throw faultOf(error, { file: path }, 'io')
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  try {
    const facts = await stat(path)
    return facts.isDirectory() ? 'directory' : facts.isFile() ? 'file' : undefined
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw faultOf(error, { file: path }, 'io')
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
