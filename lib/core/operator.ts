import type { AuctionTimes } from './auctions.js'
import type { Batches, Column, ColumnSpec } from './batch.js'
import { batchAfter, type Chunk, chunkOf } from './chunk.js'
import type { Where } from './error.js'
import { batchOfFrame, type Frame, frameOf } from './frame.js'
import type { Loops } from './loops.js'
import type { Registry } from './registry.js'
import type { TakenValues } from './standing.js'
import type { Grid } from './timeline.js'

/** What an operator may know about its surroundings. It never sees files, threads, a clock or the environment. */
export interface Context {
  registry: Registry
  signal?: AbortSignal
  /** Place of the rows that come in, for errors; row counts from `firstRow`. */
  where: Where
  /** The loops that expressions are evaluated with; plain ones when left out. */
  loops?: Loops
  /** The reference table, when one is loaded. */
  reference?: Lookup
  /** What rows take of internal passes, by its place in the plan. */
  taken?: TakenValues[]
  /** The auctions of the days and listings of rows, where these are kept apart. */
  auctions?: AuctionTimes
  /** The grid of the pass, when it is dense. */
  grid?: Grid
  /** Counts rows that are left out, by reason, for the run report. */
  leaveOut?(reason: string, rows: number): void
}

/** A small table found by listing and date. */
export interface Lookup {
  /** Returns the row that holds for a listing (as text) on a day, or -1. */
  find(listing: string, day: number): number
  column(name: string): Column
  /** `date listing` of those not found, for the run report. */
  unmapped: Set<string>
}

/** A step from batches to batches: one file, one generator. Pulling decides the pace. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds operators of every parameter type.
export interface Operator<P = any> {
  kind: 'operator'
  name: string
  doc: string
  run(input: Batches, parameters: P, context: Context): Batches
  /** The same for a chunk of rows, where each row is treated by itself: the engine then needs no batch between steps. */
  rows?: RowStep<P>
  /** The same for rows in memory, where it makes of each batch one of its own: the engine then needs no batch for it. */
  frame?: FrameStep<P>
}

/** Makes what drops rows of a chunk, and adds columns, which it lists. */
export type RowStep<P> = (parameters: P, context: Context) => (chunk: Chunk) => ColumnSpec[]

/** Makes what turns a frame into another. */
export type FrameStep<P> = (parameters: P, context: Context) => (frame: Frame) => Frame

/** Declares an operator. `asTransform` makes a Node stream of it, `aggregate` and its kin compose directly. */
export const operator = <P>(definition: Omit<Operator<P>, 'kind'>): Operator<P> => ({ kind: 'operator', ...definition })

/** Declares an operator that treats each row by itself. */
export const rowOperator = <P>({ name, doc, rows }: { name: string; doc: string; rows: RowStep<P> }): Operator<P> => ({
  kind: 'operator',
  name,
  doc,
  rows,
  async *run(input, parameters, context) {
    const step = rows(parameters, context)
    for await (const batch of input) {
      const chunk = chunkOf(batch)
      const after = batchAfter(batch, chunk, step(chunk))
      if (after) yield after
    }
  },
})

/** Declares an operator that turns each batch into another. */
export const frameOperator = <P>(definition: { name: string; doc: string; frame: FrameStep<P> }): Operator<P> => ({
  kind: 'operator',
  ...definition,
  async *run(input, parameters, context) {
    const step = definition.frame(parameters, context)
    for await (const batch of input) yield batchOfFrame(step(frameOf(batch)))
  },
})
