import type { Worker } from 'node:worker_threads'
import { BasaltError, type Partial, type Where } from '../core/index.js'
import type { EncodedGroup, EncodeGroup } from '../io/index.js'
import { hire, rest } from './crew.js'
import type { Executor } from './executor.js'
import type { WorkerMessage, WorkerReply, WorkerStart, WorkerTask } from './messages.js'
import type { Stretch } from './stretch.js'
import { errorFromWire, fromWire } from './wire.js'

/** A task that was not answered yet, and who waits for it. */
interface Waiting {
  task: WorkerTask
  /** Memory that goes along. */
  given: ArrayBuffer[]
  place: Where
  onReply(reply: Exclude<WorkerReply, { closed: true } | { error: unknown }>): void
  reject(error: BasaltError): void
}

interface Seat {
  worker: Worker
  busy: Map<number, Waiting>
}

/**
 * Folds and encodes on worker threads. Posting to one costs 2 µs; each has one task at work and one in hand, so it never
 * waits for the main thread. Output is posted at once, beside them: a worker takes it before anything else.
 */
export class ThreadExecutor implements Executor {
  readonly credits: number
  private readonly workers: Seat[] = []
  private readonly output: Waiting[] = []
  private readonly folds: Waiting[] = []
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
      const onReply: Waiting['onReply'] = reply => {
        if ('partial' in reply) onPartial(fromWire(reply.partial))
        else resolve()
      }
      this.folds.push({ task, given: [], place, onReply, reject })
      this.dispatch()
    })
  }

  encode(...group: Parameters<EncodeGroup>): Promise<EncodedGroup> {
    const task = { id: this.nextId++, group }
    const given = group[1].flatMap(({ values, valid }) => (valid ? [values.buffer, valid.buffer] : [values.buffer]))
    return new Promise((resolve, reject) => {
      const onReply: Waiting['onReply'] = reply => {
        if ('encoded' in reply) resolve(reply.encoded)
      }
      this.output.push({ task, given: given as ArrayBuffer[], place: {}, onReply, reject })
      this.dispatch()
    })
  }

  /** Posts tasks to the workers that have the least in hand. What bounds output is who writes it. */
  private dispatch(): void {
    for (;;) {
      const [seat] = [...this.workers].sort((a, b) => a.busy.size - b.busy.size)
      const waiting = seat && (this.output.shift() ?? (seat.busy.size < 2 ? this.folds.shift() : undefined))
      if (!waiting) return
      seat.busy.set(waiting.task.id, waiting)
      seat.worker.postMessage(waiting.task, waiting.given)
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
      if (!('partial' in reply)) seat.busy.delete(reply.id)
      if ('error' in reply) waiting.reject(errorFromWire(reply.error))
      else waiting.onReply(reply)
      if (!('partial' in reply)) this.dispatch()
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
        for (const { place, reject } of [...this.output.splice(0), ...this.folds.splice(0)]) {
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
