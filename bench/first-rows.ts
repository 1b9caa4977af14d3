import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { RecordBatchReader } from 'apache-arrow'
import type { MadeData } from './data.js'
import type { Job } from './job.js'
import { busySeconds } from './process.js'
import type { Entry } from './race.js'
import { daysFrom } from './trades.sql.js'

const FOLDER = join(import.meta.dirname, '../../bench/.cache')
const SHARE = 0.01

/**
 * Returns a run of `stream run` in the order of its files, read through a pipe. Its seconds are those from the start of
 * the process to the first 1 % of rows at the reader; wall is the end of the stream.
 */
export function firstRows(job: Job, data: MadeData, threads: number): Entry {
  return async () => {
    mkdirSync(FOLDER, { recursive: true })
    const config = join(FOLDER, `first-rows-${process.pid}.json`)
    writeFileSync(config, JSON.stringify(job.config(data.root, daysFrom(data.days))))
    const flags = ['--format', 'arrow', '--order', data.order, '--workers', String(threads)]
    const program = join(import.meta.dirname, 'command-process.js')
    const before = busySeconds()
    const ours = process.cpuUsage()
    const started = performance.now()
    const child = spawn(process.execPath, [program, 'stream', 'run', config, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    let used = ''
    let errors = ''
    child.stdio[3]?.on('data', chunk => (used += chunk))
    child.stderr?.on('data', chunk => (errors += chunk))
    const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    const arrived: { rows: number; at: number }[] = []
    let rows = 0
    for await (const batch of await RecordBatchReader.from(child.stdout as NodeJS.ReadableStream)) {
      rows += batch.numRows
      arrived.push({ rows, at: (performance.now() - started) / 1000 })
    }
    const code = await ended
    rmSync(config, { force: true })
    if (code !== 0) throw new Error(`stream run ended with ${code}: ${errors.trim()}`)
    const wall = (performance.now() - started) / 1000
    const { cpu, peak } = JSON.parse(used)
    const { user, system } = process.cpuUsage(ours)
    const others = (busySeconds() - before - cpu - (user + system) / 1e6) / (wall * availableParallelism())
    const seconds = arrived.find(each => each.rows >= rows * SHARE)?.at ?? wall
    return { version: process.version, runs: [{ seconds, cpu }], rows, cpu, peak, wall, others: Math.max(0, others) }
  }
}
