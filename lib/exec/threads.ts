import type { Worker } from 'node:worker_threads'
import { BasaltError, type Partial, type Where } from '../core/index.js'
import { countSpilled, type EncodedGroup, type EncodeGroup } from '../io/index.js'
import { hire, rest } from './crew.js'
import type { Executor } from './executor.js'
import type { EncodeTask, WorkerMessage, WorkerReply, WorkerStart, WorkerTask } from './messages.js'
import { NO_THREAD, THREAD_LOST, THREAD_SHARED } from './persistent.js'
import type { Shredding, ShredOrder } from './shred.js'
import type { Stretch } from './stretch.js'
import { errorFromWire } from './wire.js'

/** A task that was not answered yet, and who waits for it. */
interface Waiting {
  task: WorkerTask
  place: Where
  onReply(reply: Exclude<WorkerReply, { closed: true } | { error: unknown }>): void
  reject(error: BasaltError): void
}

interface Seat {
  worker: Worker
  busy: Map<number, Waiting>
  /**
   * The thread adds 1 to the first number for each chunk of rows, so it is seen to live without a message. The second is
   * the task that it is at: of the messages that a thread sent last, some are lost when it ends.
   */
  pulse: Int32Array<SharedArrayBuffer>
  seen: number
  since: number // ms: when the pulse was last seen to change, or work came
  /** Why it ends, where that is known. */
  cause?: Error
}

const LOOK_MS = 1000 // how often pulses are looked at
const DEATHS_AT_START = 4 // of threads that began no task: what they load is broken
const NO_TASK = -1

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
  private deaths = 0 // of threads at their start, since one answered
  private broken: BasaltError | undefined
  private readonly watch: NodeJS.Timeout

  private constructor(
    count: number,
    private readonly start: WorkerStart,
    /** A thread that shows no sign of life for this long, having work, is ended. */
    private readonly stallSeconds: number,
  ) {
    this.credits = count * 2
    this.watch = setInterval(() => this.look(), LOOK_MS).unref()
  }

  static async open(count: number, start: WorkerStart, stallSeconds: number): Promise<ThreadExecutor> {
    const executor = new ThreadExecutor(count, start, stallSeconds)
    await Promise.all(Array.from({ length: count }, () => executor.seat()))
    return executor
  }

  fold({ pass, file, ...rest }: Stretch, onPartial: (partial: Partial) => void): Promise<void> {
    const { passes, files } = this.start
    const task = { id: this.nextId++, pass: passes.indexOf(pass), file: files.indexOf(file), ...rest }
    const place = { file: file.relative, rowGroup: rest.parts[0].rowGroup }
    return new Promise((resolve, reject) => {
      const onReply: Waiting['onReply'] = reply => {
        if ('partial' in reply) onPartial(reply.partial)
        else resolve()
      }
      this.folds.push({ task, place, onReply, reject })
      this.dispatch()
    })
  }

  shred({ pass, file, ...rest }: ShredOrder): Promise<Shredding> {
    const { passes, files } = this.start
    const order = { pass: passes.indexOf(pass), file: files.indexOf(file), ...rest }
    const place = { file: file.relative, rowGroup: rest.rowGroups[0] }
    return new Promise((resolve, reject) => {
      const onReply: Waiting['onReply'] = reply => {
        if (!('shredded' in reply)) return
        const segments = reply.shredded.rowGroups.flatMap(({ segments }) => segments.flat())
        countSpilled(segments.reduce((bytes, { length }) => bytes + length, 0))
        resolve(reply.shredded)
      }
      this.folds.push({ task: { id: this.nextId++, shred: order }, place, onReply, reject })
      this.dispatch()
    })
  }

  encode(...[columns, data, rows, options, place = {}]: Parameters<EncodeGroup>): Promise<EncodedGroup> {
    const task: EncodeTask = { id: this.nextId++, group: [columns, data, rows, options] }
    return new Promise((resolve, reject) => {
      const onReply: Waiting['onReply'] = reply => {
        if ('encoded' in reply) resolve(reply.encoded)
      }
      this.output.push({ task, place, onReply, reject })
      this.dispatch()
    })
  }

  collect(): void {
    for (const { worker } of this.workers) worker.postMessage('collect' satisfies WorkerMessage)
  }

  /** Posts tasks to the workers that have the least in hand. What bounds output is who writes it. */
  private dispatch(): void {
    if (this.closing) return // what is still to come nobody waits for
    if (this.broken && this.workers.length === 0) return this.giveUp(this.broken)
    for (;;) {
      const [seat] = [...this.workers].sort((a, b) => a.busy.size - b.busy.size)
      const waiting = seat && (this.output.shift() ?? (seat.busy.size < 2 ? this.folds.shift() : undefined))
      if (!waiting) return
      if (seat.busy.size === 0) seat.since = performance.now()
      seat.busy.set(waiting.task.id, waiting)
      seat.worker.postMessage(waiting.task)
    }
  }

  /** Hires a worker and wires it up. One that dies fails its tasks, which name their file, and is replaced. */
  private async seat(): Promise<void> {
    const worker = await hire(this.start.packs)
    if (this.closing) return rest(worker, this.start.packs) // another was being replaced when the run ended
    const pulse = new Int32Array(new SharedArrayBuffer(8))
    pulse[1] = NO_TASK
    const seat: Seat = { worker, busy: new Map(), pulse, seen: 0, since: performance.now() }
    this.workers.push(seat)
    worker.postMessage({ open: this.start, pulse } satisfies WorkerMessage)
    worker.on('message', (reply: WorkerReply) => {
      if ('closed' in reply) {
        this.workers.splice(this.workers.indexOf(seat), 1)
        rest(worker, this.start.packs)
        if (this.workers.length === 0) this.ended?.()
        return
      }
      const waiting = seat.busy.get(reply.id)
      if (!waiting) return
      this.deaths = 0
      if (!('partial' in reply)) seat.busy.delete(reply.id)
      if ('error' in reply) waiting.reject(errorFromWire(reply.error))
      else waiting.onReply(reply)
      if (!('partial' in reply)) this.dispatch()
    })
    worker.on('error', error => {
      seat.cause = error
    })
    worker.on('exit', () => this.lost(seat))
  }

  /** Ends threads that stand still: a loop without end cannot be interrupted otherwise. */
  private look(): void {
    const now = performance.now()
    for (const seat of this.workers) {
      const beats = Atomics.load(seat.pulse, 0)
      if (beats !== seat.seen || seat.busy.size === 0) seat.since = now
      seat.seen = beats
      // One that has not begun may still be loading what it needs, on a machine that has much else to do.
      const patience = seat.busy.has(Atomics.load(seat.pulse, 1)) ? 1 : 3
      if (now - seat.since < patience * this.stallSeconds * 1000) continue
      seat.since = now // it ends when it ends
      seat.cause = new Error(`it showed no sign of life for ${this.stallSeconds} s`)
      void seat.worker.terminate()
    }
  }

  /** A thread is gone, and with it what it was at and what it had in hand, of which it is not known to be the cause. */
  private lost(seat: Seat): void {
    const { cause } = seat
    this.workers.splice(this.workers.indexOf(seat), 1)
    const current = Atomics.load(seat.pulse, 1)
    const known = current === NO_TASK || seat.busy.has(current) // otherwise it ended over a task before it was at it
    for (const [id, { place, reject }] of seat.busy) {
      const problem = `a worker thread ended: ${cause?.message ?? 'it exited'}`
      const code = id === current || !known ? THREAD_LOST : THREAD_SHARED
      reject(new BasaltError('internal', problem, place, Object.assign(new Error(problem, { cause }), { code })))
    }
    if (this.closing) {
      if (this.workers.length === 0) this.ended?.()
      return
    }
    if (current === NO_TASK && ++this.deaths === DEATHS_AT_START)
      this.giveUp(cause ?? new Error('each ends at its start'))
    else
      this.seat().then(
        () => this.dispatch(),
        error => this.giveUp(error),
      )
  }

  /** No thread can be had: what waits for one fails, and what is still to come. */
  private giveUp(error: Error): void {
    const cause = Object.assign(new Error(error.message, { cause: error }), { code: NO_THREAD })
    this.broken ??= new BasaltError('internal', `no worker thread can be started: ${error.message}`, {}, cause)
    for (const { place, reject } of [...this.output.splice(0), ...this.folds.splice(0)]) reject(this.broken.at(place))
  }

  /** Lets the workers finish what they have in hand and go. */
  async close(): Promise<void> {
    this.closing = true
    if (this.workers.length === 0) return clearInterval(this.watch)
    const ended = new Promise<void>(resolve => {
      this.ended = resolve
    })
    for (const { worker } of this.workers) worker.postMessage('end' satisfies WorkerMessage)
    await ended // one that stands still is ended by the watch here, too
    clearInterval(this.watch)
  }
}
