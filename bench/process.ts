import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import type { Reply, Run } from './job.js'

export interface Measured extends Reply {
  wall: number // seconds from the start of the process to its end
  others: number // share of all cores that other processes took meanwhile
}

/** Runs a contestant in a process of its own and adds what only an onlooker can measure. */
export async function measured(command: string, args: readonly string[], env = process.env): Promise<Measured> {
  const before = busySeconds()
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env })
  let text = ''
  let told = '' // by the command line, whose output is its own
  let errors = ''
  child.stdout?.on('data', chunk => (text += chunk))
  child.stderr?.on('data', chunk => (errors += chunk))
  child.stdio[3]?.on('data', chunk => (told += chunk))
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const wall = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors.trim() || text.trim()}`)
  const reply = JSON.parse(told || (text.trim().split('\n').at(-1) as string)) as Reply
  const others = (busySeconds() - before - reply.cpu) / (wall * availableParallelism())
  return { ...reply, wall, others: Math.max(0, others) }
}

/** Returns the seconds that all cores have worked since the machine started. */
export function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}

/** Returns what a piece of work took: seconds, and CPU seconds of all threads of this process. */
export async function timed(work: () => Promise<void>): Promise<Run> {
  const started = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }
}

/** Prints a contestant's answer with the cost of its process so far. */
export function answer(reply: Omit<Reply, 'cpu' | 'peak'>): void {
  console.log(JSON.stringify({ ...reply, ...usage() }))
}

/** Returns CPU seconds of this process so far, and the most memory it had. */
export function usage(): Pick<Reply, 'cpu' | 'peak'> {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return { cpu: (userCPUTime + systemCPUTime) / 1e6, peak: peakBytes() }
}

/**
 * Returns the most memory this process had at once. maxRSS starts from the parent's own on Linux, because a child is
 * a copy of it until it runs its program; VmHWM does not.
 */
function peakBytes(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Only Linux has it.
  }
  return process.resourceUsage().maxRSS * 1024
}
