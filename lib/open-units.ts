import type { AnalyticsConfig } from '../configs/index.js'
import { type BasaltError, dayOf, dayText, type PassPlan, type Unit } from './core/index.js'
import type { BrokenFile, Discovery } from './io/index.js'
import { cutUnits, dayWanted } from './plan/index.js'

/** Cuts a pass into units. A file that cannot be opened fails the units that would have read it, and only those. */
export function unitsOf(
  config: AnalyticsConfig,
  plan: PassPlan,
  found: Discovery,
): { units: Unit[]; broken: Map<string, BasaltError> } {
  const request = {
    pass: plan.name,
    files: found.files,
    from: config.START_DATE === null ? null : (dayOf(config.START_DATE) as number),
    to: config.END_DATE === null ? null : (dayOf(config.END_DATE) as number),
    excludeWeekends: config.EXCLUDE_WEEKENDS,
  }
  const units = cutUnits(request)
  const broken = new Map<string, BasaltError>()
  for (const file of found.broken) {
    if (!dayWanted(file.day, request)) continue
    for (const unit of unitsAt(units, plan.name, file)) if (!broken.has(unit.id)) broken.set(unit.id, file.error)
  }
  units.sort((a, b) => (a.day ?? 0) - (b.day ?? 0))
  return { units, broken }
}

/** Returns the units that would have read a broken file; one that has no other file is made for it. */
function unitsAt(units: Unit[], pass: string, { day }: BrokenFile): Unit[] {
  const hit = day === null ? units : units.filter(unit => unit.day === day)
  if (hit.length > 0) return hit
  const unit: Unit = {
    id: day === null ? pass : `${pass}@${dayText(day)}`,
    pass,
    day,
    listings: null,
    parts: [],
    rows: 0,
  }
  units.push(unit)
  return [unit]
}
