/** Rows of a batch, ascending: index[0..count). */
export interface Selection {
  index: Int32Array
  count: number
}
