import type { Batches, Unit } from '../core/index.js'
import { isMadeInPieces } from '../plan/index.js'
import { Intake } from './intake.js'
import { Overlap } from './piece-order.js'
import type { RunOptions } from './run.js'
import { type Schedule, scheduleOf } from './schedule.js'
import { runUnit, type UnitFacts } from './unit.js'

/** A unit that is to be run: how it is cut into stretches, and what starts them. */
export interface Attempt {
  unit: Unit
  schedule: () => Promise<Schedule>
  intake: Intake
}

/** Tells whether each row group of a unit makes its own piece of a sequence. Pieces leave in the order of arrival. */
export const inPieces = (unit: Unit, { pass, files, context }: RunOptions): boolean =>
  isMadeInPieces(unit, pass, files, context.registry)

/** Cuts a unit into stretches. */
export const scheduled = (unit: Unit, options: RunOptions, pieces = inPieces(unit, options)): Promise<Schedule> =>
  scheduleOf(unit, options, pieces)

/** Makes a unit ready to be run by itself, whatever other units are under way. */
export function alone(unit: Unit, options: RunOptions, pieces?: boolean): Attempt {
  let known: Promise<Schedule> | undefined
  const schedule = () => (known ??= scheduled(unit, options, pieces))
  const work = [{ unit: unit.id, stretches: async () => (await schedule()).stretches }]
  return { unit, schedule, intake: new Intake(work, options.executor, false, options.ledger) }
}

/** Runs a unit and yields its rows; what fails is thrown. `report` is told of its facts at the end. */
export async function* attempt(
  { unit, schedule, intake }: Attempt,
  options: RunOptions,
  report: (facts: UnitFacts) => void,
): Batches {
  const { pass, context, ledger, outputRows: rows } = options
  const { gathering, stretches, unit: read } = await schedule()
  if (read !== unit) options.onUnread?.(unit.rows - read.rows)
  const arrivals = (async function* () {
    for await (const arrival of intake.of(unit.id)) {
      const { file, parts } = stretches[arrival.stretch]
      const part = parts[arrival.place]
      options.onPart?.(file, part)
      options.onPartial?.(unit, arrival.stretch, part.part, arrival.partial)
      yield arrival
    }
  })()
  const run = {
    pass,
    gathering,
    pieces: inPieces(unit, options),
    context: { ...context, where: { unit: unit.id, pass: pass.name } },
    // What one symbol batch does not read another does.
    report: (found: UnitFacts) =>
      report({ ...found, unread: unit.listings === null ? found.unread + unit.rows - read.rows : 0 }),
    rows,
    ledger,
  }
  yield* withoutOverlap(runUnit(run, arrivals), async function* () {
    await intake.abandon(unit.id)
    yield* runUnit({ ...run, pieces: false }, alone(unit, options, false).intake.of(unit.id))
  })
}

/** Yields the rows of pieces and, where two of them overlap, those that are made of the whole day: they take their place. */
async function* withoutOverlap(pieces: Batches, merged: () => Batches): Batches {
  try {
    yield* pieces
  } catch (error) {
    if (!(error instanceof Overlap)) throw error
    yield* merged()
  }
}
