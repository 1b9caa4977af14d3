import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../core/index.js'
// Not all of io: sinks and their encoders would add to the start of every thread.
import { close as closeFiles, scan } from '../io/parquet/index.js'
import { loadPacks } from './packs.js'
import { foldStretch } from './stretch.js'
import type { WorkerReply, WorkerStart, WorkerTask } from './threads.js'
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

async function answer({ id, pass, file, ...rest }: WorkerTask): Promise<void> {
  try {
    const stretch = { pass: passes[pass], file: files[file], ...rest }
    for await (const partial of foldStretch(stretch, { registry: await registry, scan, reference })) {
      const wire = toWire(partial)
      port.postMessage({ id, partial: wire } satisfies WorkerReply, transferables(wire))
    }
    port.postMessage({ id, end: true } satisfies WorkerReply)
  } catch (error) {
    port.postMessage({ id, error: faultOf(error).toJSON() } satisfies WorkerReply)
  }
}

async function close(): Promise<void> {
  await closeFiles()
  port.close()
}
