import type { Column } from '../../core/batch.js'
import { Chunk } from '../../core/chunk.js'
import { type ColumnBinding, firstRowOf, type ScanRequest } from '../../core/dataset.js'
import { BasaltError, faultOf, type Where } from '../../core/error.js'
import { memory } from '../../wasm/memory.js'
import { filledColumn, partitionValue } from './fill.js'
import { acquire, type OpenFile, release } from './open.js'
import { type RowRange, rowRangesOf } from './row-ranges.js'
import { openSource, type Source } from './source.js'

export interface ScanOptions {
  /** Told how many NaN and infinities of a column became null, once a row group, before its first batch. */
  onNonFinite?: (column: string, count: number) => void
  /** Told how many rows are left out between two chunks, as none of them can be wanted. */
  onUnread?: (rows: number) => void
}

const MAX_GROUP_ROWS = 2 ** 26 // 64 M rows of one f64 column are 512 MiB

/**
 * Reads one row group: only the chunks of the columns asked for, a page at a time, handed out in chunks of at most
 * `batchRows` rows. Pages of which no row can be `wanted`, by what the file says of them, are not read. A chunk is
 * borrowed: the next one takes its memory. Nothing is read before the first pull. A source column that the file lacks is
 * all null. Damaged bytes are a data fault and failed reads an `io` fault, with file, row group and column.
 */
export async function* scan(
  request: ScanRequest,
  signal?: AbortSignal,
  options: ScanOptions = {},
): AsyncGenerator<Chunk, void, undefined> {
  const { file, rowGroup } = request
  const where = { file: file.path, rowGroup }
  if (!(request.batchRows >= 1))
    throw new BasaltError('internal', `batches of ${request.batchRows} rows do not exist`, where)
  signal?.throwIfAborted()
  const entry = await acquire(file)
  const own = memory()
  const sources: Source[] = []
  try {
    const rows = rowsOf(entry, rowGroup, where)
    const firstRow = firstRowOf(entry.footer, rowGroup)
    const fixed = fixedColumns(entry, request, where)
    const all: RowRange[] = [{ from: 0, to: rows }]
    const { wanted } = request
    const ranges = wanted ? ((await rowRangesOf(entry, file, rowGroup, rows, wanted)) ?? all) : all
    // All reads are asked for at once: a thread that waits for one after the other idles a tenth of the time.
    const place = { rowGroup, rows, firstRow, where, options, ranges: ranges === all ? null : ranges }
    const opening =
      ranges.length === 0
        ? []
        : [...boundSources(entry, request)].map(([name, bindings]) => openSource(own, entry, name, bindings, place))
    const opened = await Promise.allSettled(opening)
    for (const each of opened) if (each.status === 'fulfilled') sources.push(each.value)
    for (const each of opened) if (each.status === 'rejected') throw each.reason
    let done = 0
    for (const { from, to } of ranges) {
      if (from > done) {
        for (const source of sources) source.seek(from)
        options.onUnread?.(from - done)
        done = from
      }
      while (done < to) {
        signal?.throwIfAborted()
        const n = Math.min(request.batchRows, to - done, ...sources.map(source => source.ahead()))
        const columns = new Map<string, Column>(fixed(n))
        for (const source of sources) source.read(n, done, columns)
        yield new Chunk(n, name => columns.get(name))
        done += n
      }
    }
    if (done < rows) options.onUnread?.(rows - done)
  } finally {
    for (const source of sources) source.close()
    release(entry)
  }
}

/** Lists what is read, and the columns that are made of it. */
function boundSources({ footer }: OpenFile, { columns }: ScanRequest): Map<string, ColumnBinding[]> {
  const sources = new Map<string, ColumnBinding[]>()
  for (const binding of columns) {
    const { source } = binding
    if (source === null || !footer.columns.some(({ name }) => name === source)) continue
    sources.set(source, [...(sources.get(source) ?? []), binding])
  }
  return sources
}

/** Returns what makes the columns that hold one value in every row; they are made again when another length is asked. */
function fixedColumns(
  { footer }: OpenFile,
  { file, columns }: ScanRequest,
  where: Where,
): (rows: number) => [string, Column][] {
  const bindings = columns.filter(
    ({ source }) => source === null || !footer.columns.some(({ name }) => name === source),
  )
  const valueFor = ({ source, partition, constant }: ColumnBinding) =>
    source !== null ? null : partition ? partitionValue(file, partition) : (constant ?? null)
  let made: [string, Column][] = []
  let length = -1
  return rows => {
    if (rows === length) return made
    length = rows
    try {
      made = bindings.map(binding => [binding.name, filledColumn(binding, valueFor(binding), rows)])
    } catch (error) {
      throw faultOf(error, where)
    }
    return made
  }
}

function rowsOf({ footer }: OpenFile, rowGroup: number, where: Where): number {
  const rows = footer.rowGroups[rowGroup]?.rows
  if (rows === undefined) throw new BasaltError('data', `has ${footer.rowGroups.length} row groups`, where)
  if (rows > MAX_GROUP_ROWS)
    throw new BasaltError('limit', `states ${rows} rows; row groups of at most ${MAX_GROUP_ROWS} can be read`, where)
  return rows
}
