import * as z from 'zod'
import {
  type EntryParameters,
  family,
  first,
  last,
  type MetricDefinition,
  max,
  metric,
  min,
} from '../../lib/core/index.js'
import { MEASURE_NAMES, MEASURES, type MeasureName } from './measures.js'

/** The aggregations name the metrics: fold and merge code change with them, measures only exchange the value. */
export const announcements = family({
  module: 'imbalance',
  name: 'announcements',
  doc: 'prices and quantities that are announced for an auction',
  axes: [
    { field: 'measures', parameter: 'measure' },
    { field: 'aggregations', parameter: 'agg' },
  ],
  pick: 'aggregations',
  fields: aggregations => ({
    measures: z
      .array(z.enum(MEASURE_NAMES))
      .min(1)
      .describe('what announcements tell; SignedImbalance is above 0 when buyers have more, Dislocation in bps'),
    aggregations: z
      .array(z.enum(aggregations))
      .min(1)
      .default(['Last'])
      .describe('which announcement of the bucket; Last has no suffix'),
  }),
  example: { measures: ['PairedQuantity', 'ImbalanceShare'], aggregations: ['Last', 'Max'] },
})

const formulas = MEASURE_NAMES.filter(name => MEASURES[name].formula !== name)
  .map(name => `${name} = ${MEASURES[name].formula}`)
  .join('; ')

/** Declares an aggregation of what announcements tell. Those that do not tell it are skipped (semantics 4.3). */
function aggregation(
  pick: string,
  merge: string,
  doc: string,
  formula: string,
  fold: typeof last,
  suffix = pick,
): ReturnType<typeof metric> {
  const definition: MetricDefinition = {
    module: 'imbalance',
    family: 'announcements',
    pick,
    name: ({ measure }: EntryParameters) => `${measure}${suffix}`,
    unit: ({ measure }: EntryParameters) => MEASURES[measure as MeasureName].unit,
    doc: `${doc}; announcements without it are left out`,
    formula: `${formula} x over the announcements; ${formulas}`,
    priority: 'E',
    merge,
    empty: 'null',
    uses: ({ measure }) => ({ value: fold(MEASURES[measure as MeasureName].of()) }),
  }
  return metric(definition)
}

export const lastAnnounced = aggregation('Last', 'O', 'what the last announcement told', 'last', last, '')
export const firstAnnounced = aggregation('First', 'O', 'what the first announcement told', 'first', first)
export const greatestAnnounced = aggregation('Max', 'N', 'the greatest that was announced', 'max', max)
export const leastAnnounced = aggregation('Min', 'N', 'the least that was announced', 'min', min)
