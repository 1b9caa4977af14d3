import type { RecordBatch, Schema } from 'apache-arrow'
import { type Column, columnOf } from '../core/batch.js'
import { BasaltError } from '../core/error.js'
import { dayText, stampText } from '../core/time.js'
import { arrowEncoder } from './ipc.js'

/** Turns batches of one schema into bytes or text, one at a time: nothing is kept between calls but the schema. */
export interface Encoder {
  /** Returns what stands before the first row: the CSV header, the Arrow schema. Call it once, before `batch`. */
  start(schema: Schema): Uint8Array | string
  batch(batch: RecordBatch): Uint8Array | string
  /** Returns what stands after the last row. */
  end(): Uint8Array | string
}

export type TextFormat = 'ndjson' | 'csv' | 'arrow'

/**
 * Returns the encoder of a format. NDJSON: one object a line, keys in schema order, `int64: 'string'` quotes 64-bit
 * integers. CSV: RFC 4180 with a header and CRLF; null is an empty field, the empty string is `""`. Arrow: one IPC stream.
 * Both texts: integers as exact digits, stamps RFC 3339 UTC with nine decimals, floats in shortest round-trip form,
 * NaN and infinities as null.
 */
export function encoderFor(format: TextFormat, options: { int64?: 'number' | 'string' } = {}): Encoder {
  if (format === 'arrow') return arrowEncoder()
  return format === 'csv' ? csvEncoder() : ndjsonEncoder(options.int64 === 'string')
}

/** How a format writes the parts that differ: text, null, and what stands around 64-bit integers and stamps. */
interface Dialect {
  empty: string // null
  text(word: string): string
  quotedIntegers: boolean
  quotedStamps: boolean
}

function ndjsonEncoder(quotedIntegers: boolean): Encoder {
  const dialect: Dialect = { empty: 'null', text: word => JSON.stringify(word), quotedIntegers, quotedStamps: true }
  return {
    start: () => '',
    batch(batch) {
      const cells = cellsOf(batch, dialect)
      const keys = batch.schema.fields.map((field, i) => `${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`)
      return lines(batch.numRows, row => {
        let line = ''
        for (let i = 0; i < cells.length; i++) line += keys[i] + cells[i](row)
        return cells.length === 0 ? '{}\n' : `${line}}\n`
      })
    },
    end: () => '',
  }
}

function csvEncoder(): Encoder {
  const dialect: Dialect = { empty: '', text: field, quotedIntegers: false, quotedStamps: false }
  return {
    start: schema => `${schema.fields.map(each => field(each.name)).join(',')}\r\n`,
    batch(batch) {
      const cells = cellsOf(batch, dialect)
      return lines(batch.numRows, row => {
        let line = ''
        for (let i = 0; i < cells.length; i++) line += i === 0 ? cells[i](row) : `,${cells[i](row)}`
        return `${line}\r\n`
      })
    },
    end: () => '',
  }
}

/**
 * Joins lines in blocks. A line is a tree of pieces until it is joined; kept for a whole batch, these trees survive the
 * garbage collector's young generation, and copying them takes five times as long as writing the lines.
 */
function lines(rows: number, line: (row: number) => string): string {
  const blocks: string[] = []
  for (let from = 0; from < rows; from += 64) {
    const block: string[] = []
    for (let row = from; row < Math.min(rows, from + 64); row++) block.push(line(row))
    blocks.push(block.join(''))
  }
  return blocks.join('')
}

/** Quotes a CSV field where RFC 4180 asks for it, and the empty string, which would else read as null. */
function field(word: string): string {
  return word === '' || /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word
}

type Cell = (row: number) => string

function cellsOf(batch: RecordBatch, dialect: Dialect): Cell[] {
  return batch.schema.fields.map(({ name, type }) => {
    const column = columnOf(batch, name)
    if (!column) throw new BasaltError('internal', `a column of type ${type} has no text form`, { field: name })
    const { valid } = column
    const cell = cellOf(column, dialect)
    return valid ? row => (valid[row] ? cell(row) : dialect.empty) : cell
  })
}

function cellOf(column: Column, dialect: Dialect): Cell {
  switch (column.type) {
    case 'f64': {
      const { values } = column
      return row => floatText(values[row]) ?? dialect.empty
    }
    case 'i32': {
      const { values } = column
      return row => String(values[row])
    }
    case 'i64': {
      const { values } = column
      return dialect.quotedIntegers ? row => `"${values[row]}"` : row => String(values[row])
    }
    case 'bool': {
      const { values } = column
      return row => (values[row] ? 'true' : 'false')
    }
    case 'str': {
      const { values, dictionary } = column
      const texts: string[] = []
      return row => {
        const code = values[row]
        texts[code] ??= dialect.text(dictionary.words[code])
        return texts[code]
      }
    }
    case 'date': {
      const { values } = column
      return remembered(
        row => values[row],
        day => quoted(dayText(day), dialect.quotedStamps),
      )
    }
    case 'ts': {
      const stamp = stampCell(column.values)
      return dialect.quotedStamps ? row => `"${stamp(row)}"` : stamp
    }
  }
}

/** Rows of one bucket share label and date: the text of the row before is the likely text of this one. */
function remembered<V>(value: (row: number) => V, write: (value: V) => string): Cell {
  let last: V | undefined
  let text = ''
  return row => {
    const next = value(row)
    if (next !== last) {
      last = next
      text = write(next)
    }
    return text
  }
}

const quoted = (text: string, quotes: boolean): string => (quotes ? `"${text}"` : text)

function floatText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  return value === 0 && Object.is(value, -0) ? '-0' : String(value)
}

/**
 * Writes stamps as `stampText` does. Within the second of the row before only the decimals are new, and the distance is
 * taken on 32-bit halves: no BigInt and no date is made.
 */
function stampCell(values: BigInt64Array): Cell {
  const high = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  const low = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  let secondHigh = 0 // start of the known second, ns
  let secondLow = 0
  let prefix = '1970-01-01T00:00:00.'
  return row => {
    let fraction = (high[2 * row + 1] - secondHigh) * 4_294_967_296 + (low[2 * row] - secondLow)
    if (!(fraction >= 0 && fraction < 1e9)) {
      const text = stampText(values[row])
      prefix = text.slice(0, 20)
      fraction = Number(text.slice(20, 29))
      const second = values[row] - BigInt(fraction)
      secondHigh = Number(second >> 32n)
      secondLow = Number(second & 0xffff_ffffn)
    }
    const ms = Math.floor(fraction / 1e6)
    const us = Math.floor(fraction / 1e3) - ms * 1e3
    return `${prefix}${THREE[ms]}${THREE[us]}${THREE[fraction - ms * 1e6 - us * 1e3]}Z`
  }
}

const THREE = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'))
