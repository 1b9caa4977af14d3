export type DataEncoding = 'PLAIN' | 'RLE' | 'RLE_DICTIONARY' | 'DELTA_BINARY_PACKED'

/** What bounds compare: numbers of f64, i32, date and bool, bigints of i64 and ts, UTF-8 of text. */
export type Bound = number | bigint | Uint8Array

/** The present values of a column chunk in the encoding that was chosen for them. */
export interface Coding {
  encoding: DataEncoding
  /** The dictionary page's values, PLAIN. */
  dictionary?: { bytes: Uint8Array; entries: number }
  /** Bits that a value takes on average: pages are cut by it. */
  bits: number
  /** Returns the most bytes that `put` writes. */
  bound(from: number, to: number): number
  /** Writes values [from, to) and returns the bytes written. */
  put(from: number, to: number, into: Uint8Array): number
  /** Returns values [from, to) where they lie as they are stored. */
  stored?(from: number, to: number): Uint8Array
  /** Returns the least and the greatest of values [from, to), which is not empty; NaN is neither. */
  extremes(from: number, to: number): [least: Bound, greatest: Bound] | undefined
}
