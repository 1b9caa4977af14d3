import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../core/index.js'
// Not all of io: sinks and their encoders would add to the start of every thread.
import { close as closeFiles, scan } from '../io/parquet/index.js'
import { collectGarbage } from './ledger.js'
import type { ReferenceTable } from './lookup.js'
import type { EncodeTask, FoldTask, ShredTask, WorkerMessage, WorkerReply, WorkerStart } from './messages.js'
import { loadPacks } from './packs.js'
import { shred } from './shred.js'
import { foldStretch } from './stretch.js'
import { referenceFromWire, toWire, transferables } from './wire.js'

const port = parentPort as NonNullable<typeof parentPort>
const registry = loadPacks((workerData as { packs: string[] }).packs)
let run: { start: WorkerStart; reference: ReferenceTable | undefined; pulse: Int32Array } | undefined

// One task at a time: a second one in hand waits here, so the thread never idles between two. Output that is ready to be
// encoded goes before what is still to be folded: who writes it may wait for it, and folds wait for who writes.
const output: EncodeTask[] = []
const others: Exclude<WorkerMessage, EncodeTask | 'collect'>[] = []
let working = false

port.on('message', (message: WorkerMessage) => {
  if (message === 'collect') return collectGarbage() // at once: a stretch may be long
  if (typeof message === 'object' && 'group' in message) output.push(message)
  else others.push(message)
  if (!working) void work()
})

async function work(): Promise<void> {
  working = true
  while (output.length + others.length > 0) {
    await encodeOutput()
    const message = others.shift()
    if (message === 'close') port.close()
    else if (message === 'end') await end()
    else if (message && 'open' in message) begin(message.open, message.pulse)
    else if (message && 'shred' in message) await putOnDisk(message)
    else if (message) await fold(message)
  }
  working = false
}

function begin(start: WorkerStart, pulse: Int32Array): void {
  const reference = start.reference ? referenceFromWire(start.reference) : undefined
  run = { start, reference, pulse }
}

/** Says that a task is at work, and returns what it needs of the run. */
function taken(id: number) {
  const { start, reference, pulse } = run as NonNullable<typeof run>
  Atomics.store(pulse, 1, id)
  return { start, reference, alive: () => void Atomics.add(pulse, 0, 1) }
}

async function fold({ id, pass, file, ...rest }: FoldTask): Promise<void> {
  try {
    const { start, reference, alive } = taken(id)
    const stretch = { pass: start.passes[pass], file: start.files[file], ...rest }
    for await (const partial of foldStretch(stretch, { registry: await registry, scan, reference, alive })) {
      const wire = toWire(partial)
      port.postMessage({ id, partial: wire } satisfies WorkerReply, transferables(wire))
      await encodeOutput() // a stretch may be long
    }
    port.postMessage({ id, end: true } satisfies WorkerReply)
  } catch (error) {
    fail(id, error)
  }
}

async function putOnDisk({ id, shred: { pass, file, ...rest } }: ShredTask): Promise<void> {
  try {
    const { start, alive } = taken(id)
    const shredded = await shred({ pass: start.passes[pass], file: start.files[file], ...rest }, { scan, alive })
    port.postMessage({ id, shredded } satisfies WorkerReply)
  } catch (error) {
    fail(id, error)
  }
}

async function encodeOutput(): Promise<void> {
  for (let task = output.shift(); task; task = output.shift()) {
    const { pulse } = run as NonNullable<typeof run>
    const before = Atomics.exchange(pulse, 1, task.id)
    try {
      // Loaded when there is something to encode: a stream never needs it.
      const { encodeRowGroup } = await import('../io/parquet/write/group.js')
      const encoded = encodeRowGroup(...task.group)
      port.postMessage({ id: task.id, encoded } satisfies WorkerReply, [encoded.bytes.buffer])
    } catch (error) {
      fail(task.id, error)
    }
    Atomics.store(pulse, 1, before) // it may be in the middle of a stretch
  }
}

function fail(id: number, error: unknown): void {
  port.postMessage({ id, error: faultOf(error).toJSON() } satisfies WorkerReply)
}

/** Forgets the run; what was compiled stays. */
async function end(): Promise<void> {
  run = undefined
  await closeFiles()
  port.postMessage({ closed: true } satisfies WorkerReply)
}
