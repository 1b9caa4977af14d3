import type { DataFile, PassPlan, Unit } from '../core/index.js'

/** What a unit is expected to hold in memory, in bytes. */
export interface Estimate {
  rows: number
  /** Compressed bytes of the needed columns. */
  bytes: number
  groups: number
  memory: number
}

const GROUP_OVERHEAD = 24 // keys, hash slot, order
const FOLD_BYTES = 40 // the widest scalar state (first, last) holds five 8-byte fields
const LOG_BYTES = 16 // cell and time of a logged row
const SEQUENCE_BYTES = 20 // feed, sequence number and place in total order of a row that a sequence is made of
const DECODED_BYTES = 16 // a decoded value, its null byte and the copy that a batch may need

/** Estimates a unit from its footers: rows, bytes, groups at most, and the memory of decoding and folding. */
export function estimateUnit(
  unit: Unit,
  pass: PassPlan,
  files: readonly DataFile[],
  seriesFolds: number,
  workers: number,
): Estimate {
  const sources = new Set(pass.bindings.flatMap(({ source }) => source ?? []))
  let bytes = 0
  let largest = 0
  for (const { file, rowGroup } of unit.parts) {
    const facts = files[file].rowGroups[rowGroup]
    largest = Math.max(largest, facts.rows)
    for (const source of sources) bytes += facts.bytes[source] ?? 0
  }
  const width = pass.aggregate.rule?.mode === 'sparse_digitised' ? pass.aggregate.rule.width / 1e9 : 0
  // One bucket holds at least one row; a trading day of 10 hours holds 36 000 / width buckets a listing.
  const groups = Math.min(
    unit.rows,
    width > 0 ? Math.ceil(36_000 / width) * Math.max(1, Math.ceil(unit.rows / 1000)) : unit.rows,
  )
  const folds = pass.aggregate.folds.length - seriesFolds
  const state = groups * (GROUP_OVERHEAD + folds * FOLD_BYTES)
  const logs = seriesFolds > 0 ? unit.rows * (LOG_BYTES + 8 * seriesFolds) : 0
  const { sequence } = pass.aggregate
  const days = sequence ? unit.rows * (LOG_BYTES + SEQUENCE_BYTES + 8 * sequence.inputs.length) : 0
  const decoding = largest * sources.size * DECODED_BYTES * workers
  return { rows: unit.rows, bytes, groups, memory: state + logs + days + decoding }
}
