import { availableParallelism } from 'node:os'
import { BasaltError } from '../core/index.js'
import { type Floor, floorFor, floorOf, workersWithin } from '../plan/index.js'
import type { PassRun } from './pass.js'

/** How a pass uses its memory. */
export interface Room {
  workers: number
  /** Bytes for what waits: the budget without the floor. */
  bytes: number
  floor: Floor
}

/**
 * Settles how many workers a pass has and what is left for rows that wait. A budget below the floor is refused before
 * anything is read, where the process is the run's own; within a program, which holds what it holds, it sizes symbol
 * batches alone.
 */
export function roomOf(
  run: Pick<PassRun, 'plan' | 'units' | 'files' | 'registry' | 'workers' | 'memory' | 'ownProcess'>,
): Room {
  const { plan, units, files, registry, memory } = run
  const floor = floorOf(plan, units, files, registry)
  const parts = units.reduce((count, unit) => count + unit.parts.length, 0)
  const asked = run.workers === -1 ? availableParallelism() : run.workers
  const most = Math.max(1, Math.min(asked, parts))
  if (!run.ownProcess) return { workers: most, bytes: memory, floor }
  const workers = run.workers === -1 ? workersWithin(floor, memory, most) : most
  const least = floorFor(floor, Math.max(1, workers))
  if (workers === 0 || least > memory) throw refusal(floor, memory, Math.max(1, workers), plan.name)
  return { workers, bytes: memory - least, floor }
}

function refusal(floor: Floor, memory: number, workers: number, pass: string): BasaltError {
  const need = `pass ${pass} needs ${megabytes(floorFor(floor, workers))} with ${count(workers)}`
  const fewer = workers > 1 ? `, ${megabytes(floorFor(floor, 1))} with 1 (--workers 1)` : ''
  const text = `EXECUTION.memory_budget: ${megabytes(memory, Math.floor)} is too little: ${need}${fewer}`
  return new BasaltError('config', `${text}; row groups of fewer rows need less`)
}

const count = (workers: number): string => (workers === 1 ? '1 worker' : `${workers} workers`)
const megabytes = (bytes: number, round = Math.ceil): string => `${round(bytes / 1e6)}MB`
