import * as z from 'zod'
import {
  BasaltError,
  type EntryParameters,
  type Expr,
  lastRow,
  type Metric,
  type MetricDefinition,
  metric,
  type Offer,
  series,
} from '../../lib/core/index.js'

/** How snapshots of a bucket become one value: the last one's, or their mean weighted by the time they stand. */
export const AGGREGATIONS = ['Last', 'TWA'] as const
type Aggregation = (typeof AGGREGATIONS)[number]

const MODULES: Record<Aggregation, string> = { Last: 'l2', TWA: 'l2tw' }

export const aggregations = z
  .array(z.enum(AGGREGATIONS))
  .min(1)
  .default(['Last'])
  .describe('Last: of the last snapshot (module l2); TWA: weighted by time (module l2tw)')

/** The axis of aggregations, innermost in every family of snapshots. */
export const AGGREGATION_AXIS = { field: 'aggregations', parameter: 'aggregation' }

/**
 * Tells whether an entry's combination belongs to a module. What no module of the pass makes is given to the one that
 * is there, which refuses it.
 */
export const madeBy =
  (module: string) =>
  ({ aggregation }: EntryParameters, modules: readonly string[]): boolean => {
    const owner = MODULES[aggregation as Aggregation]
    return owner === module || !modules.includes(owner)
  }

/** A value that every snapshot has. */
export interface RowMetric extends Omit<MetricDefinition, 'module' | 'name' | 'merge' | 'empty' | 'uses' | 'value'> {
  /** Name of the last snapshot's value; that of the mean ends in TWA. */
  name: (parameters: EntryParameters) => string
  /** Value of a snapshot, null where it has none. */
  of: (parameters: EntryParameters, offer: Offer) => Expr
  /** Value of a snapshot in the mean, where that is another: null has no weight. */
  standing?: (parameters: EntryParameters, offer: Offer) => Expr
}

/** Declares a value of snapshots for both modules: of the last one, and its mean weighted by time. */
export function rowMetric({ of, standing = of, name, ...definition }: RowMetric): [Metric, Metric] {
  const only = (aggregation: Aggregation, uses: MetricDefinition['uses']): MetricDefinition['uses'] => {
    return (parameters, offer) => {
      if (parameters.aggregation === aggregation) return uses(parameters, offer)
      const needed = MODULES[parameters.aggregation as Aggregation]
      throw new BasaltError('config', `aggregation ${parameters.aggregation} needs module ${needed} in modules`)
    }
  }
  const last = metric({
    ...definition,
    module: 'l2',
    name: parameters => `${name(parameters)}${parameters.aggregation === 'TWA' ? 'TWA' : ''}`,
    merge: 'O',
    empty: 'null',
    uses: only('Last', (parameters, offer) => ({ last: lastRow(of(parameters, offer)) })),
  })
  const twa = metric({
    ...definition,
    module: 'l2tw',
    name: parameters => `${name(parameters)}${parameters.aggregation === 'TWA' ? 'TWA' : ''}`,
    doc: `${definition.doc}, weighted by the time it stands inside the bucket`,
    formula: `Σ xw / Σ w, x = ${definition.formula}`,
    merge: 'T',
    empty: 'null',
    uses: only('TWA', (parameters, offer) => ({
      mean: series('time_weighted', [standing(parameters, offer)], ageOf(offer)),
    })),
  })
  return [last, twa]
}

/** Returns how long a quote counts, where the config limits it. */
export const ageOf = ({ config }: Offer): Record<string, number> =>
  typeof config.max_quote_age_seconds === 'number' ? { max_age_seconds: config.max_quote_age_seconds } : {}
