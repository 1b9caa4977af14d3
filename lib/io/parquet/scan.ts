import type { Column } from '../../core/batch.js'
import { Chunk } from '../../core/chunk.js'
import { type ColumnBinding, firstRowOf, type ScanRequest } from '../../core/dataset.js'
import { BasaltError, faultOf, type Where } from '../../core/error.js'
import { type Memory, memory } from '../../wasm/memory.js'
import { BoundColumn } from './bound-column.js'
import { damageOf } from './damage.js'
import { filledColumn, partitionValue } from './fill.js'
import { chunkRange, type Leaf, physicalText } from './leaf.js'
import { acquire, type OpenFile, release } from './open.js'
import { ColumnReader } from './reader.js'

export interface ScanOptions {
  /** Told how many NaN and infinities of a column became null, once a row group, before its first batch. */
  onNonFinite?: (column: string, count: number) => void
}

const MAX_GROUP_ROWS = 2 ** 26 // 64 M rows of one f64 column are 512 MiB

/**
 * Reads one row group: only the chunks of the columns asked for, a page at a time, handed out in chunks of at most
 * `batchRows` rows. A chunk is borrowed: the next one takes its memory. Nothing is read before the first pull. A source
 * column that the file lacks is all null. Damaged bytes are a data fault and failed reads an `io` fault, with file, row
 * group and column.
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
    // All reads are asked for at once: a thread that waits for one after the other idles a tenth of the time.
    const opening = [...boundSources(entry, request)].map(([name, bindings]) =>
      openSource(own, entry, name, bindings, { rowGroup, rows, firstRow, where, options }),
    )
    const opened = await Promise.allSettled(opening)
    for (const each of opened) if (each.status === 'fulfilled') sources.push(each.value)
    for (const each of opened) if (each.status === 'rejected') throw each.reason
    for (let done = 0; done < rows; ) {
      signal?.throwIfAborted()
      const n = Math.min(request.batchRows, rows - done, ...sources.map(source => source.ahead()))
      const columns = new Map<string, Column>(fixed(n))
      for (const source of sources) source.read(n, done, columns)
      yield new Chunk(n, name => columns.get(name))
      done += n
    }
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
  const facts = footer.rowGroups[rowGroup]
  if (!facts) throw new BasaltError('data', `has ${footer.rowGroups.length} row groups`, where)
  if (facts.rows > MAX_GROUP_ROWS) {
    throw new BasaltError(
      'limit',
      `states ${facts.rows} rows; row groups of at most ${MAX_GROUP_ROWS} can be read`,
      where,
    )
  }
  return facts.rows
}

/** One column of the file while its row group is read. */
class Source {
  constructor(
    private readonly reader: ColumnReader,
    private readonly bound: readonly BoundColumn[],
    private readonly bytes: Uint8Array,
    private readonly memory: Memory,
    private readonly firstRow: number,
    private readonly where: Where,
  ) {}

  /** Returns how many rows can be read at once; the next page is unpacked when the last one has ended. */
  ahead(): number {
    return decoded(() => {
      if (this.reader.ahead === 0 && !this.reader.advance()) throw new Error('its pages end early')
      return this.reader.ahead
    }, this.where)
  }

  /** Reads n rows behind the first `done` of the row group. */
  read(n: number, done: number, into: Map<string, Column>): void {
    decoded(() => {
      const vector = this.reader.read(n)
      const { dictionary } = this.reader
      for (const each of this.bound) into.set(each.binding.name, each.of(vector, dictionary, this.firstRow + done))
    }, this.where)
  }

  close(): void {
    this.reader.close()
    for (const each of this.bound) each.close()
    this.memory.free(this.bytes)
  }
}

interface SourcePlace {
  rowGroup: number
  rows: number
  firstRow: number // of the row group in the file
  where: Where
  options: ScanOptions
}

async function openSource(
  memory: Memory,
  entry: OpenFile,
  name: string,
  bindings: readonly ColumnBinding[],
  { rowGroup, rows, firstRow, where, options }: SourcePlace,
): Promise<Source> {
  const at = { ...where, field: name }
  const { bytes, leaf, meta } = await readChunk(memory, entry, name, rowGroup, rows, at)
  const bound = bindings.map(binding => {
    const interner = entry.interner(`${binding.text ? 'text' : 'word'}:${name}`)
    return new BoundColumn(memory, leaf, binding, { where: at, firstRow, interner, onNonFinite: options.onNonFinite })
  })
  return new Source(new ColumnReader(memory, bytes, leaf, meta, rows), bound, bytes, memory, firstRow, at)
}

async function readChunk(
  memory: Memory,
  { source, footer }: OpenFile,
  name: string,
  rowGroup: number,
  rows: number,
  where: Where,
) {
  const leaf =
    footer.leaves.get(name) ??
    refuse(
      footer.metadata.schema.find(element => element.name === name),
      where,
    )
  const meta = footer.metadata.row_groups[rowGroup].columns[leaf.index]?.meta_data
  if (meta?.path_in_schema.length !== 1 || meta.path_in_schema[0] !== name || meta.type !== leaf.element.type) {
    throw new BasaltError('data', 'has no column chunk that fits the schema', where)
  }
  if (Number(meta.num_values) !== rows) {
    throw new BasaltError('data', `states ${meta.num_values} values in a row group of ${rows} rows`, where)
  }
  const { start, end } = chunkRange(meta)
  if (!(start >= 0 && end >= start && end <= source.byteLength)) {
    throw new BasaltError(
      'data',
      `has a chunk at bytes ${start}–${end} of ${source.byteLength}: the file is cut or damaged`,
      where,
    )
  }
  const bytes = memory.u8(end - start)
  try {
    await source.readInto(start, bytes)
    return { bytes, leaf, meta }
  } catch (error) {
    memory.free(bytes)
    throw faultOf(error, where, 'io')
  }
}

function refuse(element: Parameters<typeof physicalText>[0] | undefined, where: Where): Leaf {
  const type = element?.type ? physicalText(element) : 'nested'
  throw new BasaltError('data', `is ${type} in the file, which cannot be read`, where)
}

/** Runs a decoder; whatever it throws about the bytes becomes a data fault with the place. */
function decoded<T>(decode: () => T, where: Where): T {
  try {
    return decode()
  } catch (error) {
    if (error instanceof BasaltError) throw error.at(where)
    throw new BasaltError('data', `cannot be decoded: ${damageOf(error)}`, where, error)
  }
}
