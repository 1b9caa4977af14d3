import {
  type AggregateParameters,
  and,
  type Batches,
  batchOfFrame,
  type Context,
  type EarlyBars,
  type Expr,
  type GroupFacts,
  isIn,
  isNull,
  or,
  type Partial,
  type PassPlan,
  type RecordBatch,
  type Step,
  type Unit,
} from '../core/index.js'
import { Gathering, type GatheringPlan, Merger } from '../fold/index.js'
import type { Arrival } from './intake.js'
import type { Ledger } from './ledger.js'
import { PieceOrder } from './piece-order.js'
import { derived } from './stretch.js'

/** What a unit's report says about the rows that went in. */
export interface UnitFacts extends GroupFacts, Pick<Partial, 'nonFinite'> {
  /** Rows that were not read because none of them can be wanted. */
  unread: number
}

/** What running a unit needs beside what arrives. */
export interface UnitRun {
  pass: PassPlan
  /** How its bars are gathered; null where they are all merged at the end. */
  gathering: GatheringPlan | null
  /** Each row group makes its own piece of a sequence. */
  pieces: boolean
  context: Context
  report: (facts: UnitFacts) => void
  /** Rows of a batch that leaves. */
  rows: number
  ledger: Ledger
}

/**
 * Runs a unit and yields its finished rows in output order, as soon as they are. Who folds its row groups, and where, is
 * the caller's business: this thread, worker threads, another machine.
 */
export async function* runUnit(run: UnitRun, arrivals: AsyncIterable<Arrival>): Batches {
  const counts = { nonFinite: {}, unread: 0 }
  const counted = counting(arrivals, counts)
  const facts = run.pieces
    ? yield* pieces(run, counted)
    : run.gathering
      ? yield* gather(run, new Gathering(run.gathering, run.context.registry, run.ledger.count), counted)
      : yield* merge(run, counted)
  run.report({ ...facts, ...counts })
}

async function* gather(
  { pass, context, rows, ledger }: UnitRun,
  gathering: Gathering,
  arrivals: AsyncIterable<Arrival>,
): AsyncGenerator<RecordBatch, Omit<UnitFacts, 'nonFinite' | 'unread'>> {
  for await (const { stretch, partial } of arrivals) {
    const closed = gathering.add(stretch, partial)
    if (closed) gathering.store(derived(closed.bars, pass, ['label'], context.registry), closed.entities)
    // A run of a few bars is not worth its block: while runs come back, one of each is in memory.
    if (ledger.space && gathering.held >= ledger.leastRun && ledger.over) gathering.spill(ledger.space)
    for (const batch of gathering.release(rows)) yield* chain(once(batch), pass.attach, context)
  }
  return gathering.facts()
}

/** Hands the pieces of a sequence on as they arrive; throws `Overlap` as soon as two of a listing do not follow one another. */
async function* pieces(
  { pass, context }: UnitRun,
  arrivals: AsyncIterable<Arrival>,
): AsyncGenerator<RecordBatch, Omit<UnitFacts, 'nonFinite' | 'unread'>> {
  const order = new PieceOrder(pass.aggregate)
  const facts = { rows: 0, counters: pass.aggregate.counters.map(() => 0), conflicts: [] }
  for await (const { partial } of arrivals) {
    const { part, bars, changed } = partial.early as EarlyBars
    order.add(bars, changed, part)
    facts.rows += partial.rows
    for (const [c, count] of partial.counters.entries()) facts.counters[c] += count
    const rows = derived(bars, pass, keysOf(pass.aggregate), context.registry)
    yield* chain(once(batchOfFrame(rows)), pass.attach, context)
  }
  return facts
}

/** Merges partials in the order of parts, whatever order they arrive in. */
async function* merge(
  { pass, context }: UnitRun,
  arrivals: AsyncIterable<Arrival>,
): AsyncGenerator<RecordBatch, Omit<UnitFacts, 'nonFinite' | 'unread'>> {
  const merger = new Merger(pass.aggregate, context.registry)
  const early = new Map<number, Partial[]>()
  let next = 0
  for await (const { stretch, partial } of arrivals) {
    early.set(stretch, [...(early.get(stretch) ?? []), partial])
    for (let ready = early.get(next); ready; ready = early.get(next)) {
      for (const each of ready) merger.add(each)
      early.delete(next++)
    }
  }
  const groups = merger.finish()
  let group = groups.next()
  for (; !group.done; group = groups.next()) {
    const rows = derived(group.value, pass, keysOf(pass.aggregate), context.registry)
    yield* chain(once(batchOfFrame(rows)), pass.attach, context)
  }
  return group.value
}

/** Lists the columns of merged bars that are no folds. */
function keysOf({ entity, bucket, attributes, sequence }: AggregateParameters): string[] {
  const shown = attributes.filter(({ once }) => once === undefined)
  return [...entity, ...shown, ...(sequence?.columns ?? [])].map(({ name }) => name).concat(bucket ?? [])
}

async function* counting(
  arrivals: AsyncIterable<Arrival>,
  total: Pick<UnitFacts, 'nonFinite' | 'unread'>,
): AsyncGenerator<Arrival> {
  for await (const arrival of arrivals) {
    for (const [column, count] of Object.entries(arrival.partial.nonFinite))
      total.nonFinite[column] = (total.nonFinite[column] ?? 0) + count
    total.unread += arrival.partial.unread ?? 0
    yield arrival
  }
}

/** Returns the rows that belong to a unit: those of its listings, within the run's own rows. */
export function unitRows(unit: Unit, where: Expr): Expr {
  if (unit.listings === null) return where
  const named = isIn(
    'ListingId',
    unit.listings.filter(listing => listing !== null),
  )
  return and(where, unit.listings.includes(null) ? or(named, isNull('ListingId')) : named)
}

function chain(input: Batches, steps: readonly Step[], context: Context): Batches {
  return steps.reduce(
    (batches, step) => context.registry.get('operators', step.operator).run(batches, step.parameters, context),
    input,
  )
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
