import type { TakenValues, Unit } from '../core/index.js'
import type { PassRun } from './pass.js'
import { StandingSource, type Window } from './standing.js'
import type { TakenSource } from './taken.js'
import { TradingEnds } from './trading-ends.js'

/** Reads what rows take of internal passes, in the order of the plan; what they see through a window is enough. */
export type Taking = (window: Window | null) => Promise<TakenValues[]>

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
    const whole = new Map<TakenSource, TakenValues>() // of all rows of the unit
    const read = (source: TakenSource, window: Window | null): TakenValues => {
      if (source instanceof StandingSource && window && source.share(unit, window) < MOST)
        return source.read(unit, window)
      const known =
        whole.get(source) ?? (source instanceof StandingSource ? source.read(unit, null) : source.read(unit))
      whole.set(source, known)
      return known
    }
    return window =>
      Promise.all(
        sources.map((source, i) => {
          const values = read(source, window)
          return 'times' in values && ends[i] ? ends[i].over(values) : values
        }),
      )
  }
}
