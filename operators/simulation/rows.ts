import { batchOf, type Column, type ColumnSpec, type RecordBatch, schemaOf, type Words } from '../../lib/core/index.js'

/**
 * Collects rows of one table as numbers, a Float64Array a column; NaN is null. Strings are codes into `words`, stamps
 * are ns after `day`'s midnight UTC, ids stay below 2^53: every value is exact until it becomes Arrow.
 */
export class Rows {
  readonly values: Float64Array[]
  length = 0

  constructor(
    readonly specs: readonly ColumnSpec[],
    readonly capacity: number,
  ) {
    const all = new Float64Array(specs.length * capacity)
    this.values = specs.map((_, i) => all.subarray(i * capacity, (i + 1) * capacity))
  }

  get full(): boolean {
    return this.length === this.capacity
  }

  /** Builds the batch. Number columns share memory with these rows, which must not be filled any further. */
  batch(day: number, words: (name: string) => Words): RecordBatch {
    const columns = this.specs.map((spec, i) => this.column(spec, this.values[i].subarray(0, this.length), day, words))
    return batchOf(this.specs, columns, this.length, schemas.get(this.specs) ?? remember(this.specs))
  }

  private column(spec: ColumnSpec, values: Float64Array, day: number, words: (name: string) => Words): Column {
    const valid = spec.nullable === false ? null : validity(values)
    switch (spec.type) {
      case 'f64':
        return { type: 'f64', values, valid }
      case 'i64':
        return { type: 'i64', values: integers(values, 0n), valid }
      case 'ts':
        return { type: 'ts', values: integers(values, BigInt(day) * 86_400_000_000_000n), valid }
      case 'str':
        return { type: 'str', values: Int32Array.from(values), valid, dictionary: words(spec.name) }
      case 'bool':
        return { type: 'bool', values: Uint8Array.from(values), valid }
      default:
        return { type: spec.type, values: Int32Array.from(values), valid }
    }
  }
}

const schemas = new WeakMap<readonly ColumnSpec[], ReturnType<typeof schemaOf>>()

function remember(specs: readonly ColumnSpec[]) {
  const schema = schemaOf(specs)
  schemas.set(specs, schema)
  return schema
}

/** Marks the nulls and zeroes what stands below them; null when there are none. */
function validity(values: Float64Array): Uint8Array | null {
  let valid: Uint8Array | null = null
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) continue
    valid ??= new Uint8Array(values.length).fill(1)
    valid[i] = 0
    values[i] = 0
  }
  return valid
}

/** Adds whole numbers below 2^53 to `base`, by 32-bit halves: a BigInt a value would cost ten times as much. */
function integers(values: Float64Array, base: bigint): BigInt64Array {
  const out = new BigInt64Array(values.length)
  const halves = new Uint32Array(out.buffer)
  const baseLow = Number(base & 0xffff_ffffn)
  const baseHigh = Number(base >> 32n)
  for (let i = 0; i < values.length; i++) {
    const high = Math.floor(values[i] / 2 ** 32)
    const low = values[i] - high * 2 ** 32 + baseLow
    halves[2 * i] = low // wraps to its lower 32 bits
    halves[2 * i + 1] = high + baseHigh + (low >= 2 ** 32 ? 1 : 0)
  }
  return out
}
