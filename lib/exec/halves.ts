import { BasaltError, codesOf, faultOf, NO_MEMORY, type Unit } from '../core/index.js'
import { scan } from '../io/index.js'
import { cutListings, halveListings } from '../plan/index.js'
import { type Attempt, alone, attempt, inPieces } from './attempt.js'
import type { RunOptions, UnitEvent } from './run.js'
import { surveyListings } from './survey.js'
import type { UnitFacts } from './unit.js'

/** Codes of the faults of a thread whose heap was full, and of one that got no memory outside of it. */
const TOO_MUCH = ['ERR_WORKER_OUT_OF_MEMORY', NO_MEMORY]

type Counted = Awaited<ReturnType<typeof surveyListings>>

/**
 * Runs a unit and yields what happens to it, without the first `skip` of its rows. Where threads run out of memory over
 * it, it is cut into two batches of its listings, which are run in its place, down to a single listing: their rows, one
 * after the other, are those of the unit, so those that have left are passed over. Returns how many rows the unit has;
 * null where it failed, or a part of it.
 */
export async function* runOrHalve(
  first: Attempt,
  options: RunOptions,
  skip = 0,
  listings?: Counted,
): AsyncGenerator<UnitEvent, number | null> {
  const { unit } = first
  let rows = 0
  try {
    const fault = options.broken.get(unit.id)
    if (fault) throw fault
    let facts: UnitFacts = { rows: 0, counters: [], conflicts: [], nonFinite: {}, unread: 0 }
    const report = (found: UnitFacts) => {
      facts = found
    }
    const inOrder = await isInOrder(first, options)
    for await (const batch of attempt(first, options, report)) {
      const left = Math.min(batch.numRows, Math.max(0, skip - rows))
      rows += batch.numRows
      if (left > 0 && left === batch.numRows) continue
      yield { kind: 'batch', unit, batch: left > 0 ? batch.slice(left) : batch, inOrder }
    }
    yield { kind: 'done', unit, facts, rowsOut: rows }
    return rows
  } catch (error) {
    options.context.signal?.throwIfAborted()
    await first.intake.abandon(unit.id) // units behind it would wait for stretches that nobody starts
    const fault = faultOf(error, { unit: unit.id, pass: options.pass.name })
    const left = Math.max(skip, rows)
    const known = isTooMuch(fault) && (listings ?? (await listingsOf(unit, options)))
    if (known && known.length > 1 && (left === 0 || isRepeated(unit, options)))
      return yield* halved(unit, known, fault, left, options)
    const only = known && known.length === 1 ? known[0].listing : undefined
    yield { kind: 'failed', unit, error: only === undefined ? fault : named(fault, only) }
    return null
  }
}

async function* halved(
  unit: Unit,
  listings: Counted,
  fault: BasaltError,
  skip: number,
  options: RunOptions,
): AsyncGenerator<UnitEvent, number | null> {
  const lists = halveListings(listings)
  const halves = cutListings(
    unit,
    lists.map(list => list.map(({ listing }) => listing)),
  )
  options.onCut?.(unit, halves, fault)
  let rows: number | null = 0
  for (const [i, half] of halves.entries()) {
    const left: number = rows === null ? skip : Math.max(0, skip - rows)
    if (rows === null && options.failFast) return null
    // Of rows that have left it is not known how many were those of a half that failed.
    if (rows === null && left > 0) yield { kind: 'failed', unit: half, error: fault }
    else {
      const own: number | null = yield* runOrHalve(alone(half, options), options, left, lists[i])
      rows = rows === null || own === null ? null : rows + own
    }
  }
  return rows
}

/**
 * Tells whether a unit's rows come in the order asked for. In order of time, listings of another batch of the date come in
 * between, and bars that are not finished early leave listing by listing.
 */
async function isInOrder({ unit, schedule }: Attempt, { order }: RunOptions): Promise<boolean> {
  if (order === 'listing') return true
  return unit.listings === null && (await schedule()).gathering !== null
}

/** Tells whether a fault is that a thread ran out of memory. */
export const isTooMuch = (fault: BasaltError): boolean => codesOf(fault).some(code => TOO_MUCH.includes(code))

/** Tells whether the batches of a unit have the same rows in the same order as the unit. */
const isRepeated = (unit: Unit, options: RunOptions): boolean => options.order === 'listing' && !inPieces(unit, options)

/**
 * Counts a unit's rows by listing; undefined where it cannot be cut by them. Without a date in their path, files may hold
 * several, and rows are in order of date first.
 */
async function listingsOf(unit: Unit, { pass, files }: RunOptions): Promise<Counted | undefined> {
  if (unit.day === null || !pass.aggregate.entity.some(({ name }) => name === 'ListingId')) return undefined
  try {
    const counted = await surveyListings(unit, pass, files, scan)
    const own = unit.listings && new Set(unit.listings)
    return own ? counted.filter(({ listing }) => own.has(listing)) : counted
  } catch {
    return undefined // what is wrong with its files is not why it failed
  }
}

/** Returns the fault of a unit that is one listing. */
const named = ({ fault, problem, where, cause }: BasaltError, listing: string | null): BasaltError =>
  new BasaltError(fault, `listing ${listing ?? 'null'} alone: ${problem}`, where, cause)
