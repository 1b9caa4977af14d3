import {
  and,
  type EntryParameters,
  type Expr,
  type Family,
  type FilterMap,
  fillName,
  filterExpr,
  type Metric,
  type Registry,
  statesExpr,
} from '../core/index.js'

/** One metric as one config entry asks for it. */
export interface MetricRequest {
  metric: Metric
  parameters: EntryParameters
  /** The entry's own filters. */
  where: Expr
  name: string
  unit: string
  path: string // config path of the entry
}

type Entry = Record<string, unknown> & {
  output_name_pattern?: string | null
  market_states?: FilterMap[string] | null
  attribute_filters?: FilterMap | null
}

/**
 * Expands an entry over its list-valued fields, outermost axis first, and picks the metrics it names. `isOwn` tells which
 * combinations belong to the family, and `refuse` is told of those for which it has no metric.
 */
export function expandEntry(
  registry: Registry,
  family: Family,
  entry: Entry,
  path: string,
  prefix: string,
  isOwn: (parameters: EntryParameters) => boolean,
  refuse: (problem: string) => void,
): MetricRequest[] {
  const lists = family.axes.map(({ field }) => [entry[field]].flat() as unknown[])
  const axes = new Set(family.axes.map(({ field }) => field))
  const scalars = Object.fromEntries(Object.entries(entry).filter(([field]) => !axes.has(field)))
  const where = entryRows(entry)
  return product(lists).flatMap(values => {
    const parameters: EntryParameters = { ...scalars }
    for (const [i, { parameter }] of family.axes.entries()) parameters[parameter] = values[i]
    if (!isOwn(parameters)) return []
    const picked = String(values[family.axes.findIndex(({ field }) => field === family.pick)])
    const metrics = registry.metricsOf(family.module, family.name, picked)
    // Another module of the block has it.
    if (metrics.length === 0) refuse(`'${picked}' is not offered by module ${family.module}`)
    return metrics.map(metric => ({
      metric,
      parameters,
      where,
      name: prefix + outputName(metric, parameters, entry.output_name_pattern),
      unit: typeof metric.unit === 'function' ? metric.unit(parameters) : metric.unit,
      path,
    }))
  })
}

function entryRows({ market_states, attribute_filters }: Entry): Expr {
  return and(statesExpr(market_states), filterExpr(attribute_filters))
}

/** Several metrics of one pick (Open, High, Low, Close) keep their own names at the end of a pattern's. */
function outputName(metric: Metric, parameters: EntryParameters, pattern: string | null | undefined): string {
  if (pattern) return fillName(pattern, parameters) + (metric.part ?? '')
  return typeof metric.name === 'function' ? metric.name(parameters) : fillName(metric.name, parameters)
}

function product(lists: unknown[][]): unknown[][] {
  return lists.reduce<unknown[][]>((rows, list) => rows.flatMap(row => list.map(value => [...row, value])), [[]])
}
