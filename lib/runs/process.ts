import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAlive } from '../io/index.js'

/** A process, told apart from every other one, also from later ones that are given its number. */
export interface ProcessIdentity {
  pid: number
  /** When the process began, in ticks since the machine started; null where the system does not tell. */
  started: string | null
  host: string
  /** Since when the machine runs; null where the system does not tell. */
  boot: string | null
}

/** Returns who this process is. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), host: hostname(), boot: bootOf() }
}

/** Tells whether a process may still run. It is false only where that is certain: of other hosts, nothing is. */
export function mayRun({ pid, started, host, boot }: ProcessIdentity): boolean {
  if (host !== hostname()) return true
  if (boot !== bootOf()) return false
  return isAlive(pid) && startOf(pid) === started
}

/** Field 22 of the process's status, counted behind the name, which may hold spaces and brackets. */
function startOf(pid: number): string | null {
  const status = textOf(`/proc/${pid}/stat`)
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

const bootOf = (): string | null => textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? null

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
