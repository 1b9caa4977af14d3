import { resolve } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import { batchOf } from '../core/batch.js'
import type { Chunk } from '../core/chunk.js'
import { take } from '../core/columns.js'
import type { ColumnBinding, DataFile } from '../core/dataset.js'
import { BasaltError, faultOf } from '../core/error.js'
import { rowNumbers } from '../core/pick.js'
import { LocalFile } from './bytes.js'
import { type FoundFile, findFiles } from './find.js'
import { bmllTemplate, dayIn } from './layout.js'
import { readFooter, rowGroupFacts } from './parquet/footer.js'
import { scan } from './parquet/scan.js'
import { type RetryPolicy, retried } from './retry.js'

/** Where the files of one table are. */
export interface DatasetSpec {
  root: string
  layout: string // bmll, hive or a template
  table: string
  /** Overrides root + layout: templates, files or directories, absolute or relative to root. */
  path?: string[]
  bmll: { folder: string; prefix: string }
  /** MICs; undefined = all. Files whose path states no market belong to all. */
  markets?: string[]
  /** Days since the epoch; undefined = all. Files whose path states no date belong to all. */
  days?: number[]
  /** How often a footer is read again; not at all when left out. */
  retry?: RetryPolicy
}

export interface BrokenFile {
  path: string
  relative: string
  day: number | null
  mic: string | null
  error: BasaltError
}

export interface Discovery {
  files: DataFile[] // in file order
  /** Files that cannot be used; each fails only the units that would read it. In file order. */
  broken: BrokenFile[]
  /** Wanted (or found) dates × markets without a file. Markets are null where no path states one. */
  missing: { day: number; mic: string | null }[]
  /** Absolute path patterns that were searched, for messages. */
  patterns: string[]
}

const FOOTERS_AT_ONCE = 8

/**
 * Finds the files of a table and reads their footers. File order is (date, market, path relative to the root as UTF-8
 * bytes), null last, whatever order the file system lists them in. An unknown token is a config fault; finding nothing
 * is none.
 */
export async function discover(spec: DatasetSpec): Promise<Discovery> {
  if (/^s3:/i.test(spec.root))
    throw new BasaltError('config', `root '${spec.root}': this version reads local files only`)
  const root = resolve(spec.root)
  const wanted = {
    root,
    table: spec.table,
    markets: spec.markets && new Set(spec.markets),
    days: spec.days && new Set(spec.days),
  }
  const patterns = patternsOf(spec)
  const found = new Map<string, Located>()
  for (const pattern of patterns) {
    for (const file of await findFiles(pattern, wanted)) found.set(file.path, located(file))
  }
  const inOrder = [...found.values()].sort(byFileOrder)

  const files: DataFile[] = []
  const broken: BrokenFile[] = []
  for (const result of await mapBounded(inOrder, FOOTERS_AT_ONCE, file => described(file, spec.retry))) {
    if ('error' in result) broken.push(result)
    else files.push(result)
  }
  return { files, broken, missing: missingOf(spec, inOrder), patterns: patterns.map(pattern => resolve(root, pattern)) }
}

/** Reads whole files, as a small table of reference is needed: every row group, in order, into batches. */
export async function readTable(
  files: readonly DataFile[],
  columns: ColumnBinding[],
  signal?: AbortSignal,
): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = []
  for await (const batch of tableBatches(files, columns, signal)) batches.push(batch)
  return batches
}

/** Reads whole files as `readTable` does, and hands the batches out one after another. */
export async function* tableBatches(
  files: readonly DataFile[],
  columns: ColumnBinding[],
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch> {
  for (const file of files) {
    for (let rowGroup = 0; rowGroup < file.rowGroups.length; rowGroup++) {
      for await (const chunk of scan({ file, rowGroup, columns, batchRows: 65_536 }, signal)) {
        yield ownedBatch(chunk, columns)
      }
    }
  }
}

/** Copies a chunk into a batch with memory of its own. */
function ownedBatch(chunk: Chunk, specs: readonly ColumnBinding[]): RecordBatch {
  const rows = rowNumbers(chunk.rows)
  const columns = specs.map(({ name }) => take(chunk.required(name), rows, rows.length))
  return batchOf(
    specs.map(({ name, type }) => ({ name, type })),
    columns,
    rows.length,
  )
}

/** Describes one file by its own path: no date or market, the footer's facts. */
export async function describeFile(path: string): Promise<DataFile> {
  const result = await described(located({ path, relative: path, facts: { keys: {} } }))
  if ('error' in result) throw result.error
  return result
}

function patternsOf({ layout, path, bmll, table }: DatasetSpec): string[] {
  if (path) return path
  if (layout === 'bmll') return [bmllTemplate(bmll)]
  return [layout === 'hive' ? table : layout]
}

interface Located extends FoundFile {
  day: number | null
  mic: string | null
  keys: Record<string, string>
  wrong?: string // a date of the path that is none
}

function located(file: FoundFile): Located {
  const { facts } = file
  const day = dayIn(facts)
  const wrong = facts.wrong ?? (day === undefined ? `${facts.yyyy}-${facts.mm}-${facts.dd}` : undefined)
  return { ...file, day: day ?? null, mic: facts.mic ?? null, keys: facts.keys, wrong }
}

function byFileOrder(a: Located, b: Located): number {
  if (a.day !== b.day) return a.day === null ? 1 : b.day === null ? -1 : a.day - b.day
  if (a.mic !== b.mic) return a.mic === null ? 1 : b.mic === null ? -1 : bytewise(a.mic, b.mic)
  return bytewise(a.relative, b.relative)
}

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

async function described(
  { path, relative, day, mic, keys, wrong }: Located,
  retry: RetryPolicy = { retries: 0, baseSeconds: 0, maxSeconds: 0 },
): Promise<DataFile | BrokenFile> {
  let source: LocalFile | undefined
  try {
    if (wrong !== undefined) throw new BasaltError('data', `'${wrong}' in its path is no calendar date`, { file: path })
    const opened = await retried(() => LocalFile.at(path), retry)
    source = opened
    const footer = await retried(() => readFooter(opened, { file: path }), retry)
    const { columns } = footer
    const rowGroups = rowGroupFacts(footer, { file: path })
    return { path, relative, bytes: opened.byteLength, modified: opened.modified, day, mic, keys, columns, rowGroups }
  } catch (error) {
    return { path, relative, day, mic, error: faultOf(error, { file: path }) }
  } finally {
    await source?.close()
  }
}

function missingOf({ days, markets }: DatasetSpec, files: Located[]): Discovery['missing'] {
  const present = new Set(files.map(({ day, mic }) => `${day} ${mic}`))
  const mics = markets ?? distinct(files.map(file => file.mic))
  const missing: Discovery['missing'] = []
  for (const day of days ?? distinct(files.map(file => file.day))) {
    for (const mic of mics.length > 0 ? mics : [null]) {
      const names = [`${day} ${mic}`, `${day} null`, `null ${mic}`, 'null null']
      if (!names.some(name => present.has(name))) missing.push({ day, mic })
    }
  }
  return missing
}

function distinct<V>(values: (V | null)[]): V[] {
  return [...new Set(values.filter(value => value !== null))] as V[]
}

/** Maps with a few calls under way at once; results keep the order of the items. */
async function mapBounded<A, B>(items: A[], width: number, map: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = new Array(items.length)
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const i = next++
      results[i] = await map(items[i])
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}
