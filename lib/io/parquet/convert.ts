import type { Column } from '../../core/batch.js'
import type { ColumnBinding } from '../../core/dataset.js'
import { BasaltError, type Where } from '../../core/error.js'
import type { Interner } from '../../core/interner.js'
import { dayOf } from '../../core/time.js'
import type { DecodedChunk } from './decoded.js'
import { doubleColumn } from './doubles.js'
import { type Leaf, physicalText } from './leaf.js'
import { doublesOf } from './scale.js'
import { instantsOf, nanosOf } from './stamp.js'
import { internedCodes, tabledCodes, textsOf } from './words.js'

export interface Conversion {
  where: Where // file, row group, field
  firstRow: number // of the row group in the file
  interner: Interner
  onNonFinite?: (column: string, count: number) => void
}

/**
 * Makes the column that a binding asks for out of a decoded chunk. Values are shared with the chunk where the types
 * agree. A file type that the binding's cannot hold, or a value that it cannot, is a data fault naming the row.
 */
export function convert(chunk: DecodedChunk, leaf: Leaf, binding: ColumnBinding, context: Conversion): Column {
  if (binding.scale !== undefined && binding.type !== 'f64') {
    throw new BasaltError('config', `a scaled column is f64, not ${binding.type}`, context.where)
  }
  const column = binding.codes
    ? coded(chunk, leaf, binding, context)
    : converters[binding.type](chunk, leaf, binding, context)
  if (!column) {
    const text = `is ${physicalText(leaf.element)} in the file, which cannot be read as ${binding.codes ? 'codes' : binding.type}`
    throw new BasaltError('data', text, context.where)
  }
  return column
}

type Converter = (chunk: DecodedChunk, leaf: Leaf, binding: ColumnBinding, context: Conversion) => Column | undefined

const converters: Record<ColumnBinding['type'], Converter> = {
  f64: doubleColumn,
  i64: longColumn,
  i32: intColumn,
  str: stringColumn,
  ts: stampColumn,
  date: dayColumn,
}

/** Returns a fault at a row of the row group. */
export function atRow({ where, firstRow }: Conversion, row: number, problem: string): BasaltError {
  return new BasaltError('data', problem, { ...where, row: firstRow + row })
}

function coded(chunk: DecodedChunk, leaf: Leaf, binding: ColumnBinding, context: Conversion): Column | undefined {
  const texts = textsOf(chunk, leaf)
  if (!texts || binding.type !== 'i32') return undefined
  const codes = binding.codes!
  const option = binding.name === 'LobAction' ? 'action_codes' : 'side_codes'
  const values = tabledCodes(texts, chunk.valid, codes, (word, row) => {
    throw atRow(context, row, `value '${word}' has no entry in ${option}; map it under DATA.tables`)
  })
  return { type: 'i32', values, valid: chunk.valid }
}

function longColumn(chunk: DecodedChunk, leaf: Leaf, _: ColumnBinding, context: Conversion): Column | undefined {
  const { values, valid } = chunk
  if (leaf.kind === 'long') {
    const longs = values as BigInt64Array
    if (leaf.unsigned) {
      const row = firstRow(longs, valid, value => value < 0n)
      if (row >= 0)
        throw atRow(context, row, `value ${BigInt.asUintN(64, longs[row])} is beyond a 64-bit signed integer`)
    }
    return { type: 'i64', values: longs, valid }
  }
  if (leaf.kind === 'int') return { type: 'i64', values: widened(values as Int32Array, leaf.unsigned), valid }
  if (leaf.kind === 'decimal' && leaf.places === 0 && values instanceof BigInt64Array)
    return { type: 'i64', values, valid }
  if (leaf.kind !== 'double') return undefined
  // Ids that a data frame turned into floats because some were missing.
  const row = firstRow(values as Float64Array, valid, value => !Number.isSafeInteger(value))
  if (row >= 0) throw atRow(context, row, `value ${values[row]} is no exact integer`)
  const longs = new BigInt64Array(values.length)
  for (let i = 0; i < longs.length; i++) if (!valid || valid[i]) longs[i] = BigInt(values[i])
  return { type: 'i64', values: longs, valid }
}

function widened(values: Int32Array, unsigned: boolean): BigInt64Array {
  const longs = new BigInt64Array(values.length)
  const halves = new Int32Array(longs.buffer)
  for (let i = 0; i < values.length; i++) {
    halves[2 * i] = values[i]
    if (!unsigned) halves[2 * i + 1] = values[i] >> 31
  }
  return longs
}

function intColumn(
  { values, valid }: DecodedChunk,
  leaf: Leaf,
  _: ColumnBinding,
  context: Conversion,
): Column | undefined {
  if (leaf.kind === 'int') {
    const row = leaf.unsigned ? firstRow(values as Int32Array, valid, value => value < 0) : -1
    if (row >= 0) throw atRow(context, row, `value ${(values[row] as number) >>> 0} is beyond a 32-bit signed integer`)
    return { type: 'i32', values: values as Int32Array, valid }
  }
  if (leaf.kind !== 'long') return undefined
  const doubles = doublesOf(values as BigInt64Array, leaf.unsigned)
  const row = firstRow(doubles, valid, value => (value | 0) !== value)
  if (row >= 0) throw atRow(context, row, `value ${values[row]} is beyond a 32-bit signed integer`)
  return { type: 'i32', values: Int32Array.from(doubles), valid }
}

function stringColumn(
  chunk: DecodedChunk,
  leaf: Leaf,
  { text }: ColumnBinding,
  { interner }: Conversion,
): Column | undefined {
  if (!text && leaf.kind !== 'text' && leaf.kind !== 'uuid') return undefined
  const texts = textsOf(chunk, leaf)
  if (!texts) return undefined
  const values = internedCodes(texts, interner)
  // A chunk of nothing but nulls has no word, and its null rows point at one.
  if (interner.words.length === 0) interner.code('')
  return { type: 'str', values, valid: chunk.valid, dictionary: interner.snapshot() }
}

const TICKS = { s: 1_000_000_000, ms: 1_000_000, us: 1000, ns: 1, auto: 1 } as const

function stampColumn(chunk: DecodedChunk, leaf: Leaf, binding: ColumnBinding, context: Conversion): Column | undefined {
  const { valid } = chunk
  const plain = leaf.kind === 'long' || leaf.kind === 'int'
  if (!plain && leaf.kind !== 'stamp') return undefined
  const ticks =
    chunk.values instanceof Int32Array ? widened(chunk.values, leaf.unsigned) : (chunk.values as BigInt64Array)
  const tick = plain ? TICKS[binding.timeUnit ?? 'auto'] : leaf.tick
  const nanos = nanosOf(ticks, tick, valid, row => {
    throw atRow(context, row, `stamp ${ticks[row]} × ${tick} ns lies beyond the years 1677 to 2262`)
  })
  const { timeZone } = binding
  const values = leaf.naive && timeZone && timeZone !== 'UTC' ? instantsOf(nanos, timeZone) : nanos
  return { type: 'ts', values, valid }
}

function dayColumn(chunk: DecodedChunk, leaf: Leaf, binding: ColumnBinding, context: Conversion): Column | undefined {
  const { values, valid } = chunk
  if (leaf.kind === 'day') return { type: 'date', values: values as Int32Array, valid }
  if (leaf.kind === 'stamp') {
    const stamps = stampColumn(chunk, { ...leaf, naive: false }, binding, context) // the date a naive stamp shows is its own
    const doubles = doublesOf(stamps!.values as BigInt64Array, false)
    return { type: 'date', values: Int32Array.from(doubles, ns => Math.floor(ns / 86_400e9)), valid }
  }
  if (leaf.kind !== 'text') return undefined
  const { words, codes } = textsOf(chunk, leaf)!
  const days: Record<string, number> = Object.create(null)
  for (const word of words) {
    const day = dayOf(word)
    if (day !== undefined) days[word] = day
  }
  const found = tabledCodes({ words, codes }, valid, days, (word, row) => {
    throw atRow(context, row, `value '${word}' is no date (YYYY-MM-DD)`)
  })
  return { type: 'date', values: found, valid }
}

/** Returns the first present row whose value meets a condition, or -1. */
function firstRow<V extends number | bigint>(
  values: ArrayLike<V>,
  valid: Uint8Array | null,
  meets: (value: V) => boolean,
): number {
  for (let i = 0; i < values.length; i++) if ((!valid || valid[i]) && meets(values[i])) return i
  return -1
}
