import { dayOf, type Registry, tableRead } from '../lib/core/index.js'
import { holdsDate } from './data.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, modulesOf, passesOf, textOf } from './loose.js'

/** Checks the order of the dates, and that they are given where paths hold a date. */
export function dateRules(config: LooseMap, registry: Registry): Finding[] {
  const [start, end] = [textOf(config.START_DATE), textOf(config.END_DATE)]
  if (start !== undefined && end !== undefined) {
    const [first, last] = [dayOf(start), dayOf(end)]
    if (first === undefined || last === undefined || last >= first) return []
    return [{ path: ['END_DATE'], problem: `END_DATE ${end} is before START_DATE ${start}` }]
  }
  const table = datedTable(config, registry)
  if (table === undefined) return []
  return (['START_DATE', 'END_DATE'] as const)
    .filter(key => config[key] === undefined || config[key] === null)
    .map(key => ({ path: [key], problem: `missing; the paths of ${table} hold a date` }))
}

/** Returns a table in use whose paths hold a date. */
function datedTable(config: LooseMap, registry: Registry): string | undefined {
  const data = mapOf(config.DATA)
  const names = passesOf(config).flatMap(({ pass }) => {
    const modules = modulesOf(pass).flatMap(name => registry.modules.get(name) ?? [])
    return modules.map(module => tableRead(module, pass))
  })
  return names.find(name => {
    if (name === undefined) return false
    const table = mapOf(mapOf(data.tables)[name])
    const own = listOf(table.path)
    const paths = own.length > 0 ? own : [data.layout ?? 'bmll']
    return paths.some(path => typeof path === 'string' && holdsDate(path))
  })
}
