import { BasaltError, type Span, type Unit } from '../core/index.js'
import { scan } from '../io/index.js'
import { cutListings, estimateUnit, needsDay, packListings, spansOf } from '../plan/index.js'
import type { PassRun } from './pass.js'
import { windowOf } from './schedule.js'
import { StandingSource } from './standing.js'
import { surveyListings } from './survey.js'

/** Row groups at work and in hand at once, about. */
const SEEN_AT_ONCE = 8

/** Units as they are run, and those of them that cannot be. */
export interface Batched {
  units: Unit[]
  broken: ReadonlyMap<string, BasaltError>
}

/**
 * Cuts units that hold more than `room` bytes into symbol batches: more passes over the files, less state at a time. A
 * listing whose rows are needed all at once and do not fit is a `limit` fault of its unit.
 */
export async function symbolBatches(run: PassRun, room: number): Promise<Batched> {
  const { plan, registry } = run
  const units: Unit[] = []
  const broken = new Map(run.broken)
  for (const unit of run.units) {
    const { memory: own, rows } = estimateUnit(unit, plan, run.files, registry, run.ownProcess)
    const taken = takenBytes(run, unit)
    const beside = [...taken.values()].reduce((sum, each) => sum + each, 0)
    const memory = own + beside
    if (memory <= room || broken.has(unit.id) || rows === 0) {
      units.push(unit)
      continue
    }
    const cap = Math.max(1, Math.floor((rows * room) / memory))
    try {
      const counted = await surveyListings(unit, plan, run.files, scan)
      const listings = run.taken ? weighed(counted, taken, own / rows, memory / rows) : counted
      const largest = listings.reduce((a, b) => (b.rows > a.rows ? b : a))
      if (run.ownProcess && largest.rows > cap && needsDay(plan, registry)) {
        units.push(unit)
        broken.set(unit.id, tooLarge(largest, cap, unit, run))
      } else units.push(...cutListings(unit, packListings(listings, cap)))
    } catch {
      units.push(unit) // running it says what is wrong with its files, and where
    }
  }
  return { units, broken }
}

/**
 * Counts the bytes that a unit's listings take of internal passes, by listing. Of values that stand, rows in some order
 * see a part at a time, which the floor has room for.
 */
function takenBytes({ taken = [], plan, files, registry }: PassRun, unit: Unit): Map<string, number> {
  const bytes = new Map<string, number>()
  const spans = spansOf(unit, plan, files, needsDay(plan, registry))
  for (const source of taken) {
    if (source instanceof StandingSource && spans && isSeenInParts(source, spans, plan)) continue
    for (const [listing, rows] of source.rows(unit))
      bytes.set(listing, (bytes.get(listing) ?? 0) + source.rowBytes * rows)
  }
  return bytes
}

/** Tells whether what each row group can see is a small part of all. */
function isSeenInParts(source: StandingSource, spans: readonly Span[], plan: PassRun['plan']): boolean {
  const numeric = plan.aggregate.entity[1].type === 'i64'
  const all = source.near(null)
  return spans.every(({ part }) => source.near(windowOf(spans, [{ part }], plan, numeric)) * SEEN_AT_ONCE <= all)
}

/** Counts what listings take of internal passes as rows of their own, `each` bytes of these being `share` bytes of all. */
function weighed(
  counted: { listing: string | null; rows: number }[],
  taken: ReadonlyMap<string, number>,
  each: number,
  share: number,
): typeof counted {
  return counted.map(({ listing, rows }) => {
    const bytes = rows * each + (taken.get(String(listing)) ?? 0)
    return { listing, rows: Math.max(1, Math.ceil(bytes / share)) }
  })
}

function tooLarge(
  { listing, rows }: { listing: string | null; rows: number },
  cap: number,
  unit: Unit,
  { plan }: PassRun,
): BasaltError {
  const has = `listing ${listing ?? 'null'} has ${rows} rows, which its metrics need at once`
  return new BasaltError('limit', `${has}; EXECUTION.memory_budget has room for ${cap}: give it more`, {
    unit: unit.id,
    pass: plan.name,
  })
}
