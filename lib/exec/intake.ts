import { bytesOfFrame, framesOf, type Partial } from '../core/index.js'
import type { Executor } from './executor.js'
import type { Ledger } from './ledger.js'
import type { Stretch } from './stretch.js'

/** What a row group of a unit left, and in which stretch it was folded. */
export interface Arrival {
  stretch: number
  place: number // of the row group in the stretch
  partial: Partial
  bytes: number // that it takes in memory
}

/** The stretches of one unit, in the order in which they are started; found when the unit's turn comes near. */
export interface UnitWork {
  unit: string
  stretches: () => Promise<Stretch[]>
}

/**
 * Starts stretches ahead of their use, across units, never more than the executor's credits at once, and hands out what
 * they leave as it arrives. Who does not pull stops the intake: that is the engine's backpressure.
 */
export class Intake {
  private unit = 0
  private stretch = 0
  private busy = 0
  private readonly inboxes: Inbox[]
  private readonly asked: Promise<Stretch[]>[] = []
  private readonly known: Stretch[][] = []

  constructor(
    private readonly work: readonly UnitWork[],
    private readonly executor: Executor,
    /** Whether stretches of the next unit may start before this one is done. */
    private readonly acrossUnits: boolean,
    private readonly ledger: Pick<Ledger, 'full' | 'look' | 'count'>,
  ) {
    this.inboxes = work.map(() => new Inbox())
  }

  /**
   * Yields what the row groups of a unit leave. Units must be asked for in the order of the work. Of several failures,
   * that of the stretch that was started first is thrown, once those under way have ended.
   */
  async *of(unit: string): AsyncGenerator<Arrival> {
    const at = this.work.findIndex(each => each.unit === unit)
    const inbox = this.inboxes[at]
    const stretches = await this.stretchesOf(at)
    for (;;) {
      this.fill(at)
      const arrival = inbox.arrivals.shift()
      if (arrival) {
        this.ledger.count(-arrival.bytes)
        this.ledger.look()
        yield arrival
      } else if (inbox.failures.length > 0) {
        await this.drop(at)
        throw inbox.failures.sort((a, b) => a.stretch - b.stretch)[0].error
      } else if (inbox.ended === stretches.length) return this.fill(at)
      else await inbox.news()
    }
  }

  private fill(current: number): void {
    while (this.busy < this.executor.credits && this.unit < this.work.length) {
      // What is under way brings it back here when it ends; where nothing is, the next stretch is all there is to do.
      if (this.busy > 0 && this.ledger.full) return
      if (this.unit !== current && !this.acrossUnits) return
      const stretches = this.known[this.unit]
      if (!stretches) {
        // They come back here when they are known; a failure is met by who asks for the unit.
        this.stretchesOf(this.unit).then(
          () => this.fill(current),
          () => undefined,
        )
        return
      }
      if (this.stretch >= stretches.length || this.inboxes[this.unit].failures.length > 0) {
        this.unit++
        this.stretch = 0
        continue
      }
      this.start(this.unit, stretches[this.stretch], this.stretch++)
    }
  }

  private async stretchesOf(unit: number): Promise<Stretch[]> {
    this.asked[unit] ??= this.work[unit].stretches()
    this.known[unit] = await this.asked[unit]
    return this.known[unit]
  }

  private start(unit: number, task: Stretch, stretch: number): void {
    const inbox = this.inboxes[unit]
    let place = 0
    this.busy++
    inbox.busy++
    const hand = (partial: Partial) => {
      const bytes = bytesOf(partial)
      this.ledger.count(bytes)
      inbox.arrivals.push({ stretch, place: place++, partial, bytes })
      inbox.wake()
    }
    this.fold(task, hand)
      .catch(error => inbox.failures.push({ stretch, error }))
      .finally(() => {
        this.busy--
        inbox.busy--
        inbox.ended++
        inbox.wake()
      })
  }

  private async fold({ take, ...task }: Stretch, hand: (partial: Partial) => void): Promise<void> {
    if (!take) return this.executor.fold(task, hand)
    const { values, release } = await take()
    try {
      await this.executor.fold({ ...task, taken: values }, hand)
    } finally {
      release()
    }
  }

  /** Forgets what is left of a unit of which nothing more is asked. */
  async abandon(unit: string): Promise<void> {
    await this.drop(this.work.findIndex(each => each.unit === unit))
  }

  /** Forgets what is left of a failed unit, once the stretches under way have ended. */
  private async drop(at: number): Promise<void> {
    if (at >= this.unit) {
      this.unit = at + 1
      this.stretch = 0
    }
    const inbox = this.inboxes[at]
    while (inbox.busy > 0) await inbox.news()
    for (const { bytes } of inbox.arrivals.splice(0)) this.ledger.count(-bytes)
  }
}

const bytesOf = (partial: Partial): number => framesOf(partial).reduce((bytes, frame) => bytes + bytesOfFrame(frame), 0)

class Inbox {
  readonly arrivals: Arrival[] = []
  readonly failures: { stretch: number; error: unknown }[] = []
  ended = 0
  busy = 0
  private waiting: (() => void) | undefined

  news(): Promise<void> {
    return new Promise(resolve => {
      this.waiting = resolve
    })
  }

  wake(): void {
    this.waiting?.()
    this.waiting = undefined
  }
}
