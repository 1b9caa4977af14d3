import { type Data, Field, makeData, RecordBatch, Schema, Struct, Type, Utf8, type Vector } from 'apache-arrow'
import { batchOf, bitmapOf, type Column, columnOf, countZeros } from './batch.js'
import { take } from './columns.js'
import { rowNumbers } from './pick.js'
import { encodedWords } from './words.js'

/**
 * Returns the batch with code columns written out as plain Utf8: what leaves the engine. Streams whose dictionaries
 * grow between batches are read differently by different Arrow libraries; plain strings are read alike by all.
 */
export function plain(batch: RecordBatch): RecordBatch {
  if (!batch.schema.fields.some(field => field.type.typeId === Type.Dictionary)) return batch
  const schema = plainSchema(batch.schema)
  const children = batch.schema.fields.map((field, i) => {
    const vector = batch.getChildAt(i) as Vector
    return field.type.typeId === Type.Dictionary
      ? utf8Data(columnOf(batch, field.name) as TextColumn, batch.numRows)
      : vector.data[0]
  })
  const type = new Struct(schema.fields)
  return new RecordBatch(schema, makeData({ type, nullCount: 0, length: batch.numRows, children }))
}

/** Returns the schema that `plain` batches have. */
export function plainSchema(schema: Schema): Schema {
  const fields = schema.fields.map(field =>
    field.type.typeId === Type.Dictionary ? new Field(field.name, new Utf8(), field.nullable, field.metadata) : field,
  )
  return new Schema(fields, schema.metadata)
}

type TextColumn = Column & { type: 'str' }

function utf8Data({ values, valid, dictionary }: TextColumn, length: number): Data {
  const words = encodedWords(dictionary)
  const offsets = new Int32Array(length + 1)
  for (let i = 0, at = 0; i < length; i++) {
    if (!valid || valid[i]) at += words[values[i]].length
    offsets[i + 1] = at
  }
  const data = new Uint8Array(offsets[length])
  // Rows of one listing repeat their words: a run is written once and then doubled.
  for (let i = 0; i < length; ) {
    const code = values[i]
    const from = i
    do i++
    while (i < length && values[i] === code && offsets[i + 1] > offsets[i])
    if (offsets[i] > offsets[from]) repeat(words[code], data, offsets[from], offsets[i])
  }
  const nullBitmap = valid ? bitmapOf(valid, length) : undefined
  const nullCount = valid ? countZeros(valid, length) : 0
  return makeData({ type: new Utf8(), length: length, nullCount, nullBitmap, valueOffsets: offsets, data })
}

/** Fills from..to of `data` with a word, over and over. */
function repeat(word: Uint8Array, data: Uint8Array, from: number, to: number): void {
  // Words are short: a byte at a time is 5 times quicker than a call that copies each.
  for (let b = 0; b < word.length; b++) data[from + b] = word[b]
  for (let filled = word.length; from + filled < to; filled *= 2) {
    data.copyWithin(from + filled, from, Math.min(from + filled, to - filled))
  }
}

/** Returns the batch with its values copied into memory of its own, safe to keep and to transfer. */
export function owned(batch: RecordBatch): RecordBatch {
  const rows = rowNumbers(batch.numRows)
  const columns = batch.schema.fields.map(field => {
    const column = columnOf(batch, field.name)
    if (!column) throw new Error(`column ${field.name} has type ${field.type}, which no stage can hold`)
    return take(column, rows, rows.length)
  })
  return batchOf([], columns, batch.numRows, batch.schema)
}
