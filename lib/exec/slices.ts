import { BasaltError, type LaterPlan, type LaterStep, type Registry } from '../core/index.js'
import { sharedCuts } from '../plan/index.js'
import type { Results } from './results.js'
import { rowBytes, sizeOf, widthOf } from './row-bytes.js'
import type { Slices } from './slice-reader.js'
import { type Cutting, SliceSurvey } from './slice-survey.js'

/** Bytes that a later pass may take. */
export interface LaterMemory {
  /** What the whole run may take. */
  budget: number
  /** What a pass reads and makes at once: more is cut into slices, where the pass can be. */
  slice: number
}

/**
 * Cuts what a later pass reads, where that and what it makes of it take more than their share of memory. Null: it is
 * computed in one go. What cannot be computed within the budget is a limit fault.
 */
export function slicesOf(plan: LaterPlan, results: Results, registry: Registry, memory: LaterMemory): Slices | null {
  const { steps, columns, stateColumns } = plan
  const [{ sources }] = steps
  const made = results.size(sources[0].name).rows * widthOf([...columns, ...stateColumns])
  const read = steps
    .flatMap(step => step.sources)
    .reduce((sum, { name, columns }) => sum + sizeOf(results, name, columns), 0)
  // Where all goes through disk, so does what would be in one piece.
  const limit = results.spillsAlways ? Math.ceil((read + made) / 3) : memory.slice
  if (read + made <= limit) return null
  let best: Cutting | undefined
  for (const cuts of sharedCuts(steps)) {
    const cutting = new SliceSurvey(plan, cuts, results, registry).cut(limit, memory.slice / 2)
    if (cutting && (!best || cutting.largest < best.largest)) best = cutting
    if (best && best.largest <= limit) break
  }
  const held = steps.filter(({ holdsRows }) => holdsRows)
  const least = Math.max(...held.map(step => heldBytes(step, best, results)), 0)
  if (least > memory.budget) throw tooLarge(plan, least, memory.budget, best !== undefined)
  return best && best.slices.count > 1 ? best.slices : null
}

/** Returns the bytes of what a step that holds its rows has to hold at least. */
function heldBytes({ sources }: LaterStep, cutting: Cutting | undefined, results: Results): number {
  return sources.reduce((sum, { name, columns }) => {
    const rows = cutting?.mostRows.get(name) ?? results.size(name).rows
    return sum + rows * rowBytes(results, name, columns)
  }, 0)
}

function tooLarge({ name }: LaterPlan, bytes: number, budget: number, cut: boolean): BasaltError {
  const what = cut
    ? 'the largest part that it can be computed of takes'
    : 'it has to hold all rows that it reads, which take'
  const megabytes = (size: number) => `${Math.ceil(size / 1e6)} MB`
  const problem = `pass ${name} needs more memory than there is: ${what} ${megabytes(bytes)}`
  const hint = cut ? 'fewer listings or dates' : 'fewer dates, or name fewer columns'
  return new BasaltError(
    'limit',
    `${problem}, EXECUTION.memory_budget is ${megabytes(budget)}; raise it, or read ${hint}`,
    {
      pass: name,
    },
  )
}
