/** What to do when a check fails. */
export type CheckAction = 'warn' | 'raise'

/** Limits on the values of a result (configuration 6.3). */
export interface Quality {
  /** The config block that sets them. */
  at: string
  /** Largest share of nulls, 0…1, of each of these columns: all but the keys. */
  nullRateMax: number
  columns: string[]
  /** Least and greatest value, both allowed, in the order of the result's columns. */
  ranges: { column: string; min: number; max: number }[]
  action: CheckAction
}

/** What a result must keep of the first source of its pass, and where it must have values. */
export interface Expectations {
  at: string
  /** The pass that is compared with; null where nothing is. */
  source: string | null
  rows: boolean
  listingCount: boolean
  listingIds: boolean
  /** Columns in which no value may be missing. */
  filled: string[]
  action: CheckAction
}

/** The checks of one pass. Plain JSON. */
export interface PassChecks {
  pass: string
  /** All its columns, in output order. */
  columns: string[]
  quality: Quality | null
  expectations: Expectations | null
}

/** Tells whether a failed check keeps a pass from being published: its files wait until all its rows are known. */
export function mayRefuse(checks: PassChecks | null): boolean {
  return checks?.quality?.action === 'raise' || checks?.expectations?.action === 'raise'
}
