import type { Column } from '../../../core/batch.js'
import { BasaltError } from '../../../core/error.js'
import { countSet, keepPresent } from '../../../wasm/encode.js'
import { compareBounds, type StoredBound, storeBound } from './bounds.js'
import { COMPRESSORS, type Codec } from './codec.js'
import type { Bound, Coding, DataEncoding } from './coding.js'
import { codeFlags, codeNumbers, type Forced, sizedRuns } from './numbers.js'
import { type GroupBytes, type Packed, PageWriter, packed } from './pages.js'
import type { Room } from './room.js'
import type { WrittenColumn } from './shape.js'
import { codeTexts } from './texts.js'

export interface EncodeOptions {
  codec: Codec
  /** Bytes of a data page, about, before compression; 131,072 by default. */
  pageBytes?: number
  /** An encoding for every column whose type and values allow it; by default the smallest is chosen. */
  encoding?: Forced
}

/** One column of an encoded row group. Offsets count from the group's first byte. */
export interface EncodedChunk {
  codec: Codec
  encoding: DataEncoding
  dictionaryAt?: number
  dataAt: number
  bytes: number // of all pages, headers included
  uncompressed: number
  nulls: number
  /** Neither where every row is null or NaN. */
  least?: StoredBound
  greatest?: StoredBound
  pages: EncodedPage[]
  order: BoundaryOrder
}

export interface EncodedPage {
  at: number
  bytes: number // header included
  firstRow: number
  rows: number
  nulls: number
  least?: Uint8Array
  greatest?: Uint8Array
}

export type BoundaryOrder = 'unordered' | 'ascending' | 'descending'

const PAGE_BYTES = 131_072
const PAGE_ROWS = 32_768 // a page is what a reader can skip: few bits a value do not make it longer

/** Writes `rows` rows of a column behind the bytes so far and returns the chunk's entry. */
export function encodeChunk(
  room: Room,
  out: GroupBytes,
  { name, type, nullable }: WrittenColumn,
  data: Column,
  rows: number,
  { codec, pageBytes = PAGE_BYTES, encoding }: EncodeOptions,
): EncodedChunk {
  const valid = validOf(room, data, rows)
  if (valid && !nullable) throw new BasaltError('internal', 'a null reached a column that has none', { field: name })
  const coding = codingOf(room, data, valid, rows, encoding)
  const pages = pagesOf(room, valid, rows, pageRows(coding.bits, pageBytes))
  const bodyOf = (page: Span): Uint8Array => {
    if (!nullable && coding.stored) return coding.stored(page.from, page.to)
    const body = room.bytes('body', page.rows + 64 + coding.bound(page.from, page.to))
    const levels = nullable ? writeLevels(room, valid, page, body) : 0
    return body.subarray(0, levels + coding.put(page.from, page.to, body.subarray(levels)))
  }

  const start = out.length
  const writer = new PageWriter(out)
  const trial = tryCodec(room, coding, pages, bodyOf, codec)
  if (coding.dictionary) writer.dictionary(trial.dictionary!, coding.dictionary.entries)
  const dataAt = out.length
  const ends: ([Bound, Bound] | undefined)[] = []
  const entries = pages.map((page): EncodedPage => {
    const at = out.length
    const body = page === trial.page ? trial.body! : packed(room, trial.codec, bodyOf(page), 'packed')
    writer.data(body, page.rows, coding.encoding)
    const extremes = page.to > page.from ? coding.extremes(page.from, page.to) : undefined
    ends.push(extremes)
    return {
      at,
      bytes: out.length - at,
      firstRow: page.firstRow,
      rows: page.rows,
      nulls: page.rows - (page.to - page.from),
      ...(extremes && {
        least: storeBound(type, extremes[0], false).bytes,
        greatest: storeBound(type, extremes[1], true).bytes,
      }),
    }
  })
  const bounded = ends.filter(each => each !== undefined)
  const least = bounded.reduce<Bound | undefined>(
    (a, [b]) => (a !== undefined && compareBounds(a, b) <= 0 ? a : b),
    undefined,
  )
  const greatest = bounded.reduce<Bound | undefined>(
    (a, [, b]) => (a !== undefined && compareBounds(a, b) >= 0 ? a : b),
    undefined,
  )
  return {
    codec: trial.codec,
    encoding: coding.encoding,
    ...(coding.dictionary && { dictionaryAt: start }),
    dataAt,
    bytes: out.length - start,
    uncompressed: writer.uncompressed,
    nulls: entries.reduce((sum, page) => sum + page.nulls, 0),
    ...(least !== undefined && { least: storeBound(type, least, false) }),
    ...(greatest !== undefined && { greatest: storeBound(type, greatest, true) }),
    pages: entries,
    order: orderOf(bounded),
  }
}

/** Rows of a page, and which of the present values they have. */
interface Span {
  firstRow: number
  rows: number
  from: number
  to: number
}

function pageRows(bits: number, pageBytes: number): number {
  const rows = Math.min(PAGE_ROWS, Math.floor((pageBytes * 8) / Math.max(bits, 0.01)))
  // Round numbers of rows: pages of most columns then begin at the same rows.
  return rows >= 1024 ? rows - (rows % 1024) : Math.max(1, rows)
}

function pagesOf({ memory }: Room, valid: Uint8Array | null, rows: number, size: number): Span[] {
  const pages: Span[] = []
  let from = 0
  for (let firstRow = 0; firstRow < rows; firstRow += size) {
    const count = Math.min(size, rows - firstRow)
    const to = from + (valid ? countSet(memory, valid.subarray(firstRow, firstRow + count)) : count)
    pages.push({ firstRow, rows: count, from, to })
    from = to
  }
  return pages
}

/** Returns the validity in the room's memory, null when every row is present. */
function validOf(room: Room, { valid }: Column, rows: number): Uint8Array | null {
  if (!valid) return null
  const own = room.bytes('valid', rows)
  own.set(valid.subarray(0, rows))
  return countSet(room.memory, own) === rows ? null : own
}

function codingOf(room: Room, data: Column, valid: Uint8Array | null, rows: number, forced?: Forced): Coding {
  const present = <Values extends Column['values']>(source: Values): Values => {
    const given = source.subarray(0, rows) as Values
    if (!valid && data.type !== 'str' && room.memory.holds(given)) return given
    const own = room.like('values', given, rows)
    own.set(given as never)
    return valid ? (own.subarray(0, keepPresent(room.memory, own, valid)) as Values) : own
  }
  switch (data.type) {
    case 'str':
      return codeTexts(room, present(data.values), data.dictionary.words, forced)
    case 'bool':
      return codeFlags(room, present(data.values), forced)
    case 'f64':
      return codeNumbers(room, present(data.values), forced)
    case 'i64':
    case 'ts':
      return codeNumbers(room, present(data.values), forced)
    default:
      return codeNumbers(room, present(data.values), forced)
  }
}

function writeLevels(
  room: Room,
  valid: Uint8Array | null,
  { firstRow, rows, from, to }: Span,
  into: Uint8Array,
): number {
  if (valid && to - from < rows) return sizedRuns(room, valid.subarray(firstRow, firstRow + rows), into)
  let at = 4
  for (let run = rows * 2; ; run >>>= 7) {
    into[at++] = run > 0x7f ? (run & 0x7f) | 0x80 : run
    if (run <= 0x7f) break
  }
  into[at++] = 1
  new DataView(into.buffer, into.byteOffset).setUint32(0, at - 4, true)
  return at
}

interface Trial {
  codec: Codec
  dictionary?: Packed
  /** A page that is compressed already. */
  page?: Span
  body?: Packed
}

/** Returns the codec, or none where the dictionary and the middle page say that it would save too little. */
function tryCodec(
  room: Room,
  { dictionary }: Coding,
  pages: readonly Span[],
  bodyOf: (page: Span) => Uint8Array,
  codec: Codec,
): Trial {
  const words = dictionary?.bytes ?? new Uint8Array(0)
  const stored = { codec: 'none' as const, dictionary: { bytes: words, size: words.length } }
  if (codec === 'none' || pages.length === 0) return stored
  const page = pages[pages.length >> 1]
  const trial = {
    codec,
    dictionary: dictionary && packed(room, codec, words, 'packed'),
    page,
    body: packed(room, codec, bodyOf(page), 'trial'),
  }
  const size = trial.body.size * pages.length + words.length
  const left = trial.body.bytes.length * pages.length + (trial.dictionary?.bytes.length ?? 0)
  return size - left >= size * COMPRESSORS[codec].worth ? trial : stored
}

function orderOf(ends: readonly (readonly [Bound, Bound])[]): BoundaryOrder {
  const follow = (sign: number) =>
    ends.every(
      ([least, greatest], i) =>
        i === 0 ||
        (compareBounds(ends[i - 1][0], least) * sign <= 0 && compareBounds(ends[i - 1][1], greatest) * sign <= 0),
    )
  return follow(1) ? 'ascending' : follow(-1) ? 'descending' : 'unordered'
}
