import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import Pool from 'worker-threads-pool'
import { BasaltError, type DataFile, type Expr, type Partial, type PassPlan, type Span } from '../core/index.js'
import type { Executor } from './executor.js'
import type { Stretch, StretchPart } from './stretch.js'
import { errorFromWire, fromWire, type WireError, type WirePartial, type WireReference } from './wire.js'

/** What a worker knows from its start; tasks then name passes and files by number. */
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
}

/** Of a stretch: what each row group leaves, then its end. */
export type WorkerReply =
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
 * Folds on worker threads that live as long as the run: starting one costs 12-75 ms, posting to one 2 µs. Each has one
 * task at work and one in hand, so it never waits for the main thread.
 */
export class ThreadExecutor implements Executor {
  readonly credits: number
  private readonly pool: Pool
  private readonly workers: Seat[] = []
  private readonly queue: Waiting[] = []
  private nextId = 0
  private closing = false

  private constructor(
    count: number,
    private readonly start: WorkerStart,
  ) {
    this.pool = new Pool({ max: count })
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

  /** Starts a worker and wires it up. One that dies fails its tasks, which name their file, and is replaced. */
  private async seat(): Promise<void> {
    const filename = fileURLToPath(new URL('./worker.js', import.meta.url))
    const worker = await new Promise<Worker>((resolve, reject) => {
      // A thread inherits node's flags; --input-type is for `node -e` and refused where a file is run.
      const execArgv = process.execArgv.filter(flag => !flag.startsWith('--input-type'))
      this.pool.acquire(filename, { workerData: this.start, execArgv }, (error, acquired) =>
        error ? reject(error) : resolve(acquired),
      )
    })
    const seat: Seat = { worker, busy: new Map() }
    this.workers.push(seat)
    if (this.closing) worker.postMessage('close') // it was being replaced when the run ended
    worker.on('message', (reply: WorkerReply) => {
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
    if (this.closing) return
    this.seat().then(
      () => this.dispatch(),
      error => {
        for (const { place, reject } of this.queue.splice(0)) {
          reject(new BasaltError('internal', `no worker thread can be started: ${error.message}`, place, error))
        }
      },
    )
  }

  async close(): Promise<void> {
    this.closing = true
    const ended = this.workers.map(({ worker }) => once(worker, 'exit'))
    for (const { worker } of this.workers) worker.postMessage('close')
    await Promise.all(ended)
  }
}

interface Seat {
  worker: Worker
  busy: Map<number, Waiting>
}
