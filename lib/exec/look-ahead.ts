import type { Partial } from '../core/index.js'

/** A unit's tasks, in the order in which their results are merged. */
export interface TaskList<T> {
  unit: string
  tasks: T[]
}

/**
 * Starts tasks ahead of their use, across units, never more than `credits` at once, and hands results out in order. Who
 * does not pull stops the intake: that is the engine's backpressure.
 */
export class LookAhead<T> {
  private readonly started: { unit: string; result: Promise<Partial> }[] = []
  private unit = 0
  private task = 0

  constructor(
    private readonly lists: readonly TaskList<T>[],
    private readonly start: (task: T) => Promise<Partial>,
    private readonly credits: number,
    /** Whether tasks of the next unit may start before this one is done. */
    private readonly acrossUnits: boolean,
  ) {}

  /** Yields the partials of a unit. Units must be asked for in the order of the lists. */
  async *of(unit: string): AsyncGenerator<Partial> {
    const { length } = this.lists.find(list => list.unit === unit)?.tasks ?? []
    for (let i = 0; i < length; i++) {
      this.fill(unit)
      const next = this.started.shift()
      if (!next) return
      const partial = await next.result
      this.fill(unit)
      yield partial
    }
  }

  private fill(current: string): void {
    while (this.started.length < this.credits && this.unit < this.lists.length) {
      const { unit, tasks } = this.lists[this.unit]
      if (unit !== current && !this.acrossUnits) return
      if (this.task >= tasks.length) {
        this.unit++
        this.task = 0
        continue
      }
      const result = this.start(tasks[this.task++])
      // A failure is handled when its turn comes; until then it must not count as unhandled.
      result.catch(() => undefined)
      this.started.push({ unit, result })
    }
  }

  /** Forgets what is left of a failed unit, once the tasks under way have ended. */
  async drop(unit: string): Promise<void> {
    const index = this.lists.findIndex(list => list.unit === unit)
    if (index >= this.unit) {
      this.unit = index + 1
      this.task = 0
    }
    while (this.started[0]?.unit === unit) await this.started.shift()?.result.catch(() => undefined)
  }
}
