import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { dayOf, dayText, isWeekend } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { configFile, ended, fixture, start } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const DAYS = 40
const MB = 1024 * 1024
const SIDES = ['Total', 'Bid', 'Ask', 'Unknown']
const MEASURES = ['OHLC', 'Volume', 'Count', 'VWAP', 'Notional', 'AvgPrice', 'NotionalEUR', 'NotionalUSD']

/** A market of many dates that are all one file: much to write, little to prepare. */
async function manyDates(folder: string): Promise<string> {
  await sampleMarket(folder, { trades: 6000, days: 1 })
  const trades = join(folder, 'sample-market/trades')
  const dates: string[] = []
  for (let day = (dayOf('2026-02-03') as number) + 1; dates.length < DAYS; day++) {
    if (isWeekend(day)) continue
    dates.push(dayText(day))
    mkdirSync(join(trades, `date=${dayText(day)}`))
    for (const mic of readdirSync(join(trades, 'date=2026-02-03'))) {
      symlinkSync(join(trades, 'date=2026-02-03', mic), join(trades, `date=${dayText(day)}`, mic))
    }
  }
  const [pass] = BARS.PASSES
  const trade_analytics = { generic_metrics: [{ sides: SIDES, measures: MEASURES }] }
  return configFile(folder, {
    ...BARS,
    END_DATE: dates[DAYS - 1],
    DATA: { root: 'sample-market', layout: 'hive' },
    PASSES: [{ ...pass, timeline_mode: 'sparse_original', trade_analytics }],
  })
}

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

const skip = process.platform === 'linux' ? false : 'memory is read from /proc'
t.test('a reader that sleeps does not make the writer grow', { skip }, async t => {
  const folder = folderFor(t)
  const config = await manyDates(folder)
  const fast = await stream(folder, config)
  const slow = await stream(folder, config, 2500, 10)
  t.match(fast, { code: 0, stderr: '' })
  t.match(slow, { code: 0, stderr: '' })
  t.same(slow.read, fast.read, 'nothing is lost')
  t.ok(fast.bytes > 60 * MB, `${Math.round(fast.bytes / MB)} MB were written`)
  t.comment(`peaks: ${[fast, slow].map(({ peak }) => `${Math.round(peak / MB)} MB`).join(', ')}`)
  t.ok(slow.peak < fast.peak + fast.bytes / 2, 'the writer waited')
})
