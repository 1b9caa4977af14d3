import {
  type Batches,
  type Context,
  faultOf,
  type Partial,
  type PassPlan,
  type Timeline,
  type Unit,
} from '../core/index.js'
import type { UnitEvent } from './run.js'
import { type GridSources, RunGrid } from './run-grid.js'
import { SeenListings } from './seen-listings.js'

/**
 * Lays the rows of a pass's grid between its bars and fills nulls, a day at a time: behind the units, whose bars come in
 * order of listing, and before rows are put in the order of the output.
 */
export class TimelineRun {
  private readonly grid: RunGrid | null
  private readonly seen = new Map<number | null, SeenListings>()
  private readonly presence: number

  constructor(
    private readonly plan: PassPlan & { timeline: Timeline },
    private readonly context: Omit<Context, 'where'>,
    sources: Omit<GridSources, 'plan' | 'context'>,
    private readonly failFast: boolean,
  ) {
    this.grid = plan.timeline.grid && new RunGrid({ ...sources, plan, context })
    this.presence = plan.aggregate.attributes.findIndex(({ name }) => name === 'ListingId')
  }

  /** Bars outside the grid that were left out. */
  get dropped(): number {
    return this.grid?.dropped ?? 0
  }

  /** Takes note of what a part of a unit left. */
  arrived({ id, day }: Unit, stretch: number, part: number, partial: Partial): void {
    if (this.grid) this.seenOn(day).add(`${id} ${stretch}`, part, partial)
  }

  private seenOn(day: number | null): SeenListings {
    const known = this.seen.get(day)
    if (known) return known
    const seen = new SeenListings(this.plan.aggregate, this.presence)
    this.seen.set(day, seen)
    return seen
  }

  /** Passes on what happens to units, with the rows of the grid among theirs. A day whose grid fails has failed. */
  async *over(events: AsyncIterable<UnitEvent>): AsyncGenerator<UnitEvent> {
    const upstream = events[Symbol.asyncIterator]()
    try {
      let next = await upstream.next()
      while (!next.done) {
        const day = new DayEvents(upstream, next.value, unit => this.grid?.lose(unit))
        this.grid?.begin(day.day, this.seenOn(day.day))
        const failed = yield* this.laid(day)
        if (failed && this.failFast) return
        this.seen.delete(day.day)
        next = day.after()
      }
    } finally {
      await upstream.return?.()
    }
  }

  private async *laid(day: DayEvents): AsyncGenerator<UnitEvent, boolean> {
    let rows = 0
    let ended: UnitEvent[] = []
    // Rows that are laid behind a unit's last bar come after its end: it is told when the next unit's, or the day's, is.
    const told = function* (): Generator<UnitEvent> {
      for (const event of day.told()) {
        if (event.kind === 'done') {
          yield* counted()
          ended = [event]
        } else yield event
      }
    }
    const counted = function* (): Generator<UnitEvent> {
      for (const event of ended) {
        yield { ...event, rowsOut: rows } as UnitEvent
        rows = 0
      }
      ended = []
    }
    try {
      for await (const batch of this.steps(day.batches())) {
        yield* told()
        rows += batch.numRows
        yield { kind: 'batch', unit: day.unit, batch, inOrder: false } // laid listing by listing
      }
    } catch (error) {
      this.context.signal?.throwIfAborted()
      if (day.broken) throw error
      const failure = faultOf(error, { unit: day.unit.id, pass: this.plan.name })
      await day.skip()
      yield* day.failures()
      yield { kind: 'failed', unit: day.unit, error: failure }
      return true
    }
    yield* told()
    yield* counted()
    return false
  }

  private steps(bars: Batches): Batches {
    const { plan, context, grid } = this
    const { timeline, aggregate, attach, derive, columns, stateColumns } = plan
    const session = grid !== null && timeline.fill.length > 0 && !timeline.acrossSessions
    const zero = new Set(derive.filter(each => each.zero).map(({ name }) => name))
    const made = new Set(derive.map(({ name }) => name))
    const keys = new Set(aggregate.entity.map(({ name }) => name))
    const role = (name: string) => {
      if (name === aggregate.bucket) return 'label'
      if (keys.has(name)) return 'key'
      return made.has(name) ? (zero.has(name) ? 'zero' : 'null') : 'attribute'
    }
    const { carry } = timeline
    const carried = new Set(carry?.rules.flatMap(rule => rule.columns))
    const parts = [...new Set(carry?.rules.flatMap(rule => rule.parts))].map(name => ({ name, type: 'f64' as const }))
    const laid = [...columns, ...stateColumns, ...parts]
      .filter(({ name }) => !carried.has(name))
      .map(({ name, type }) => ({ name, type, role: role(name) }))
    const run = (name: string, rows: Batches, parameters: unknown) =>
      context.registry.get('operators', name).run(rows, parameters, { ...context, where: {}, grid: grid ?? undefined })
    let rows = bars
    if (grid && timeline.grid && aggregate.rule) {
      const { width } = aggregate.rule
      rows = run('dense', rows, { columns: laid, width, outside: timeline.grid.outside, session, attach })
    }
    if (carry && aggregate.rule) {
      if (carry.between && !grid) rows = run('between', rows, { columns: laid, width: aggregate.rule.width })
      rows = run('carry', rows, { ...carry, rule: aggregate.rule, apart: aggregate.apart !== undefined })
    }
    return timeline.fill.length > 0 ? run('fill', rows, { rules: timeline.fill, session }) : rows
  }
}

/** The events of the units of one day. */
class DayEvents {
  readonly day: number | null
  unit: Unit
  /** What comes before the rows failed, and not what is done with them. */
  broken = false
  private readonly waiting: UnitEvent[] = []
  private next: IteratorResult<UnitEvent>

  constructor(
    private readonly upstream: AsyncIterator<UnitEvent>,
    first: UnitEvent,
    private readonly onFailed: (unit: Unit) => void,
  ) {
    this.day = first.unit.day
    this.unit = first.unit
    this.next = { done: false, value: first }
  }

  /** Yields the rows of the day; what else happens waits to be told. */
  async *batches(): Batches {
    for (let event = this.event(); event; event = this.event()) {
      this.unit = event.unit
      if (event.kind === 'batch') yield event.batch
      else {
        this.waiting.push(event)
        if (event.kind === 'failed') this.onFailed(event.unit)
      }
      await this.advance()
    }
  }

  /** Passes over what is left of the day. */
  async skip(): Promise<void> {
    for await (const _ of this.batches());
  }

  told(): UnitEvent[] {
    return this.waiting.splice(0)
  }

  failures(): UnitEvent[] {
    return this.told().filter(({ kind }) => kind === 'failed')
  }

  /** Returns what comes after the day. */
  after(): IteratorResult<UnitEvent> {
    return this.next
  }

  private event(): UnitEvent | undefined {
    return !this.next.done && this.next.value.unit.day === this.day ? this.next.value : undefined
  }

  private async advance(): Promise<void> {
    try {
      this.next = await this.upstream.next()
    } catch (error) {
      this.broken = true
      throw error
    }
  }
}
