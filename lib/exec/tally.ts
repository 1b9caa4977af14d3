import type { BasaltError, PassPlan, Unit } from '../core/index.js'
import { addShares, emptyReport, type OnEvent, type PassReport, type Shares } from './events.js'
import type { Retry } from './persistent.js'
import type { UnitFacts } from './unit.js'

/** Keeps count of a pass while its units end, and tells those who watch. */
export class Tally {
  readonly report: PassReport
  private readonly started = performance.now()
  private last = this.started

  constructor(
    private readonly plan: PassPlan,
    units: number,
    private readonly universe: boolean,
    private readonly onEvent?: OnEvent,
  ) {
    this.report = emptyReport(plan.name, units)
  }

  failed(unit: Unit, error: BasaltError): void {
    this.report.failed.push({ unit: unit.id, error })
    this.onEvent?.({ kind: 'failed', pass: this.plan.name, unit: unit.id, day: unit.day, error })
  }

  done(unit: Unit, facts: UnitFacts, rowsOut: number): void {
    const { report, plan } = this
    const counts = this.counts(facts)
    for (const [name, count] of Object.entries(counts)) report.excluded[name] = (report.excluded[name] ?? 0) + count
    const shares = this.shares(facts)
    report.shares = addShares(report.shares, shares)
    report.rowsIn += facts.rows
    report.rowsOut += rowsOut
    report.unread += facts.unread
    if (this.universe && facts.rows === 0) this.warn(`${unit.id}: the universe matches no row on this date`)
    for (const [i, conflicts] of facts.conflicts.entries()) {
      const { name, once } = plan.aggregate.attributes[i]
      if (conflicts === 0 || once) continue
      this.warn(`${unit.id}: ${conflicts} listings have more than one ${name}; the first is shown`)
    }
    const seconds = this.lap()
    report.slowest = [...report.slowest, { unit: unit.id, seconds }].sort((a, b) => b.seconds - a.seconds).slice(0, 3)
    this.onEvent?.({
      kind: 'unit',
      pass: plan.name,
      unit: unit.id,
      day: unit.day,
      rowsIn: facts.rows,
      rowsOut,
      unread: facts.unread,
      counts,
      shares,
      seconds,
    })
  }

  /** Counts what is read of the files. */
  read(bytes: number): void {
    this.report.bytesRead += bytes
  }

  /** Counts values that were read as null, by column, before rows came to their units. */
  nonFinite(counts: UnitFacts['nonFinite']): void {
    for (const [column, count] of Object.entries(counts)) this.exclude(notFinite(column), count)
  }

  /** Counts row groups that are folded or encoded again. */
  retried({ place: { file = '', rowGroup = 0 }, error, seconds }: Retry): void {
    this.report.retries++
    this.onEvent?.({ kind: 'retry', pass: this.plan.name, file, rowGroup, error, seconds })
  }

  /** Counts a unit that is run as batches of its listings, in its place. */
  cut(unit: Unit, batches: readonly Unit[], error: BasaltError): void {
    this.report.retries++
    this.report.units += batches.length - 1
    const into = batches.map(({ id, listings }) => ({ unit: id, listings: listings?.length ?? 0 }))
    this.onEvent?.({ kind: 'cut', pass: this.plan.name, unit: unit.id, into, error })
  }

  /** Seconds since the unit before ended: units end one after another, whatever is folded ahead. */
  private lap(): number {
    const now = performance.now()
    const seconds = (now - this.last) / 1000
    this.last = now
    return seconds
  }

  /** Counts rows that were left out behind the units. */
  exclude(reason: string, count: number): void {
    if (count > 0) this.report.excluded[reason] = (this.report.excluded[reason] ?? 0) + count
  }

  end(): PassReport {
    this.report.seconds = (performance.now() - this.started) / 1000
    this.onEvent?.({ kind: 'end', pass: this.plan.name, report: this.report })
    return this.report
  }

  warn(text: string): void {
    this.onEvent?.({ kind: 'warning', text })
  }

  private counts({ counters, nonFinite }: UnitFacts): Record<string, number> {
    const { counters: planned, sequence, shares = [] } = this.plan.aggregate
    const names = [...planned.map(({ name }) => name), ...(sequence?.counts ?? [])]
    const shared = new Set(shares.flatMap(({ part, whole }) => [part, whole]))
    const leftOut = names.map((name, i) => [name, counters[i] ?? 0] as const).filter((_, i) => !shared.has(i))
    return Object.fromEntries([
      ...leftOut,
      ...Object.entries(nonFinite).map(([column, count]) => [notFinite(column), count] as const),
    ])
  }
  private shares({ counters }: UnitFacts): Shares {
    const { counters: planned, shares = [] } = this.plan.aggregate
    return Object.fromEntries(
      shares.map(({ part, whole }) => [planned[part].name, { rows: counters[part] ?? 0, of: counters[whole] ?? 0 }]),
    )
  }
}

const notFinite = (column: string): string => `values of ${column} that are not finite, read as null`
