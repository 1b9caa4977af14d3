import type { DataFile, PassPlan, Registry, Unit } from '../core/index.js'

/** What a pass needs whatever its data amounts to, in bytes. */
export interface Floor {
  /** Node, the command, its plan and the code that runs: measured, with nothing read. */
  process: number
  /** Of each worker thread, when there are several: its own heap and code. */
  thread: number
  /** Of each thread that folds: the largest row group's chunks, pages and states, and what it leaves. */
  kernels: number
  /** A row group of the output as columns: one fills while another is encoded. */
  output: number
}

const MB = 1_000_000
// Measured on 2 and 20 million trades, row groups of 31,000 to 122,880 rows: what the process held beyond the rest of the
// floor at most, while the ledger had little room. 75 MB of it are there before anything is read.
const PROCESS_BYTES = 160 * MB
const THREAD_BYTES = 75 * MB // 55 MB where it has the machine to itself; its garbage waits longer where it has not
const PAGE_SHARE = 4 // a page unpacks to this many times its bytes at most, as a rule
const ROWS_A_BAR = 4 // of rows that lie side by side in a file
const OUTPUT_ROWS = 131_072
const GROUPS_HELD = 1.5 // output row groups: one as columns, one as bytes
const GROUPS_SENT = 1 // and one as columns that a thread encodes, where there are several

/** Computes what a pass needs at least. `outputRows`: of a row group of its largest Parquet target; 0: it has none. */
export function floorOf(
  plan: PassPlan,
  units: readonly Unit[],
  files: readonly DataFile[],
  registry: Registry,
  outputRows = OUTPUT_ROWS,
): Floor {
  const sources = new Set(plan.bindings.flatMap(({ source }) => source ?? []))
  const state = stateBytes(plan, registry)
  const bar = barBytes(plan)
  let kernels = 0
  let rows = 0
  for (const { parts } of units) {
    for (const { file, rowGroup } of parts) {
      const facts = files[file].rowGroups[rowGroup]
      let bytes = 0
      for (const source of sources) {
        const packed = facts.bytes[source] ?? 0
        bytes += packed + Math.min(packed * PAGE_SHARE, facts.rows * 8)
      }
      const bars = Math.ceil(facts.rows / ROWS_A_BAR)
      kernels = Math.max(kernels, bytes + bars * (2 * state + 2 * bar))
    }
    rows +=
      units.length === 0 ? 0 : parts.reduce((sum, part) => sum + files[part.file].rowGroups[part.rowGroup].rows, 0)
  }
  const groupRows = Math.min(outputRows, rows)
  return { process: PROCESS_BYTES, thread: THREAD_BYTES, kernels, output: groupRows * bar }
}

/** Returns the bytes that a run of so many workers needs; one works on the main thread. */
export function floorFor({ process, thread, kernels, output }: Floor, workers: number): number {
  if (workers === 1) return process + output * GROUPS_HELD + kernels
  return process + output * (GROUPS_HELD + GROUPS_SENT) + workers * (thread + kernels)
}

/** Returns the most workers, up to `most`, that a budget has room for; 0 where not even one. */
export function workersWithin(floor: Floor, budget: number, most: number): number {
  for (let workers = most; workers > 0; workers--) if (floorFor(floor, workers) <= budget) return workers
  return 0
}

/** Returns the bytes of a cell's scalar states. */
export function stateBytes({ aggregate }: PassPlan, registry: Registry): number {
  const kernels = aggregate.folds.map(({ kernel }) => registry.get('kernels', kernel))
  return kernels.reduce((bytes, kernel) => {
    if (!('fields' in kernel)) return bytes
    return Object.values(kernel.fields).reduce((sum, { type }) => sum + (type === 'code' ? 4 : 8), bytes)
  }, 24) // its key, hash slot and place
}

/** Returns the bytes of a bar with its nulls. */
export const barBytes = ({ columns, stateColumns }: PassPlan): number => (columns.length + stateColumns.length) * 9
