import type { Column, ColumnType } from '../../core/batch.js'
import { Chunk } from '../../core/chunk.js'
import { Interner } from '../../core/interner.js'
import type { ResultColumn, ResultFile } from './index.js'

/** A row of a text file by column number; null where it has no value. */
export type TextRow = (string | null)[]

const CHUNK_ROWS = 4096
const LOOKED_AT = 100 // rows that tell what columns look like

/** Makes a file of results of a function that reads its rows. Names are known before the first. */
export async function textResult(
  names: readonly string[],
  rows: () => AsyncGenerator<TextRow, void, undefined>,
): Promise<ResultFile> {
  const first: TextRow[] = []
  for await (const row of rows()) {
    first.push(row)
    if (first.length === LOOKED_AT) break
  }
  return {
    columns: names.map((name, i): ResultColumn => ({ name, type: looksLike(first.map(row => row[i])) })),
    async *chunks(wanted) {
      const places = wanted.filter(name => names.includes(name)).map(name => ({ name, at: names.indexOf(name) }))
      let gathered: TextRow[] = []
      for await (const row of rows()) {
        gathered.push(row)
        if (gathered.length < CHUNK_ROWS) continue
        yield chunkOfRows(gathered, places)
        gathered = []
      }
      if (gathered.length > 0) yield chunkOfRows(gathered, places)
    },
  }
}

function chunkOfRows(rows: readonly TextRow[], places: readonly { name: string; at: number }[]): Chunk {
  const chunk = new Chunk(rows.length)
  for (const { name, at } of places) chunk.set(name, wordsOf(rows.map(row => row[at] ?? null)))
  return chunk
}

function wordsOf(texts: TextRow): Column {
  const interner = new Interner()
  const valid = Uint8Array.from(texts, text => (text === null ? 0 : 1))
  const values = Int32Array.from(texts, text => (text === null ? 0 : interner.code(text)))
  return { type: 'str', values, valid, dictionary: interner.snapshot() }
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

function looksLike(texts: (string | null | undefined)[]): ColumnType {
  const some = texts.filter(text => typeof text === 'string')
  if (some.every(text => NUMBER.test(text))) return 'f64' // or nothing but nulls, which any metric may be
  if (some.every(text => /^\d{4}-\d\d-\d\d$/.test(text))) return 'date'
  if (some.every(text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text))) return 'ts'
  return 'str'
}
