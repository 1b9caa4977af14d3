import type { AuctionTimes, DataFile, Expr, Partial, PassPlan, Span, TakenValues } from '../core/index.js'
import type { EncodedGroup, GroupToEncode } from '../io/index.js'
import type { Shredding, ShredOrder } from './shred.js'
import type { StretchPart } from './stretch.js'
import type { WireError, WireReference } from './wire.js'

/** What a worker knows of a run; tasks then name passes and files by number. */
export interface WorkerStart {
  packs: string[]
  passes: PassPlan[]
  files: DataFile[]
  /** The reference table, when rows are joined with it before they are folded. */
  reference: WireReference | null
}

/** A stretch to fold. */
export interface FoldTask {
  id: number
  pass: number
  file: number
  parts: StretchPart[]
  spans: Span[] | null
  where: Expr
  batchRows: number
  whole?: boolean
  byTime: boolean
  rowsBefore: number
  taken?: TakenValues[]
  pieces?: boolean
  auctions?: AuctionTimes
}

/** Row groups to put on disk by listing. */
export interface ShredTask {
  id: number
  shred: Omit<ShredOrder, 'pass' | 'file'> & { pass: number; file: number }
}

/** A row group of the output to encode, in shared memory. */
export interface EncodeTask {
  id: number
  group: GroupToEncode
}

export type WorkerTask = FoldTask | ShredTask | EncodeTask

/** What a worker is told: the run that it works for, tasks, to give memory back, that the run has ended, to leave. */
export type WorkerMessage =
  | { open: WorkerStart; pulse: Int32Array<SharedArrayBuffer> }
  | WorkerTask
  | 'collect'
  | 'end'
  | 'close'

/** Of a stretch: what each row group leaves, then its end; of row groups on disk, where; of output, its bytes; of a run, that nothing of it is left. */
export type WorkerReply =
  | { closed: true }
  | { id: number; partial: Partial }
  | { id: number; end: true }
  | { id: number; shredded: Shredding }
  | { id: number; encoded: EncodedGroup }
  | { id: number; error: WireError }
