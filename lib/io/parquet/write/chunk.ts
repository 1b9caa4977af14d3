import type { Column } from '../../../core/batch.js'
import { BasaltError } from '../../../core/error.js'
import { countSet, keepPresent } from '../../../wasm/encode.js'
import { compareBounds, type StoredBound, storeBound } from './bounds.js'
import type { Codec } from './codec.js'
import type { Bound, Coding, DataEncoding } from './coding.js'
import { codeFlags, codeNumbers, type Forced } from './numbers.js'
import { type GroupBytes, PageWriter, packed } from './pages.js'
import type { Room } from './room.js'
import type { WrittenColumn } from './shape.js'
import { pageRows, pagesOf, type Span, writeLevels } from './spans.js'
import { codeTexts } from './texts.js'
import { tryCodec } from './trial.js'

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
  const coding = codingOf(room, data, valid, rows, codec, encoding)
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

/** Returns the validity in the room's memory, null when every row is present. */
function validOf(room: Room, { valid }: Column, rows: number): Uint8Array | null {
  if (!valid) return null
  const own = room.bytes('valid', rows)
  own.set(valid.subarray(0, rows))
  return countSet(room.memory, own) === rows ? null : own
}

function codingOf(
  room: Room,
  data: Column,
  valid: Uint8Array | null,
  rows: number,
  codec: Codec,
  forced?: Forced,
): Coding {
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
      return codeNumbers(room, present(data.values), codec, forced)
    case 'i64':
    case 'ts':
      return codeNumbers(room, present(data.values), codec, forced)
    default:
      return codeNumbers(room, present(data.values), codec, forced)
  }
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
