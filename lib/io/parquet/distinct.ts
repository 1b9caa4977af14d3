import type { ColumnMetaData } from 'hyparquet'
import type { ColumnBinding, DataFile } from '../../core/dataset.js'
import { Interner } from '../../core/interner.js'
import { memory } from '../../wasm/memory.js'
import { convert } from './convert.js'
import { chunkRange } from './leaf.js'
import { acquire, release } from './open.js'
import { ColumnReader } from './reader.js'

const MOST_BYTES = 2 ** 20 // of a dictionary page: beyond, reading it costs as much as it saves

/**
 * Returns the distinct values of a column in one row group as text (integers as digits), read from its dictionary
 * alone; null where pages may hold values that are in none. Damage is left to those who read the rows.
 */
export async function distinctOf(file: DataFile, rowGroup: number, binding: ColumnBinding): Promise<string[] | null> {
  const entry = await acquire(file)
  const own = memory()
  try {
    const leaf = entry.footer.leaves.get(binding.source ?? '')
    const meta = leaf && entry.footer.rowGroups[rowGroup]?.chunk(leaf.index)?.meta_data
    if (!leaf || !meta || !allCoded(meta)) return null
    const { start } = chunkRange(meta)
    const end = Number(meta.data_page_offset)
    if (!(end > start && end - start <= MOST_BYTES && end <= entry.source.byteLength)) return null
    const bytes = own.u8(end - start)
    const reader = new ColumnReader(own, bytes, leaf, meta, 1)
    try {
      await entry.source.readInto(start, bytes)
      const dictionary = reader.openFirst()
      if (!dictionary) return null
      const { entries, size } = dictionary
      const values = dictionary.values ?? Int32Array.from({ length: size }, (_, code) => code)
      const context = { where: {}, firstRow: 0, interner: new Interner() }
      const column = convert({ values, valid: null, entries }, leaf, binding, context)
      if (column.type === 'str')
        return Array.from(column.values.subarray(0, size), code => column.dictionary.words[code])
      return Array.from(column.values.subarray(0, size) as BigInt64Array, String)
    } finally {
      reader.close()
      own.free(bytes)
    }
  } catch {
    return null // the scan will say what is wrong, and where
  } finally {
    release(entry)
  }
}

/** Tells whether every page of rows holds codes. Encodings name those of the dictionary page too: PLAIN, in new files. */
function allCoded({ encodings, encoding_stats, dictionary_page_offset }: ColumnMetaData): boolean {
  if (!dictionary_page_offset) return false
  const coded = (encoding: string) => encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
  if (encoding_stats && encoding_stats.length > 0) {
    const pages = encoding_stats.filter(({ page_type }) => page_type !== 'DICTIONARY_PAGE')
    return pages.length > 0 && pages.every(({ encoding }) => coded(encoding))
  }
  return encodings.every(encoding => coded(encoding) || encoding === 'RLE' || encoding === 'BIT_PACKED')
}
