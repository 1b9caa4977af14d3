import type { BasaltError, WrittenFile } from '../core/index.js'

/** What a run tells those who watch it. Every event is plain data but for batches. */
export type RunEvent =
  | { kind: 'start'; pass: string; units: number; rows: number; workers: number }
  | { kind: 'progress'; pass: string; rows: number; total: number }
  | UnitEnd
  | { kind: 'failed'; pass: string; unit: string; day: number | null; error: BasaltError }
  /** A row group of the input is folded again, and perhaps some behind it, or one of the output is encoded again. */
  | { kind: 'retry'; pass: string; file: string; rowGroup: number; error: BasaltError; seconds: number }
  /** Threads ran out of memory over a unit: batches of its listings, so many each, are run in its place. */
  | { kind: 'cut'; pass: string; unit: string; into: { unit: string; listings: number }[]; error: BasaltError }
  | { kind: 'warning'; text: string }
  | { kind: 'written'; pass: string; file: WrittenFile }
  | { kind: 'end'; pass: string; report: PassReport }

/** A unit has ended well. */
export interface UnitEnd {
  kind: 'unit'
  pass: string
  unit: string
  /** Its date, in days since the epoch; null where files state none. */
  day: number | null
  rowsIn: number
  rowsOut: number
  /** Rows that were not read, as none of them can be wanted. */
  unread: number
  /** Rows left out, by reason. */
  counts: Record<string, number>
  shares: Shares
  seconds: number
}

/** Rows that are counted as a share of others, by what they are: `rows` of `of` rows. */
export type Shares = Record<string, { rows: number; of: number }>

/** Adds shares up. */
export function addShares(a: Shares, b: Shares): Shares {
  const sum = { ...a }
  for (const [name, { rows, of }] of Object.entries(b)) {
    const known = sum[name] ?? { rows: 0, of: 0 }
    sum[name] = { rows: known.rows + rows, of: known.of + of }
  }
  return sum
}

/** What a pass did, for people and for exit codes. */
export interface PassReport {
  pass: string
  units: number
  /** Units that an earlier run had computed and this one took over. */
  resumed: number
  /** Units that were not needed: their files are there, made of the same input by the same config and code. */
  standing: number
  failed: { unit: string; error: BasaltError }[]
  rowsIn: number
  rowsOut: number
  /** Rows left out, by reason. */
  excluded: Record<string, number>
  /** Rows that count, as a share of others: trades whose side was found by a rule. */
  shares: Shares
  /**
   * Rows that were not read: by what their file says of them, none meets the filter, the universe or the dates. They are
   * in no other count. Those of dates that are cut into symbol batches are left out.
   */
  unread: number
  /** Bytes of the needed columns in the row groups that were read, as they lie in the files. */
  bytesRead: number
  /** The units that took longest, the longest first: at most three. */
  slowest: { unit: string; seconds: number }[]
  /** How often rows were read, folded or encoded again, or a unit was cut for it. */
  retries: number
  /** Checks that failed, those that only warn and those that keep the pass from being published. */
  checks: string[]
  seconds: number
}

/** Returns the report of a pass that has done nothing yet. */
export const emptyReport = (pass: string, units: number): PassReport => ({
  pass,
  units,
  resumed: 0,
  standing: 0,
  failed: [],
  rowsIn: 0,
  rowsOut: 0,
  excluded: {},
  shares: {},
  unread: 0,
  bytesRead: 0,
  slowest: [],
  retries: 0,
  checks: [],
  seconds: 0,
})

export type OnEvent = (event: RunEvent) => void
