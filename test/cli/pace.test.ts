import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { ended, fixture, start } from './command.js'
import { manyDates } from './market.js'

t.setTimeout(300_000)

const MB = 1024 * 1024

/** Streams into a consumer and returns what it read and the most memory that the producer held. */
async function stream(folder: string, config: string, ...pauses: number[]) {
  const producer = start(['stream', 'run', config, '--format', 'arrow', '--workers', '1'], { cwd: folder })
  const consumer = spawn(process.execPath, [fixture('consumer.mjs'), ...pauses.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let bytes = 0
  producer.stdout?.on('data', part => (bytes += part.length))
  producer.stdout?.pipe(consumer.stdin)
  let peak = 0
  let over = false
  const watching = (async () => {
    while (!over) {
      peak = Math.max(peak, peakOf(producer.pid as number))
      await sleep(50)
    }
  })()
  const errors: Buffer[] = []
  producer.stderr?.on('data', part => errors.push(part))
  const code = new Promise(done => producer.on('close', done))
  const { stdout } = await ended(consumer)
  over = true
  await watching
  return { code: await code, stderr: Buffer.concat(errors).toString(), read: JSON.parse(stdout), bytes, peak }
}

/** The most memory that a process has held so far, in bytes; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

t.test('nobody reads: the writer stands still', async t => {
  const folder = folderFor(t)
  const events = join(folder, 'events.ndjson')
  const args = ['stream', 'run', await manyDates(folder), '--format', 'arrow', '--workers', '1', '--events', events]
  const producer = start(args, { cwd: folder })
  const gone = new Promise(done => producer.on('close', done))
  await new Promise(done => producer.stdout?.once('readable', done))
  const units = () => readFileSync(events, 'utf8').split('"kind":"unit"').length - 1
  let before = -1
  while (before !== units()) {
    before = units()
    await sleep(1500)
  }
  t.ok(before < 10, `${before} of 40 dates were computed`)
  producer.kill('SIGINT')
  producer.stdout?.resume()
  t.equal(await gone, 1)
})

const skip = process.platform === 'linux' ? false : 'memory is read from /proc'
t.test('a reader that sleeps does not make the writer grow', { skip }, async t => {
  const folder = folderFor(t)
  const config = await manyDates(folder)
  const fast = await stream(folder, config)
  const slow = await stream(folder, config, 2500, 10)
  t.match(fast, { code: 0, stderr: '' })
  t.match(slow, { code: 0, stderr: '' })
  t.same(slow.read, fast.read, 'nothing is lost')
  t.ok(fast.bytes > 50 * MB, `${Math.round(fast.bytes / MB)} MB were written`)
  t.comment(`peaks: ${[fast, slow].map(({ peak }) => `${Math.round(peak / MB)} MB`).join(', ')}`)
  t.ok(slow.peak < fast.peak + 0.6 * fast.bytes, 'the writer waited')
})
