import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../core/index.js'
// Not all of io: sinks and their encoders would add to the start of every thread.
import { close as closeFiles, scan } from '../io/parquet/index.js'
import type { ReferenceTable } from './lookup.js'
import { loadPacks } from './packs.js'
import { foldStretch } from './stretch.js'
import type { WorkerMessage, WorkerReply, WorkerStart, WorkerTask } from './threads.js'
import { referenceFromWire, toWire, transferables } from './wire.js'

const port = parentPort as NonNullable<typeof parentPort>
const registry = loadPacks((workerData as { packs: string[] }).packs)
let run: { start: WorkerStart; reference: ReferenceTable | undefined } | undefined
let work: Promise<void> = Promise.resolve()

// One task at a time: a second one in hand waits here, so the thread never idles between two.
port.on('message', (message: WorkerMessage) => {
  work = work.then(() => {
    if (message === 'close') return port.close()
    if (message === 'end') return end()
    return 'open' in message ? begin(message.open) : answer(message)
  })
})

function begin(start: WorkerStart): void {
  run = { start, reference: start.reference ? referenceFromWire(start.reference) : undefined }
}

async function answer({ id, pass, file, ...rest }: WorkerTask): Promise<void> {
  try {
    const { start, reference } = run as NonNullable<typeof run>
    const stretch = { pass: start.passes[pass], file: start.files[file], ...rest }
    for await (const partial of foldStretch(stretch, { registry: await registry, scan, reference })) {
      const wire = toWire(partial)
      port.postMessage({ id, partial: wire } satisfies WorkerReply, transferables(wire))
    }
    port.postMessage({ id, end: true } satisfies WorkerReply)
  } catch (error) {
    port.postMessage({ id, error: faultOf(error).toJSON() } satisfies WorkerReply)
  }
}

/** Forgets the run; what was compiled stays. */
async function end(): Promise<void> {
  run = undefined
  await closeFiles()
  port.postMessage({ closed: true } satisfies WorkerReply)
}
