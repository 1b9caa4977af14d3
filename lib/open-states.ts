import type { AnalyticsConfig } from '../configs/index.js'
import type { Problem, Registry } from './core/index.js'
import { type OpenTable, openTable } from './open-table.js'

/** Opens the table of market states where the grid of a pass comes from it. */
export async function openStates(
  config: AnalyticsConfig,
  registry: Registry,
  problems: Problem[],
): Promise<OpenTable | null> {
  const index = config.PASSES.findIndex(
    ({ timeline_mode: mode, dense_analytics: dense }) => mode === 'dense' && dense?.mode === 'adaptative',
  )
  if (index < 0) return null
  const found: Problem[] = []
  const table = await openTable(config, registry, 'marketstate', found, [])
  if (table.found.files.length > 0 || table.found.broken.length > 0) {
    problems.push(...found)
    return table
  }
  const searched = table.found.patterns.join(', ')
  problems.push({
    severity: 'error',
    path: `PASSES[${index}].timeline_mode`,
    problem: `the grid comes from table marketstate, of which no file was found; searched ${searched}`,
    hint: 'describe it under DATA.tables.marketstate, or set dense_analytics: {mode: uniform, time_interval: ["09:00", "17:30"]}',
  })
  return null
}
