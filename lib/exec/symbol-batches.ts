import type { Unit } from '../core/index.js'
import { scan } from '../io/index.js'
import { cutListings, estimateUnit, packListings } from '../plan/index.js'
import type { PassRun } from './pass.js'
import { surveyListings } from './survey.js'

/** Cuts units whose estimate exceeds the budget into symbol batches: more passes over the files, less state at a time. */
export async function symbolBatches(run: PassRun): Promise<Unit[]> {
  const { plan, registry } = run
  const series = plan.aggregate.folds.filter(({ kernel }) => registry.get('kernels', kernel).kind === 'series').length
  const cut: Unit[] = []
  for (const unit of run.units) {
    const { memory, rows } = estimateUnit(unit, plan, run.files, series, run.workers)
    if (memory <= run.memory || run.broken.has(unit.id) || rows === 0) {
      cut.push(unit)
      continue
    }
    const cap = Math.max(1, Math.floor((rows * run.memory) / memory))
    try {
      const listings = await surveyListings(unit, plan, run.files, scan)
      cut.push(...cutListings(unit, packListings(listings, cap)))
    } catch {
      cut.push(unit) // running it says what is wrong with its files, and where
    }
  }
  return cut
}
