const FEW_ROWS = 8 // of a cell in a row group: fewer cost more as states that cross threads than as rows
const SOME_LISTINGS = 100 // of a row group of which it is not known how many it has

/** Tells whether row groups hold few rows of each of their cells; `listings` is null where only bounds are known. */
export function haveFewRows(groups: readonly { rows: number; listings: number | null; buckets: number }[]): boolean {
  let rows = 0
  let cells = 0
  for (const group of groups) {
    rows += group.rows
    cells += Math.min(group.rows, (group.listings ?? SOME_LISTINGS) * group.buckets)
  }
  return rows < FEW_ROWS * cells
}
