import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import Pool from 'worker-threads-pool'

const IDLE_MS = 10_000 // an idle thread holds some 60 MB
const pool = new Pool({ max: Number.MAX_SAFE_INTEGER })
const idle = new Map<string, { worker: Worker; timer: NodeJS.Timeout }[]>() // by the packs that a thread has loaded

/**
 * Returns a worker thread that has loaded these packs: one that an earlier run left, or a new one. Starting a thread
 * costs 12-75 ms, and its code is slow until it has been compiled; one that has worked is at full speed at once.
 */
export async function hire(packs: readonly string[]): Promise<Worker> {
  const known = idle.get(keyOf(packs))?.pop()
  if (known) {
    clearTimeout(known.timer)
    forget(known.worker)
    known.worker.ref()
    return known.worker
  }
  const filename = fileURLToPath(new URL('./worker.js', import.meta.url))
  return new Promise<Worker>((resolve, reject) => {
    // A thread inherits node's flags; --input-type is for `node -e` and refused where a file is run.
    const execArgv = process.execArgv.filter(flag => !flag.startsWith('--input-type'))
    pool.acquire(filename, { workerData: { packs }, execArgv }, (error, worker) =>
      error ? reject(error) : resolve(worker),
    )
  })
}

/** Takes a thread back that has nothing left to do. It ends with the process, or when no run wants it for a while. */
export function rest(worker: Worker, packs: readonly string[]): void {
  const key = keyOf(packs)
  const crew = idle.get(key) ?? []
  idle.set(key, crew)
  const leave = () => {
    const at = crew.findIndex(each => each.worker === worker)
    if (at >= 0) crew.splice(at, 1)
  }
  forget(worker)
  worker.on('error', leave)
  worker.on('exit', leave)
  worker.unref()
  const timer = setTimeout(() => {
    leave()
    worker.postMessage('close')
  }, IDLE_MS).unref()
  crew.push({ worker, timer })
}

/** Removes what a run listened to; the thread's own listeners, of which it has some, stay. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
}

const keyOf = (packs: readonly string[]): string => JSON.stringify(packs)
