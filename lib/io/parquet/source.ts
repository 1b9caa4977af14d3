import type { Column } from '../../core/batch.js'
import type { ColumnBinding } from '../../core/dataset.js'
import { BasaltError, faultOf, type Where } from '../../core/error.js'
import type { Memory } from '../../wasm/memory.js'
import { BoundColumn } from './bound-column.js'
import { damageOf } from './damage.js'
import { chunkRange, type Leaf, physicalText } from './leaf.js'
import type { OpenFile } from './open.js'
import { type PagePlace, pagePlacesOf } from './page-index.js'
import { ColumnReader } from './reader.js'
import type { RowRange } from './row-ranges.js'
import type { ScanOptions } from './scan.js'

/** One column of the file while its row group is read. */
export class Source {
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

  /** Goes to a row of the row group. */
  seek(row: number): void {
    decoded(() => this.reader.seek(row), this.where)
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

export interface SourcePlace {
  rowGroup: number
  rows: number
  firstRow: number // of the row group in the file
  /** Rows that are read; null is all of them. */
  ranges: readonly RowRange[] | null
  where: Where
  options: ScanOptions
}

/** Reads what is needed of a column's chunk. */
export async function openSource(
  memory: Memory,
  entry: OpenFile,
  name: string,
  bindings: readonly ColumnBinding[],
  place: SourcePlace,
): Promise<Source> {
  const { rows, firstRow, options } = place
  const at = { ...place.where, field: name }
  const { bytes, leaf, meta, places } = await readChunk(memory, entry, name, place, at)
  const bound = bindings.map(binding => {
    const interner = entry.interner(`${binding.text ? 'text' : 'word'}:${name}`)
    return new BoundColumn(memory, leaf, binding, { where: at, firstRow, interner, onNonFinite: options.onNonFinite })
  })
  return new Source(new ColumnReader(memory, bytes, leaf, meta, rows, places), bound, bytes, memory, firstRow, at)
}

async function readChunk(
  memory: Memory,
  { source, footer }: OpenFile,
  name: string,
  { rowGroup, rows, ranges }: SourcePlace,
  where: Where,
) {
  const leaf =
    footer.leaves.get(name) ??
    refuse(
      footer.schema.find(element => element.name === name),
      where,
    )
  const chunk = footer.rowGroups[rowGroup].chunk(leaf.index)
  const meta = chunk?.meta_data
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
  const { runs, places } = ranges
    ? readOf(await pagePlacesOf(source, chunk as NonNullable<typeof chunk>, rows), start, end, ranges)
    : { runs: [{ start, end }], places: null }
  const bytes = memory.u8(runs.reduce((total, run) => total + run.end - run.start, 0))
  try {
    let at = 0
    const reads = runs.map(run => {
      const from = at
      at += run.end - run.start
      return source.readInto(run.start, bytes.subarray(from, at))
    })
    // All have ended before their memory is given back.
    for (const read of await Promise.allSettled(reads)) if (read.status === 'rejected') throw read.reason
    return { bytes, leaf, meta, places }
  } catch (error) {
    memory.free(bytes)
    throw faultOf(error, where, 'io')
  }
}

interface Run {
  start: number
  end: number
}

/** Returns which bytes of a chunk hold rows of some ranges, and its dictionary, and the pages that they are. */
function readOf(
  pages: readonly PagePlace[] | undefined,
  start: number,
  end: number,
  ranges: readonly RowRange[],
): { runs: Run[]; places: PagePlace[] | null } {
  if (!pages) return { runs: [{ start, end }], places: null }
  const places: PagePlace[] = []
  const runs: Run[] = pages[0].at > start ? [{ start, end: pages[0].at }] : []
  let range = 0
  for (const page of pages) {
    while (range < ranges.length && ranges[range].to <= page.firstRow) range++
    if (range === ranges.length) break
    if (ranges[range].from >= page.firstRow + page.rows) continue
    places.push(page)
    const last = runs.at(-1)
    if (last?.end === page.at) last.end += page.bytes
    else runs.push({ start: page.at, end: page.at + page.bytes })
  }
  return { runs, places }
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
