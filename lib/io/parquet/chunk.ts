import type { ColumnMetaData, ParquetType } from 'hyparquet'
import { memory as own } from '../../wasm/memory.js'
import { gather } from '../../wasm/rows.js'
import { checkRows } from './frames.js'
import { isBytes, type Leaf } from './leaf.js'
import { type Values, valuesOf } from './numbers.js'
import { ColumnReader, type Vector } from './reader.js'
import { Scratch } from './scratch.js'

/** The rows of one column chunk. Null rows hold 0. */
export interface DecodedChunk {
  values: Values
  /** One byte a row, 1 = present; null when no row is null. */
  valid: Uint8Array | null
  /** Byte strings by code, where `values` are codes. */
  entries: readonly Uint8Array[]
}

const VECTOR_ROWS = 4096 // 32 KiB of doubles: what a core's first cache holds

/** Decodes a whole column chunk into typed arrays of `rows` rows. Throws when its pages hold more or fewer. */
export function decodeChunk(bytes: ArrayBuffer, leaf: Leaf, meta: ColumnMetaData, rows: number): DecodedChunk {
  const memory = own()
  const chunk = memory.u8(bytes.byteLength)
  const looked = new Scratch<Values>(memory, n => valuesOf(memory, leaf.element.type!, n))
  const reader = new ColumnReader(memory, chunk, leaf, meta, rows)
  try {
    chunk.set(new Uint8Array(bytes))
    if (rows > 0) checkRows(chunk, rows)
    const values = arrayOf(leaf.element.type!, rows)
    let valid: Uint8Array | null = null
    let filled = 0
    while (reader.advance()) {
      while (reader.ahead > 0) {
        const vector = reader.read(Math.min(reader.ahead, VECTOR_ROWS))
        values.set(lookedUp(vector) as never, filled)
        if (vector.valid) {
          valid ??= new Uint8Array(rows).fill(1)
          valid.set(vector.valid, filled)
        }
        filled += vector.rows
      }
    }
    return { values, valid, entries: reader.dictionary?.entries ?? [] }
  } finally {
    reader.close()
    looked.close()
    memory.free(chunk)
  }

  /** Returns numbers of a vector as such; codes of byte strings stay. */
  function lookedUp({ rows: n, codes, values, valid }: Vector): Values {
    if (!codes || isBytes(leaf)) return (values ?? codes)!
    const out = looked.of(n)
    const zero = (out instanceof BigInt64Array ? 0n : 0) as never
    const dictionary = reader.dictionary?.values as Float64Array | undefined
    // A chunk of nulls alone may have no dictionary; the code 0 of other null rows stands for no value.
    if (!dictionary?.length) return out.fill(zero)
    gather(memory, dictionary, codes, n, out as Float64Array)
    if (valid) for (let i = 0; i < n; i++) if (!valid[i]) out[i] = zero
    return out
  }
}

function arrayOf(type: ParquetType, rows: number): Values {
  switch (type) {
    case 'BOOLEAN':
      return new Uint8Array(rows)
    case 'INT64':
    case 'INT96':
      return new BigInt64Array(rows)
    case 'FLOAT':
    case 'DOUBLE':
      return new Float64Array(rows)
    default:
      return new Int32Array(rows)
  }
}
