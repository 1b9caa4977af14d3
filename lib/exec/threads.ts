import type { Worker } from 'node:worker_threads'
import { BasaltError, type DataFile, type Expr, type Partial, type PassPlan, type Span } from '../core/index.js'
import { hire, rest } from './crew.js'
import type { Executor } from './executor.js'
import type { Stretch, StretchPart } from './stretch.js'
import { errorFromWire, fromWire, type WireError, type WirePartial, type WireReference } from './wire.js'

/** What a worker knows of a run; tasks then name passes and files by number. */
export interface WorkerStart {
  packs: string[]
  passes: PassPlan[]
  files: DataFile[]
  /** The reference table, when rows are joined with it before they are folded. */
  reference: WireReference | null
}

export interface WorkerTask {
  id: number
  pass: number
  file: number
  parts: StretchPart[]
  spans: Span[] | null
  where: Expr
  batchRows: number
  byTime: boolean
}

/** What a worker is told: the run that it works for, tasks, that the run has ended, and that it may leave. */
export type WorkerMessage = { open: WorkerStart } | WorkerTask | 'end' | 'close'

/** Of a stretch: what each row group leaves, then its end; of a run, that nothing of it is left. */
export type WorkerReply =
  | { closed: true }
  | { id: number; partial: WirePartial }
  | { id: number; error: WireError }
  | { id: number; end: true }

interface Waiting {
  task: WorkerTask
  place: { file: string; rowGroup: number }
  onPartial(partial: Partial): void
  resolve(): void
  reject(error: BasaltError): void
}

/**
 * Folds on worker threads. Posting to one costs 2 µs; each has one task at work and one in hand, so it never waits for
 * the main thread.
 */
export class ThreadExecutor implements Executor {
  readonly credits: number
  private readonly workers: Seat[] = []
  private readonly queue: Waiting[] = []
  private nextId = 0
  private closing = false
  private ended: (() => void) | undefined

  private constructor(
    count: number,
    private readonly start: WorkerStart,
  ) {
    this.credits = count * 2
  }

  static async open(count: number, start: WorkerStart): Promise<ThreadExecutor> {
    const executor = new ThreadExecutor(count, start)
    await Promise.all(Array.from({ length: count }, () => executor.seat()))
    return executor
  }

  fold({ pass, file, ...rest }: Stretch, onPartial: (partial: Partial) => void): Promise<void> {
    const { passes, files } = this.start
    const task = { id: this.nextId++, pass: passes.indexOf(pass), file: files.indexOf(file), ...rest }
    const place = { file: file.relative, rowGroup: rest.parts[0].rowGroup }
    return new Promise((resolve, reject) => {
      this.queue.push({ task, place, onPartial, resolve, reject })
      this.dispatch()
    })
  }

  private dispatch(): void {
    for (const seat of [...this.workers].sort((a, b) => a.busy.size - b.busy.size)) {
      if (this.queue.length === 0) return
      if (seat.busy.size >= 2) continue
      const waiting = this.queue.shift() as Waiting
      seat.busy.set(waiting.task.id, waiting)
      seat.worker.postMessage(waiting.task)
    }
  }

  /** Hires a worker and wires it up. One that dies fails its tasks, which name their file, and is replaced. */
  private async seat(): Promise<void> {
    const worker = await hire(this.start.packs)
    if (this.closing) return rest(worker, this.start.packs) // another was being replaced when the run ended
    const seat: Seat = { worker, busy: new Map() }
    this.workers.push(seat)
    worker.postMessage({ open: this.start } satisfies WorkerMessage)
    worker.on('message', (reply: WorkerReply) => {
      if ('closed' in reply) {
        this.workers.splice(this.workers.indexOf(seat), 1)
        rest(worker, this.start.packs)
        if (this.workers.length === 0) this.ended?.()
        return
      }
      const waiting = seat.busy.get(reply.id)
      if (!waiting) return
      if ('partial' in reply) return waiting.onPartial(fromWire(reply.partial))
      seat.busy.delete(reply.id)
      if ('error' in reply) waiting.reject(errorFromWire(reply.error))
      else waiting.resolve()
      this.dispatch()
    })
    let cause: Error | undefined
    worker.on('error', error => {
      cause = error
    })
    worker.on('exit', () => this.lost(seat, cause))
  }

  private lost(seat: Seat, cause: Error | undefined): void {
    this.workers.splice(this.workers.indexOf(seat), 1)
    for (const { place, reject } of seat.busy.values()) {
      reject(new BasaltError('internal', `a worker thread ended: ${cause?.message ?? 'it exited'}`, place, cause))
    }
    if (this.closing) {
      if (this.workers.length === 0) this.ended?.()
      return
    }
    this.seat().then(
      () => this.dispatch(),
      error => {
        for (const { place, reject } of this.queue.splice(0)) {
          reject(new BasaltError('internal', `no worker thread can be started: ${error.message}`, place, error))
        }
      },
    )
  }

  /** Lets the workers finish what they have in hand and go. */
  async close(): Promise<void> {
    this.closing = true
    if (this.workers.length === 0) return
    const ended = new Promise<void>(resolve => {
      this.ended = resolve
    })
    for (const { worker } of this.workers) worker.postMessage('end' satisfies WorkerMessage)
    await ended
  }
}

interface Seat {
  worker: Worker
  busy: Map<number, Waiting>
}
