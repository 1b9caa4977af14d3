import type { Column, Words } from '../../core/batch.js'
import type { ColumnBinding } from '../../core/dataset.js'
import { BasaltError } from '../../core/error.js'
import { scaleStamps, voidNonFinite, voidNulls } from '../../wasm/convert.js'
import type { Memory } from '../../wasm/memory.js'
import { gather } from '../../wasm/rows.js'
import { Scratch } from '../../wasm/scratch.js'
import { type Conversion, convert } from './convert.js'
import type { Dictionary } from './dictionary.js'
import type { Leaf } from './leaf.js'
import { type Values, valuesOf } from './numbers.js'
import type { Vector } from './reader.js'
import { textsOf } from './words.js'

type Gathered = Float64Array | BigInt64Array | Int32Array

/**
 * Makes the column that a binding asks for, a vector at a time. A dictionary is converted once an entry, and rows are
 * looked up in it; other values are converted as they come. Columns are borrowed until the next vector.
 */
export class BoundColumn {
  private made: { of: Dictionary; size: number; column: Column } | undefined
  private spoken: { of: Dictionary; texts: string[]; words: Words } | undefined
  private rowwise = false
  private readonly isText: boolean
  private readonly out: Scratch<Gathered>
  private readonly expanded: Scratch<Values>
  private readonly bytes: Scratch<Uint8Array>
  private readonly stamps: Scratch<BigInt64Array>

  constructor(
    private readonly memory: Memory,
    private readonly leaf: Leaf,
    readonly binding: ColumnBinding,
    private readonly context: Conversion,
  ) {
    const { type, text, codes } = binding
    this.isText = type === 'str' && !codes && (text === true || leaf.kind === 'text' || leaf.kind === 'uuid')
    this.out = new Scratch<Gathered>(memory, n =>
      type === 'f64' ? memory.f64(n) : type === 'i64' || type === 'ts' ? memory.i64(n) : memory.i32(n),
    )
    this.expanded = new Scratch<Values>(memory, n => valuesOf(memory, leaf.element.type!, n))
    this.bytes = new Scratch(memory, n => memory.u8(n))
    this.stamps = new Scratch(memory, n => memory.i64(n))
  }

  /** Converts the rows of a vector, of which the first is row `firstRow` of the file. */
  of(vector: Vector, dictionary: Dictionary | null, firstRow: number): Column {
    const { codes } = vector
    if (codes && dictionary && !this.rowwise) {
      if (this.isText) {
        const words = this.wordsOf(dictionary)
        if (words) return { type: 'str', values: codes, valid: vector.valid, dictionary: words }
      }
      const entries = this.entriesOf(dictionary)
      if (entries) return this.looked(vector as Vector & { codes: Int32Array }, entries, dictionary)
    }
    return this.converted(vector, dictionary, firstRow)
  }

  /**
   * Returns a dictionary's entries as text, under the codes that pages have: rows then need no codes of their own.
   * Undefined where entries have no text, or one is a fault.
   */
  private wordsOf(dictionary: Dictionary): Words | undefined {
    const { spoken, leaf } = this
    const { size } = dictionary
    if (spoken?.of === dictionary && spoken.texts.length === size) return spoken.words
    const known = spoken?.of === dictionary ? spoken.texts.length : 0
    const entries = dictionary.entries.slice(known, size)
    const values = dictionary.values ?? Int32Array.from(entries, (_, code) => code)
    try {
      const texts = textsOf({ values, valid: null, entries }, leaf)
      if (!texts || texts.words.length !== size - known) return undefined
      // Pages of plain strings add entries: only those are decoded, and the words so far are shared.
      const all = known > 0 ? (spoken as NonNullable<typeof spoken>).texts : []
      all.push(...texts.words)
      const words = { words: size > 0 ? all : [''] }
      this.spoken = { of: dictionary, texts: all, words }
      return words
    } catch (error) {
      if (!(error instanceof BasaltError) || error.fault !== 'data') throw error
      this.rowwise = true
      return undefined
    }
  }

  /** Converts a dictionary's entries; undefined where one of them is a fault, which only counts if a row has it. */
  private entriesOf(dictionary: Dictionary): Column | undefined {
    const { made, memory, leaf, binding, context } = this
    if (made?.of === dictionary && made.size === dictionary.size) return made.column
    const values = dictionary.values ?? Int32Array.from({ length: dictionary.size }, (_, code) => code)
    try {
      const chunk = { values, valid: null, entries: dictionary.entries }
      const column = convert(chunk, leaf, binding, { ...context, firstRow: 0, onNonFinite: undefined })
      const kept = { ...column, values: inMemory(memory, column.values as Gathered) } as Column
      this.forget()
      this.made = { of: dictionary, size: dictionary.size, column: kept }
      return kept
    } catch (error) {
      if (!(error instanceof BasaltError) || error.fault !== 'data') throw error
      this.rowwise = true
      return undefined
    }
  }

  private looked(
    { codes, rows, valid }: Vector & { codes: Int32Array },
    entries: Column,
    dictionary: Dictionary,
  ): Column {
    const { binding } = this
    let present = valid
    if (entries.valid) {
      // Entries that are not finite are null.
      present = this.bytes.of(rows)
      let found = 0
      for (let i = 0; i < rows; i++) {
        const there = !valid || valid[i] === 1
        present[i] = there && entries.valid[codes[i]] ? 1 : 0
        if (there && !present[i]) found++
      }
      if (found > 0) this.context.onNonFinite?.(binding.name, found)
    }
    let values: Gathered | undefined
    const look = () => this.valuesOf(codes, rows, entries, dictionary, present)
    return {
      ...entries,
      // Many columns are only compared or grouped by: their codes do for that.
      get values() {
        values ??= look()
        return values
      },
      valid: present,
      coded: { codes, dictionary: entries },
      ...(entries.type === 'f64' && (present ? { voided: true } : { whole: true })),
    } as Column
  }

  private valuesOf(
    codes: Int32Array,
    rows: number,
    entries: Column,
    dictionary: Dictionary,
    present: Uint8Array | null,
  ): Gathered {
    const { memory } = this
    const values = this.out.of(rows)
    if (dictionary.size === 0) values.fill((values instanceof BigInt64Array ? 0n : 0) as never)
    else gather(memory, entries.values as Float64Array, codes, rows, values as Float64Array)
    if (present && values instanceof Float64Array) voidNulls(memory, present, values, rows)
    return values
  }

  private converted(vector: Vector, dictionary: Dictionary | null, firstRow: number): Column {
    const { memory, leaf, binding, context } = this
    const { rows, valid } = vector
    const values = vector.values ?? this.expand(vector, dictionary)
    if (
      values instanceof Float64Array &&
      leaf.kind === 'double' &&
      binding.type === 'f64' &&
      binding.scale === undefined
    ) {
      return this.doubles(values, valid, rows)
    }
    const plainStamp = leaf.kind === 'stamp' && values instanceof BigInt64Array && binding.type === 'ts'
    if (plainStamp && leaf.tick > 1 && !(leaf.naive && binding.timeZone && binding.timeZone !== 'UTC')) {
      const out = this.stamps.of(rows)
      // A product beyond 64 bits is reported, with its row, by the general conversion.
      if (scaleStamps(memory, values, leaf.tick, valid, out, rows) === rows) return { type: 'ts', values: out, valid }
    }
    return convert({ values, valid, entries: dictionary?.entries ?? [] }, leaf, binding, { ...context, firstRow })
  }

  private doubles(values: Float64Array, valid: Uint8Array | null, rows: number): Column {
    const found = voidNonFinite(this.memory, values, valid, rows)
    if (valid) voidNulls(this.memory, valid, values, rows)
    if (found === 0) return { type: 'f64', values, valid, whole: !valid, voided: true }
    this.context.onNonFinite?.(this.binding.name, found)
    const present = this.bytes.of(rows)
    for (let i = 0; i < rows; i++) present[i] = Number.isNaN(values[i]) ? 0 : 1
    return { type: 'f64', values, valid: present, voided: true }
  }

  /** Looks codes up as the file's own values, where a dictionary cannot be converted as a whole. */
  private expand({ codes, rows, valid }: Vector, dictionary: Dictionary | null): Values {
    if (!codes || !dictionary?.values) return codes as Int32Array
    const out = this.expanded.of(rows)
    if (dictionary.size > 0) gather(this.memory, dictionary.values as Float64Array, codes, rows, out as Float64Array)
    if (valid) for (let i = 0; i < rows; i++) if (!valid[i]) out[i] = (out instanceof BigInt64Array ? 0n : 0) as never
    return out
  }

  private forget(): void {
    if (this.made) this.memory.free(this.made.column.values as Gathered)
    this.made = undefined
  }

  close(): void {
    this.forget()
    for (const each of [this.out, this.expanded, this.bytes, this.stamps]) each.close()
  }
}

/** Copies values into the kernels' memory. */
function inMemory(memory: Memory, values: Gathered): Gathered {
  const { length } = values
  const copy: Gathered =
    values instanceof Float64Array
      ? memory.f64(length)
      : values instanceof BigInt64Array
        ? memory.i64(length)
        : memory.i32(length)
  copy.set(values as never)
  return copy
}
