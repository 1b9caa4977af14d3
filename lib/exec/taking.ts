import type { TakenValues, Unit } from '../core/index.js'
import type { PassRun } from './pass.js'
import { type Seen, StandingSource, type Window } from './standing.js'
import type { TakenSource } from './taken.js'
import { TradingEnds } from './trading-ends.js'

/** What rows take of internal passes, in the order of the plan. */
export interface Taken {
  values: TakenValues[]
  /** Gives its memory back, when the rows have been folded. */
  release: () => void
}

/** Reads what rows take; what they see through a window is enough. */
export type Taking = (window: Window | null) => Promise<Taken>

/** A window that sees this share of all is not read by itself: what all rows take is read once, and shared. */
const MOST = 0.5

/** Returns what makes readers of what the rows of units take. */
export function takingOf(
  { plan, states, registry, reference, signal }: Pick<PassRun, 'plan' | 'states' | 'registry' | 'reference' | 'signal'>,
  sources: readonly TakenSource[],
): (unit: Unit) => Taking {
  const context = { registry, reference, signal }
  const ends = (plan.taken ?? []).map(taken =>
    taken.by === 'time' && taken.states && states ? new TradingEnds(states, taken.states, context) : null,
  )
  return unit => {
    const all = new Map<StandingSource, Seen>()
    const whole = new Map<TakenSource, TakenValues>() // of all rows of the unit
    const seenWhole = (source: StandingSource): Seen => {
      const known = all.get(source) ?? source.look(unit, null)
      all.set(source, known)
      return known
    }
    const readWhole = (source: TakenSource): TakenValues => {
      const known =
        whole.get(source) ?? (source instanceof StandingSource ? source.read(seenWhole(source)) : source.read(unit))
      whole.set(source, known)
      return known
    }
    return async window => {
      const releases: (() => void)[] = []
      const values = sources.map((source, i) => {
        const seen = source instanceof StandingSource && window ? source.look(unit, window) : null
        if (!(source instanceof StandingSource) || !seen || seen.rows >= MOST * seenWhole(source).rows)
          return over(readWhole(source), ends[i])
        const read = source.read(seen)
        releases.push(() => source.release(read))
        return over(read, ends[i])
      })
      return {
        values: await Promise.all(values),
        release: () => {
          for (const release of releases) release()
        },
      }
    }
  }
}

const over = (values: TakenValues, ends: TradingEnds | null) => ('times' in values && ends ? ends.over(values) : values)
