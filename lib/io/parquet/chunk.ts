import type { ColumnMetaData } from 'hyparquet'
import { pick } from '../../core/pick.js'
import { Entries } from './entries.js'
import type { Leaf } from './leaf.js'
import { checkRows, type Page, pagesOf } from './page.js'
import { decodeCodes, decodeValues, type Values, valuesOf } from './values.js'

/** The rows of one column chunk. Null rows hold 0. */
export interface DecodedChunk {
  values: Values
  /** One byte a row, 1 = present; null when no row is null. */
  valid: Uint8Array | null
  /** Byte strings by code, where `values` are codes. */
  entries: readonly Uint8Array[]
}

/** Decodes a whole column chunk into typed arrays of `rows` rows. Throws when its pages hold more or fewer. */
export function decodeChunk(bytes: ArrayBuffer, leaf: Leaf, { codec }: ColumnMetaData, rows: number): DecodedChunk {
  const type = leaf.element.type!
  const length = leaf.element.type_length
  const entries = new Entries()
  if (rows > 0) checkRows(bytes, rows)
  const values = valuesOf(type, rows)
  let valid: Uint8Array | null = null
  let dictionary: Values | undefined
  let filled = 0

  for (const page of rows > 0 ? pagesOf(bytes, codec, leaf.nullable) : []) {
    if (page.dictionary) {
      dictionary = decodeDictionary(page, leaf, entries)
      continue
    }
    const coded = page.encoding === 'PLAIN_DICTIONARY' || page.encoding === 'RLE_DICTIONARY'
    if (coded && !page.valid) {
      // Straight into place: the usual page needs no array of its own, which would be half of the memory asked for.
      look(page, dictionary, values, filled)
      filled += page.count
      if (filled === rows) break
      continue
    }
    const present = coded ? looked(page, dictionary) : decodeValues(page, type, length, entries)
    if (present.length < page.present) throw new Error(`a page holds ${present.length} of ${page.present} values`)
    if (page.valid) {
      valid ??= new Uint8Array(rows).fill(1)
      valid.set(page.valid, filled)
      scatter(present, page.valid, values, filled)
    } else values.set(present as never, filled)
    filled += page.count
    if (filled === rows) break
  }
  return { values, valid, entries: entries.list }
}

function decodeDictionary(page: Page, { element }: Leaf, entries: Entries): Values {
  const least = element.type === 'BYTE_ARRAY' ? 4 : 1 // bytes an entry takes at least
  if (page.count * least > page.body.length)
    throw new Error(`a dictionary of ${page.body.length} bytes states ${page.count} entries`)
  return decodeValues(page, element.type!, element.type_length, entries)
}

function looked(page: Page, dictionary: Values | undefined): Values {
  const Kind = (dictionary?.constructor ?? Int32Array) as Int32ArrayConstructor
  const values = new Kind(page.present) as Values
  look(page, dictionary, values, 0)
  return values
}

function look(page: Page, dictionary: Values | undefined, into: Values, at: number): void {
  if (page.present === 0) return
  if (!dictionary) throw new Error('a page has codes and the chunk no dictionary')
  const codes = decodeCodes(page, dictionary.length)
  pick(dictionary, codes, codes.length, into, at)
}

function scatter(present: Values, valid: Uint8Array, values: Values, at: number): void {
  if (values instanceof BigInt64Array) {
    const from = new Int32Array(present.buffer, present.byteOffset, present.length * 2)
    const to = new Int32Array(values.buffer)
    for (let i = 0, k = 0; i < valid.length; i++) {
      if (!valid[i]) continue
      to[2 * (at + i)] = from[2 * k]
      to[2 * (at + i) + 1] = from[2 * k + 1]
      k++
    }
    return
  }
  for (let i = 0, k = 0; i < valid.length; i++) if (valid[i]) values[at + i] = present[k++] as number
}
