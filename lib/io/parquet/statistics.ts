import type { MinMaxType } from 'hyparquet/src/types.js'
import type { ColumnGatherer } from './gather.js'

interface Extremes {
  min_value?: MinMaxType
  max_value?: MinMaxType
}

/** Returns the least and greatest value of the rows gathered; neither where all are null or NaN. */
export function extremesOf({ column, values, valid, interner }: ColumnGatherer, rows: number): Extremes {
  switch (column.type) {
    case 'f64':
      return doubles(values as Float64Array, valid, rows)
    case 'i64':
    case 'ts':
      return longs(values as BigInt64Array, valid, rows)
    case 'i32':
    case 'date':
      return numbers(values as Int32Array, valid, rows)
    case 'bool': {
      const { min_value, max_value } = numbers(values as Uint8Array, valid, rows)
      return min_value === undefined ? {} : { min_value: min_value === 1, max_value: max_value === 1 }
    }
    case 'str': {
      const words = interner.words.map(word => Buffer.from(word)).sort(Buffer.compare)
      return words.length === 0 ? {} : { min_value: words[0].toString(), max_value: words[words.length - 1].toString() }
    }
  }
}

function numbers(values: Int32Array | Uint8Array, valid: Uint8Array | null, rows: number): Extremes {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < rows; i++) {
    if (valid && !valid[i]) continue
    const value = values[i]
    if (value < min) min = value
    if (value > max) max = value
  }
  return min > max ? {} : { min_value: min, max_value: max }
}

function doubles(values: Float64Array, valid: Uint8Array | null, rows: number): Extremes {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < rows; i++) {
    if (valid && !valid[i]) continue
    const value = values[i]
    if (value < min) min = value
    if (value > max) max = value
  }
  // The format asks that a zero bound covers both zeros.
  return min > max ? {} : { min_value: min === 0 ? -0 : min, max_value: max === 0 ? 0 : max }
}

/** Compares halves: 64-bit integers as BigInt would be one allocation a row. */
function longs(values: BigInt64Array, valid: Uint8Array | null, rows: number): Extremes {
  const high = new Int32Array(values.buffer, values.byteOffset, rows * 2)
  const low = new Uint32Array(values.buffer, values.byteOffset, rows * 2)
  let min = -1
  let max = -1
  for (let i = 0; i < rows; i++) {
    if (valid && !valid[i]) continue
    if (min < 0) {
      min = max = i
      continue
    }
    const h = high[2 * i + 1]
    const l = low[2 * i]
    if (h < high[2 * min + 1] || (h === high[2 * min + 1] && l < low[2 * min])) min = i
    if (h > high[2 * max + 1] || (h === high[2 * max + 1] && l > low[2 * max])) max = i
  }
  return min < 0 ? {} : { min_value: values[min], max_value: values[max] }
}
