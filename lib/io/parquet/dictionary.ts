import { BasaltError } from '../../core/error.js'
import type { Memory } from '../../wasm/memory.js'
import { MAX_PAGE_BYTES } from './codec.js'
import type { Entries } from './entries.js'
import type { Frame } from './frames.js'
import { fixedLength, isBytes, type Leaf } from './leaf.js'
import { numbersOf, type Tools, type Values, valuesOf } from './numbers.js'
import type { PageUnpacker } from './page.js'
import { addStrings } from './strings.js'

/** What codes of a chunk stand for. */
export interface Dictionary {
  /** Values by code, in the kernels' memory; null for byte strings. */
  values: Values | null
  /** Byte strings by code; none for numbers. Pages of plain strings add theirs. */
  readonly entries: readonly Uint8Array[]
  readonly size: number
}

const LEAST_BYTES: Partial<Record<string, number>> = { BYTE_ARRAY: 4, INT32: 4, FLOAT: 4, INT96: 12 }

/** Decodes a dictionary page; byte strings are added to `entries`. Throws when it holds fewer than it states. */
export function dictionaryOf(
  memory: Memory,
  { header, packed }: Frame,
  leaf: Leaf,
  pages: PageUnpacker,
  tools: Tools,
  entries: Entries,
): Dictionary {
  const facts = header.dictionary_page_header
  if (!facts) throw new Error('a dictionary page has no header')
  const count = facts.num_values
  const type = leaf.element.type!
  const length = fixedLength(leaf)
  if (!(count >= 0)) throw new Error(`a dictionary states ${count} entries`)
  if (type === 'BOOLEAN') throw new Error('a dictionary of BOOLEAN is unknown')
  const body = pages.bytes(packed, header.uncompressed_page_size)
  // Nothing is taken for entries on the page's word alone.
  if (count * (length ?? LEAST_BYTES[type] ?? 8) > body.length)
    throw new Error(`a dictionary of ${body.length} bytes states ${count} entries`)
  if (count * 8 > MAX_PAGE_BYTES) throw new BasaltError('limit', `a dictionary states ${count} entries`)
  if (isBytes(leaf)) {
    addStrings(body, count, length, entries)
    return ofEntries(entries)
  }
  const values = valuesOf(memory, type, count)
  numbersOf(tools, body, 'PLAIN', type)(count, values)
  return { values, entries: [], size: count }
}

/** Returns the dictionary that byte strings of plain pages make, which grows as they come. */
export function ofEntries(entries: Entries): Dictionary {
  return {
    values: null,
    get entries() {
      return entries.list
    },
    get size() {
      return entries.size
    },
  }
}
