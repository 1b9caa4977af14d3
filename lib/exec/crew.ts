import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import Pool from 'worker-threads-pool'

const IDLE_MS = 10_000 // an idle thread holds some 60 MB
// What a thread makes and drops is small: 16 MB of young objects, the default, three times over is 48 MB for nothing.
const LIMITS = { maxYoungGenerationSizeMb: 6 }
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
    pool.acquire(filename, { workerData: { packs }, resourceLimits: LIMITS, ...inherited() }, (error, worker) =>
      error ? reject(error) : resolve(worker),
    )
  })
}

/** A thread inherits node's flags, except where there is one for `node -e`, which is refused where a file is run. */
function inherited(): { execArgv?: string[] } {
  const flags = process.execArgv
  if (!flags.some(flag => flag.startsWith('--input-type'))) return {}
  // Flags that are named are checked, and those of V8 refused: only what loads modules is named.
  return { execArgv: flags.filter(flag => /^--(import|require|loader|experimental-loader|conditions)=/.test(flag)) }
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
