import { BasaltError, type Expr, type Span, type Unit } from '../core/index.js'
import { scan } from '../io/index.js'
import { cutListings, estimateUnit, needsDay, packListings, spansOf } from '../plan/index.js'
import type { PassRun } from './pass.js'
import type { Room } from './room.js'
import { windowOf } from './schedule.js'
import type { MixedUnit } from './shreds.js'
import { StandingSource } from './standing.js'
import { surveyListings } from './survey.js'
import { unitRows } from './unit.js'
import { readableUnit } from './wanted.js'

/** Row groups at work and in hand at once, about. */
const SEEN_AT_ONCE = 8

/** Units as they are run, and those of them that cannot be. */
export interface Batched {
  units: Unit[]
  broken: ReadonlyMap<string, BasaltError>
  /** Those whose batches are put on disk first, by date. */
  mixed: ReadonlyMap<Unit['day'], MixedUnit>
}

/** Batches that read their files more often than this have their rows put on disk: to write and read them costs as much. */
const READS = 2
const SAMPLED = 16 // batches of which it is looked up what they would read
const MOST_SHARES = 128
const LEAST_ROWS = 64 // of a row group that a share should have

/**
 * Cuts units that hold more than `room` bytes into symbol batches: more passes over the files, less state at a time. A
 * listing whose rows are needed all at once and do not fit is a `limit` fault of its unit. Files in no order are cut
 * where they are fewer than workers, too: each of these then has listings of its own.
 */
export async function symbolBatches(
  run: PassRun,
  { bytes: room, workers }: Pick<Room, 'bytes' | 'workers'>,
  where: (unit: Unit) => Expr,
): Promise<Batched> {
  const { plan, registry } = run
  const units: Unit[] = []
  const mixed = new Map<Unit['day'], MixedUnit>()
  const broken = new Map(run.broken)
  for (const unit of run.units) {
    const { memory, rows, ofListing, scattered } = estimateUnit(unit, plan, run.files, registry, run.ownProcess)
    const taken = takenBytes(run, unit)
    const beside = [...taken.values()].reduce((sum, each) => sum + each, 0)
    const owners = scattered ? ownersOf(unit, run, workers) : 1
    if ((memory + beside <= room && owners === 1) || broken.has(unit.id) || rows === 0) {
      units.push(unit)
      continue
    }
    try {
      const counted = await surveyListings(unit, plan, run.files, scan)
      const weighed = counted.map(({ listing, rows }) => {
        const bytes = ofListing(rows) + (taken.get(String(listing)) ?? 0)
        return { listing, rows, bytes }
      })
      const largest = weighed.reduce((a, b) => (b.bytes > a.bytes ? b : a))
      if (run.ownProcess && largest.bytes > room && needsDay(plan, registry)) {
        units.push(unit)
        broken.set(unit.id, tooLarge(largest, room, unit, run))
      } else {
        const share = weighed.reduce((sum, { bytes }) => sum + bytes, 0) / owners
        const batches = cutListings(unit, packListings(weighed, Math.min(room, share)))
        const shares = sharesOf(unit, batches, run, where)
        if (shares) {
          mixed.set(unit.day, { whole: unit, shares: shares.listings })
          const rowsOf = new Map(counted.map(({ listing, rows }) => [listing, rows]))
          units.push(...batches.map((batch, b) => ({ ...batch, share: shares.of(b), rows: sumOf(batch, rowsOf) })))
        } else units.push(...batches)
      }
    } catch {
      units.push(unit) // running it says what is wrong with its files, and where
    }
  }
  return { units, broken, mixed }
}

/** Returns how many batches keep workers busy that fold a file each; in order of time, rows of batches would have to wait. */
function ownersOf({ parts }: Unit, { units, streaming, order }: PassRun, workers: number): number {
  if (streaming || order === 'time') return 1
  return Math.ceil(workers / (new Set(parts.map(({ file }) => file)).size * units.length))
}

/**
 * Returns the listings that are put on disk side by side, and which of these lists a batch's are in; null where batches
 * read little but their own rows, or rows must keep their places in their files.
 */
function sharesOf(
  unit: Unit,
  batches: readonly Unit[],
  { plan, files, spill }: PassRun,
  where: (unit: Unit) => Expr,
): { listings: MixedUnit['shares']; of: (batch: number) => number } | null {
  const placed =
    plan.rows.some(({ operator }) => operator === 'row_number') || plan.taken?.some(({ by }) => by === 'row')
  if (batches.length === 1 || placed) return null
  const sample = batches.filter((_, b) => b % Math.ceil(batches.length / SAMPLED) === 0)
  const rows = where(unit)
  const read = sample.map(batch => readableUnit(batch, plan, unitRows(batch, rows), files).rows)
  const reads = (read.reduce((sum, rows) => sum + rows, 0) / unit.rows) * (batches.length / sample.length)
  if (reads <= (spill === 'always' ? 1 : READS)) return null
  const room = Math.floor(unit.rows / unit.parts.length / LEAST_ROWS)
  const count = Math.min(batches.length, MOST_SHARES, Math.max(2, room))
  const of = (batch: number) => Math.floor((batch * count) / batches.length)
  const listings: MixedUnit['shares'] = Array.from({ length: count }, () => [])
  for (const [b, batch] of batches.entries()) listings[of(b)].push(...(batch.listings ?? []))
  return { listings, of }
}

const sumOf = ({ listings }: Unit, rowsOf: ReadonlyMap<string | null, number>): number =>
  (listings ?? []).reduce((sum, listing) => sum + (rowsOf.get(listing) ?? 0), 0)

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

function tooLarge(
  { listing, rows, bytes }: { listing: string | null; rows: number; bytes: number },
  room: number,
  unit: Unit,
  { plan }: PassRun,
): BasaltError {
  const has = `listing ${listing ?? 'null'} has ${rows} rows, which its metrics need at once`
  const cap = Math.floor((rows * room) / bytes)
  return new BasaltError('limit', `${has}; EXECUTION.memory_budget has room for ${cap}: give it more`, {
    unit: unit.id,
    pass: plan.name,
  })
}
