import type { Column } from '../../core/batch.js'
import { Chunk } from '../../core/chunk.js'
import type { ColumnBinding, ScanRequest } from '../../core/dataset.js'
import { BasaltError, faultOf, type Where } from '../../core/error.js'
import { decodeChunk } from './chunk.js'
import { convert } from './convert.js'
import { damageOf } from './damage.js'
import { filledColumn, partitionValue } from './fill.js'
import { chunkRange, type Leaf, physicalText } from './leaf.js'
import { acquire, type OpenFile, release } from './open.js'

export interface ScanOptions {
  /** Told how many NaN and infinities of a column became null, once a row group, before its first batch. */
  onNonFinite?: (column: string, count: number) => void
}

const MAX_GROUP_ROWS = 2 ** 26 // 64 M rows of one f64 column are 512 MiB

/**
 * Reads one row group: only the chunks of the columns asked for, decoded as a whole, handed out in chunks of at most
 * `batchRows` rows that share its memory. Nothing is read before the first pull. A source column that the file lacks is
 * all null. Damaged bytes are a data fault and failed reads an `io` fault, with file, row group and column.
 */
export async function* scan(
  request: ScanRequest,
  signal?: AbortSignal,
  options: ScanOptions = {},
): AsyncGenerator<Chunk, void, undefined> {
  const { file, rowGroup, columns: bindings } = request
  const where = { file: file.path, rowGroup }
  if (!(request.batchRows >= 1))
    throw new BasaltError('internal', `batches of ${request.batchRows} rows do not exist`, where)
  signal?.throwIfAborted()
  const entry = await acquire(file)
  let columns: Column[]
  let rows: number
  try {
    rows = rowsOf(entry, rowGroup, where)
    columns = await readColumns(entry, request, rows, where, signal, options)
  } finally {
    release(entry)
  }
  const position = new Map(bindings.map(({ name }, i) => [name, i]))
  for (let from = 0; from < rows; from += request.batchRows) {
    signal?.throwIfAborted()
    const to = Math.min(rows, from + request.batchRows)
    yield new Chunk(to - from, name => {
      const column = columns[position.get(name) ?? -1]
      return column && sliced(column, from, to)
    })
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

async function readColumns(
  entry: OpenFile,
  { file, rowGroup, columns: bindings }: ScanRequest,
  rows: number,
  where: Where,
  signal: AbortSignal | undefined,
  { onNonFinite }: ScanOptions,
): Promise<Column[]> {
  const firstRow = entry.footer.rowGroups.slice(0, rowGroup).reduce((sum, group) => sum + group.rows, 0)
  const bySource = new Map<string, { binding: ColumnBinding; at: number }[]>()
  const columns: Column[] = new Array(bindings.length)
  bindings.forEach((binding, at) => {
    const { source } = binding
    if (source !== null && entry.footer.columns.some(column => column.name === source)) {
      bySource.set(source, [...(bySource.get(source) ?? []), { binding, at }])
      return
    }
    const value =
      source !== null ? null : binding.partition ? partitionValue(file, binding.partition) : (binding.constant ?? null)
    try {
      columns[at] = filledColumn(binding, value, rows)
    } catch (error) {
      throw faultOf(error, where)
    }
  })

  // Bytes of the next column are read while the one at hand is decoded.
  const sources = [...bySource.keys()]
  const read = (i: number) =>
    i < sources.length ? readChunk(entry, sources[i], rowGroup, rows, { ...where, field: sources[i] }) : undefined
  let next = read(0)
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i]
    const at = { ...where, field: source }
    const { bytes, leaf, meta } = (await next)!
    next = read(i + 1)
    next?.catch(() => {}) // reported when its turn comes
    signal?.throwIfAborted()
    const chunk = decoded(() => decodeChunk(bytes, leaf, meta, rows), at)
    for (const { binding, at: index } of bySource.get(source)!) {
      const interner = entry.interner(`${binding.text ? 'text' : 'word'}:${source}`)
      const context = { where: at, firstRow, interner, onNonFinite }
      columns[index] = decoded(() => convert(chunk, leaf, binding, context), at)
    }
  }
  return columns
}

async function readChunk({ source, footer }: OpenFile, name: string, rowGroup: number, rows: number, where: Where) {
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
  try {
    return { bytes: await source.slice(start, end), leaf, meta }
  } catch (error) {
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

function sliced(column: Column, from: number, to: number): Column {
  return {
    ...column,
    values: column.values.subarray(from, to),
    valid: column.valid?.subarray(from, to) ?? null,
  } as Column
}
