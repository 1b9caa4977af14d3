import type { LaterOffer, MergeState, OutputColumn, Source, StateColumn } from '../../lib/core/index.js'
import { type Measure, type Method, planMeasure } from '../generic/measures.js'
import { DROPPED, type Role, roleOf } from './roles.js'
import type { ReaggregateConfig } from './settings.js'

/** Column of a member's total weight of the date, while rows are grouped. No column of a source can have this name. */
export const WEIGHT = '~weight'

/** The columns that a result has beside its keys. */
export interface PlannedColumns {
  measures: Measure[]
  columns: OutputColumn[]
  state: Record<string, MergeState>
  stateColumns: StateColumn[]
  /** Some column is averaged by weight. */
  weighted: boolean
}

/** Lists the columns of a source that its groups have as well, and how they come by them. */
export function rolesOf(config: ReaggregateConfig, source: Source): { column: OutputColumn; role: Role }[] {
  // What named a member's row names none of its group's.
  const gone = new Set([...config.group_by, ...source.keys, ...DROPPED, config.join_column, 'Date', 'TimeBucket'])
  const isTable = source.keys.length === 0
  return source.columns.filter(({ name }) => !gone.has(name)).map(column => ({ column, role: roleOf(column, isTable) }))
}

/** Plans how every column of a source becomes one of its groups; undefined after problems were reported. */
export function planColumns(
  config: ReaggregateConfig,
  source: Source,
  weight: string | null,
  offer: LaterOffer,
): PlannedColumns | undefined {
  // The last value is that of the last label, whether or not another pass asks for times of trades to be kept.
  const stateless = { ...source, state: {} }
  const made = rolesOf(config, source).map(({ column, role }) => {
    const method = methodOf(role, weight)
    const { name } = column
    const by = method === 'weighted_mean' && weight !== null ? { weight } : {}
    const planned = planMeasure({ column: name, method, name, field: 'source_pass', ...by }, stateless, offer)
    if (!planned) return undefined
    const shown = described(planned.column, column, role, weight, config, source)
    const daily = method === 'weighted_mean' && config.weight_mode === 'daily'
    return { ...planned, column: shown, measure: daily ? { ...planned.measure, weight: WEIGHT } : planned.measure }
  })
  const all = made.flatMap(each => each ?? [])
  if (all.length < made.length) return undefined
  const measures = all.map(({ measure }) => measure)
  return {
    measures,
    columns: all.map(({ column }) => column),
    state: Object.fromEntries(measures.flatMap(({ name, kept }) => (kept ? [[name, kept]] : []))),
    stateColumns: all.flatMap(({ state }) => state),
    weighted: measures.some(({ method }) => method === 'weighted_mean'),
  }
}

function methodOf(role: Role, weight: string | null): Method {
  if (role === 'additive') return 'sum'
  if (role === 'last') return 'last'
  return weight === null ? 'mean' : 'weighted_mean'
}

/** Says what a column is; weights of the whole date make it one that its label could not know. */
function described(
  made: OutputColumn,
  of: OutputColumn,
  role: Role,
  weight: string | null,
  { group_column, weight_mode }: ReaggregateConfig,
  source: Source,
): OutputColumn {
  const { name } = of
  const from = `by itself: ${source.name} has it, ${ROLES[role]}`
  const members = `over the members of ${group_column}`
  if (role === 'additive') return { ...made, from, doc: `sum of ${name} ${members}`, formula: `Σ ${name}` }
  if (role === 'last') return { ...made, from, doc: `last ${name} ${members}`, formula: `last ${name}` }
  if (weight === null) return { ...made, from, doc: `mean of ${name} ${members}`, formula: `Σ ${name} / n` }
  const daily = weight_mode === 'daily'
  return {
    ...made,
    from,
    doc: `mean of ${name} ${members}, weighted by ${daily ? `the member's ${weight} of the whole date` : weight}`,
    formula: daily
      ? `Σ ${name}·w / Σ w, w = Σ ${weight} of the member and Date, over rows that have both`
      : `Σ ${name}·${weight} / Σ ${weight}, over rows that have both`,
    nullRule: 'null when no row has both, or the weights add up to 0',
    hindsight: made.hindsight || daily,
  }
}

const ROLES: Record<Role, string> = {
  additive: 'and its values add up',
  average: 'a price, mean, ratio or share',
  last: 'a label',
}
