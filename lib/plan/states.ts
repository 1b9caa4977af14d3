import type { AnalyticsConfig } from '../../configs/index.js'
import {
  type ColumnBinding,
  filterExpr,
  IDENTITY_COLUMNS,
  type PassPlan,
  type Problem,
  type Step,
} from '../core/index.js'
import type { ReferenceOffer } from './build.js'
import type { Catalog } from './catalog.js'
import { Needs } from './needs.js'
import { termsOf } from './universe.js'

/** How the table of market states is read for the grid of a pass. */
export interface StatesRead {
  bindings: ColumnBinding[]
  steps: Step[]
}

/** Plans what a grid or auctions, `by`, read of the table of market states: changes of state of the universe's listings. */
export function planStates(
  plan: PassPlan,
  catalog: Catalog,
  config: AnalyticsConfig,
  reference: ReferenceOffer | null,
  path: string,
  problems: Problem[],
): StatesRead {
  const { bindings } = catalog
  const isGrid = plan.timeline?.grid?.mode === 'adaptative'
  const by = isGrid
    ? 'the grid of dense rows'
    : plan.auctions
      ? 'auction_buckets'
      : 'how far ahead quotes are looked up'
  const needs = new Needs(catalog, problems, reference?.all)
  for (const name of ['ListingId', 'MarketState']) needs.add(name, by, path)
  if (bindings.has('EventTime')) needs.add('EventTime', by, path)
  else needs.missing(catalog.table.time.join(' or '), by, path)
  for (const name of ['Date', 'SequenceSource', 'SequenceNo']) if (bindings.has(name)) needs.add(name, by, path)
  checkListings(plan, catalog, problems)
  for (const name of IDENTITY_COLUMNS) {
    const shown = plan.columns.find(column => column.name === name)
    if (shown && bindings.get(name)?.type === shown.type) needs.add(name, by, path)
  }
  // What is no grid is looked up by listing, whatever the universe.
  for (const { name } of isGrid ? termsOf(config.UNIVERSE) : []) {
    const named = (column: string) => column.toLowerCase() === name.toLowerCase()
    if (name === 'listing' || name === 'file' || reference?.all.some(named)) continue
    const own = [...bindings.keys()].find(named)
    if (own !== undefined) needs.add(own, 'UNIVERSE', 'UNIVERSE')
    else {
      const problem = `the grid of pass ${plan.name} comes from table marketstate, which has no column '${name}'`
      const hint = 'name the reference table in DATA.reference, or use listing= or file='
      problems.push({ severity: 'error', path: 'UNIVERSE', problem, hint })
    }
  }
  const steps: Step[] = []
  if (!bindings.has('Date')) steps.push({ operator: 'partition_date', parameters: { time: 'EventTime', as: 'Date' } })
  const where = needs.resolve(filterExpr(catalog.config.filter), 'filter', 'DATA.tables.marketstate.filter')
  if (needs.joined.size > 0) {
    steps.push({ operator: 'reference', parameters: { columns: [...needs.joined], onUnmapped: 'keep' } })
  }
  if (where.op !== 'true') steps.push({ operator: 'filter', parameters: { where } })
  needs.reportPartial()
  return { bindings: needs.bindings(), steps }
}

function checkListings({ aggregate, table }: PassPlan, { bindings }: Catalog, problems: Problem[]): void {
  const own = bindings.get('ListingId')?.type
  const { type } = aggregate.entity[aggregate.entity.length - 1]
  if (own === undefined || own === type) return
  const [first, second] = [type, own].map(each => (each === 'i64' ? 'integers' : 'text'))
  problems.push({
    severity: 'error',
    path: 'DATA.tables.marketstate',
    problem: `ListingId: ${table} has ${first}, marketstate has ${second}; listings of both are compared`,
    hint: 'map the same kind of id in both',
  })
}
