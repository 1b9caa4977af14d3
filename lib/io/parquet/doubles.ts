import type { Column } from '../../core/batch.js'
import type { ColumnBinding } from '../../core/dataset.js'
import type { Conversion } from './convert.js'
import { half, unscaled } from './decimal.js'
import type { DecodedChunk } from './decoded.js'
import type { Leaf } from './leaf.js'
import { type Decimal, decimalOf, doublesOf, ONE, type Scaler, scalerOf } from './scale.js'

/**
 * Makes an f64 column of numbers of any kind, scaled with one rounding. Null rows hold NaN. NaN and infinities of the
 * file become null and are counted. Undefined for kinds that are no numbers.
 */
export function doubleColumn(
  chunk: DecodedChunk,
  leaf: Leaf,
  binding: ColumnBinding,
  context: Conversion,
): Column | undefined {
  const scale = binding.scale === undefined ? ONE : decimalOf(binding.scale)
  const values = scaled(chunk, leaf, scale)
  if (!values) return undefined
  let { valid } = chunk
  if (valid) for (let i = 0; i < values.length; i++) if (!valid[i]) values[i] = NaN

  if (leaf.kind === 'double' || leaf.kind === 'half') {
    let count = 0
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i]) || (valid && !valid[i])) continue
      if (count++ === 0) valid = valid?.slice() ?? new Uint8Array(values.length).fill(1)
      valid![i] = 0
      values[i] = NaN
    }
    if (count > 0) context.onNonFinite?.(binding.name, count)
  }
  return { type: 'f64', values, valid }
}

/** Returns values of the column's own, except doubles without nulls and scale, which are copied too: NaN is put in. */
function scaled(chunk: DecodedChunk, leaf: Leaf, scale: Decimal): Float64Array | undefined {
  const { values } = chunk
  const unit = scale.digits === 1n && scale.places === 0
  const scaler = scalerOf(scale)
  switch (leaf.kind) {
    case 'double':
      return unit ? (values as Float64Array).slice() : (values as Float64Array).map(scaler.double)
    case 'int':
      return integers(values as Int32Array, leaf.unsigned, scaler)
    case 'long':
      return longs(values as BigInt64Array, leaf.unsigned, unit ? undefined : scaler)
    case 'half':
      return looked(chunk, half, value => (unit ? value : scaler.double(value)))
    case 'decimal': {
      const own = scalerOf({ digits: scale.digits, places: scale.places + leaf.places })
      if (values instanceof BigInt64Array) return longs(values, false, own)
      if (chunk.entries.length === 0) return integers(values as Int32Array, false, own)
      return looked(chunk, unscaled, value => (typeof value === 'number' ? own.integer(value) : own.long(value)))
    }
    default:
      return undefined
  }
}

function integers(values: Int32Array, unsigned: boolean, scaler: Scaler): Float64Array {
  const doubles = new Float64Array(values.length)
  for (let i = 0; i < doubles.length; i++) doubles[i] = scaler.integer(unsigned ? values[i] >>> 0 : values[i])
  return doubles
}

function longs(values: BigInt64Array, unsigned: boolean, scaler: Scaler | undefined): Float64Array {
  const doubles = doublesOf(values, unsigned)
  if (!scaler) return doubles
  for (let i = 0; i < doubles.length; i++) {
    const exact = Math.abs(doubles[i]) <= Number.MAX_SAFE_INTEGER
    doubles[i] = exact ? scaler.integer(doubles[i]) : scaler.long(unsigned ? BigInt.asUintN(64, values[i]) : values[i])
  }
  return doubles
}

function looked<V>(
  { values, entries }: DecodedChunk,
  read: (bytes: Uint8Array) => V,
  scale: (value: V) => number,
): Float64Array {
  const table = Float64Array.from(entries, bytes => scale(read(bytes)))
  const doubles = new Float64Array(values.length)
  for (let i = 0; i < doubles.length; i++) doubles[i] = table[values[i] as number]
  return doubles
}
