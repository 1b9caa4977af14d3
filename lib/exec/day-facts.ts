import { addShares, type OnEvent, type PassReport, type RunEvent } from './events.js'
import type { DayFacts, StoredDays } from './stored-days.js'

/** Gathers what a report says of each date, as its units end. */
export class FactsByDay {
  private readonly facts = new Map<number | null, DayFacts>()

  /** Returns an observer that notes what it is told and hands it on. */
  watching(onEvent: OnEvent | undefined): OnEvent {
    return event => {
      if (event.kind === 'unit') this.note(event)
      onEvent?.(event)
    }
  }

  of(day: number | null): DayFacts {
    return this.facts.get(day) ?? { rowsIn: 0, rowsOut: 0, unread: 0, excluded: {}, shares: {} }
  }

  private note({ day, rowsIn, rowsOut, unread, counts, shares }: Extract<RunEvent, { kind: 'unit' }>): void {
    this.facts.set(day, together(this.of(day), { rowsIn, rowsOut, unread, excluded: counts, shares }))
  }
}

/** Adds what earlier runs did to a report. */
export function withStoredFacts(report: PassReport, stored: StoredDays): PassReport {
  let sum: DayFacts = report
  for (const { facts } of stored.values()) sum = together(sum, facts)
  const { rowsIn, rowsOut, unread, excluded, shares } = sum
  return {
    ...report,
    rowsIn,
    rowsOut,
    unread,
    excluded,
    shares,
    resumed: stored.size,
    units: report.units + stored.size,
  }
}

function together(a: DayFacts, b: DayFacts): DayFacts {
  const excluded = { ...a.excluded }
  for (const [name, count] of Object.entries(b.excluded)) excluded[name] = (excluded[name] ?? 0) + count
  return {
    rowsIn: a.rowsIn + b.rowsIn,
    rowsOut: a.rowsOut + b.rowsOut,
    unread: a.unread + b.unread,
    excluded,
    shares: addShares(a.shares, b.shares),
  }
}
