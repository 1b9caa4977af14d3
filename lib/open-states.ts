import type { AnalyticsConfig, PassConfig } from '../configs/index.js'
import type { Problem, Registry } from './core/index.js'
import { type OpenTable, openTable } from './open-table.js'

/** Opens the table of market states where the grid of a pass or its auctions come from it. */
export async function openStates(
  config: AnalyticsConfig,
  registry: Registry,
  problems: Problem[],
): Promise<OpenTable | null> {
  const index = config.PASSES.findIndex(pass => hasStatesGrid(pass) || pass.auction_buckets)
  if (index < 0) return null
  const found: Problem[] = []
  const table = await openTable(config, registry, 'marketstate', found, [])
  if (table.found.files.length > 0 || table.found.broken.length > 0) {
    problems.push(...found)
    return table
  }
  const searched = table.found.patterns.join(', ')
  const isGrid = hasStatesGrid(config.PASSES[index])
  const or = isGrid
    ? 'set dense_analytics: {mode: uniform, time_interval: ["09:00", "17:30"]}'
    : 'leave auction_buckets out'
  problems.push({
    severity: 'error',
    path: `PASSES[${index}].${isGrid ? 'timeline_mode' : 'auction_buckets'}`,
    problem: `${isGrid ? 'the grid comes' : 'auctions come'} from table marketstate, of which no file was found; searched ${searched}`,
    hint: `describe it under DATA.tables.marketstate, or ${or}`,
  })
  return null
}

const hasStatesGrid = ({ timeline_mode: mode, dense_analytics: dense }: PassConfig): boolean =>
  mode === 'dense' && dense?.mode === 'adaptative'

/** Opens the table of market states where the config names it; without files, quotes say themselves when trading ends. */
export async function openNamedStates(
  config: AnalyticsConfig,
  registry: Registry,
  problems: Problem[],
): Promise<OpenTable | null> {
  if (!namesStates(config)) return null
  const found: Problem[] = []
  const table = await openTable(config, registry, 'marketstate', found, [])
  if (table.found.files.length === 0 && table.found.broken.length === 0) return null
  problems.push(...found)
  return table
}

/** Tells whether a config names the table of market states: what it says then holds for all passes. */
export const namesStates = ({ DATA }: AnalyticsConfig): boolean => DATA.tables.marketstate !== undefined
