import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../core/index.js'
// Not all of io: sinks and their encoders would add to the start of every thread.
import { close as closeFiles, scan } from '../io/parquet/index.js'
import { loadPacks } from './packs.js'
import type { WorkerReply, WorkerStart, WorkerTask } from './threads.js'
import { foldRowGroup } from './unit.js'
import { referenceFromWire, toWire, transferables } from './wire.js'

const port = parentPort as NonNullable<typeof parentPort>
const { packs, passes, files, reference: table } = workerData as WorkerStart
const reference = table ? referenceFromWire(table) : undefined
const registry = loadPacks(packs)
let work: Promise<void> = Promise.resolve()

// One task at a time: a second one in hand waits here, so the thread never idles between two.
port.on('message', (message: WorkerTask | 'close') => {
  work = work.then(() => (message === 'close' ? close() : answer(message)))
})

async function answer({ id, pass, file, rowGroup, where, batchRows }: WorkerTask): Promise<void> {
  try {
    const task = { pass: passes[pass], file: files[file], rowGroup, where, batchRows }
    const partial = toWire(await foldRowGroup(task, { registry: await registry, scan, reference }))
    port.postMessage({ id, partial } satisfies WorkerReply, transferables(partial))
  } catch (error) {
    port.postMessage({ id, error: faultOf(error).toJSON() } satisfies WorkerReply)
  }
}

async function close(): Promise<void> {
  await closeFiles()
  port.close()
}
