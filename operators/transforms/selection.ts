/** Rows of a batch, ascending: index[0..count). */
export interface Selection {
  index: Int32Array
  count: number
}

/** Keeps the selected rows where a mask holds. */
export function within({ index, count }: Selection, mask: Uint8Array): Selection {
  const kept = new Int32Array(count)
  let n = 0
  for (let k = 0; k < count; k++) {
    kept[n] = index[k]
    n += mask[index[k]]
  }
  return { index: kept, count: n }
}

/** Counts the rows where a mask holds. */
export function ones(mask: Uint8Array, n: number): number {
  let total = 0
  for (let i = 0; i < n; i++) total += mask[i]
  return total
}
