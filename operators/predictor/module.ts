import * as z from 'zod'
import {
  cutsByKeys,
  gathered,
  type LaterOffer,
  laterModule,
  type Outline,
  type OutputColumn,
} from '../../lib/core/index.js'
import { sourceKey, statistic, textKey } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import { leads, type PredictorParameters } from './tables.js'

const BLOCK = 'predictor_analytics'

/** Columns that foretell a target: the lag at which each correlates best with the target's later values. */
export const predictor = laterModule({
  name: 'predictor',
  doc: "lag at which a column of an earlier pass correlates best with a target's later values, by group",
  block: BLOCK,
  settings: {
    source_pass: z.string().nullable().default(null).describe('earlier pass to read; default the one before'),
    target_column: z.string().min(1).describe('column to foretell'),
    predictor_columns: z
      .array(z.string())
      .min(1)
      .nullable()
      .default(null)
      .describe('columns that may foretell it; null = all numeric but the target'),
    group_by: z.array(z.string()).default(['ListingId']).describe('columns in whose groups rows are one series'),
    lags: z.array(z.int().min(1)).min(1).default([1, 2, 3, 5, 10]).describe('rows from predictor to target to try'),
    method: z.enum(['pearson', 'spearman']).default('pearson').describe('coefficient'),
    min_periods: z.int().min(1).default(30).describe('pairs of values below which a lag does not count'),
    time_col: z.string().min(1).default('TimeBucket').describe('column that orders the rows of a group'),
    top_k: z.int().default(5).describe('predictors to keep in a group, those that correlate best; 0 or less = all'),
    include_t_value: z.boolean().default(true).describe('give TStatistic'),
    include_p_value: z.boolean().default(true).describe('give PValue'),
  },
  sources: config => [{ field: 'source_pass', name: config.source_pass }],
  outline,
  async run([input], parameters: PredictorParameters) {
    return leads(await gathered(input), parameters)
  },
})

function outline(offer: LaterOffer): Outline | null {
  const { config } = offer
  const columns = new SourceColumns(offer)
  const groupBy = columns.keys('group_by', config.group_by)
  const time = columns.time('time_col', config.time_col)
  columns.notGrouped('time_col', config.time_col, config.group_by)
  const target = columns.number('target_column', config.target_column)
  columns.notGrouped('target_column', config.target_column, config.group_by)
  const other = [config.time_col, config.target_column]
  const predictors = columns.numbers('predictor_columns', config.predictor_columns, config.group_by, other)
  const measures = measuresOf(offer)
  const made = [
    ...groupBy.map(column => sourceKey(column, `${BLOCK}.group_by`)),
    textKey('Target', 'column that is foretold', `${BLOCK}.target_column`),
    textKey('Predictor', 'column that foretells it', `${BLOCK}.predictor_columns`),
    ...measures,
  ]
  columns.distinct('group_by', made)
  if (columns.refused > 0 || !time || !target) return null
  const names = predictors.map(({ name }) => name)
  const parameters: PredictorParameters = {
    groupBy: groupBy.map(({ name, type }) => ({ name, type })),
    time: time.name,
    target: target.name,
    predictors: names,
    lags: [...new Set<number>(config.lags)].sort((a, b) => a - b),
    method: config.method,
    minPeriods: config.min_periods,
    topK: config.top_k > 0 ? config.top_k : null,
    measures: measures.map(({ name, type }) => ({ name, type: type as 'f64' | 'i64' })),
  }
  return {
    keys: [...config.group_by, 'Target', 'Predictor'],
    columns: made,
    reads: [[...new Set([...config.group_by, time.name, target.name, ...names])]],
    rule: null,
    cuts: cutsByKeys(config.group_by),
    holdsRows: true,
    parameters,
  }
}

/** Describes the columns after the keys. */
function measuresOf({ config }: LaterOffer): OutputColumn[] {
  const { method, min_periods, target_column: target, time_col } = config
  const nullRule = `null where no lag has ${min_periods} pairs and variance`
  const measure = (column: Partial<OutputColumn> & Pick<OutputColumn, 'name' | 'unit' | 'doc' | 'formula'>) =>
    statistic({ nullRule, inputs: [target], from: BLOCK, ...column })
  const noT = 'null where abs(r) is 1, below three pairs, and where there is no lag'
  return [
    measure({
      name: 'BestLag',
      type: 'i64',
      unit: 'rows',
      doc: 'lag with the greatest correlation in size, the smallest one on ties',
      formula: `argmax over lags l of abs(r_l), r_l = ${method} correlation of x_t and y_(t+l)`,
    }),
    measure({ name: 'BestCorr', unit: '-1…1', doc: 'correlation at that lag', formula: 'r_l at BestLag' }),
    measure({
      name: 'Confidence',
      unit: '1',
      doc: 'strength of the correlation, weighted by the pairs behind it',
      formula: 'abs(r)·√n, n pairs',
    }),
    measure({
      name: 'AnticipationSteps',
      type: 'i64',
      unit: 'rows',
      doc: 'rows by which the predictor is ahead',
      formula: 'BestLag',
    }),
    measure({
      name: 'AnticipationSeconds',
      unit: 's',
      doc: `time by which the predictor is ahead, from the usual distance of rows in ${time_col}`,
      formula: 'BestLag · median step of the group',
      inputs: [time_col],
    }),
    measure({
      name: 'TStatistic',
      unit: '1',
      doc: "Student's t of the correlation",
      formula: 'r·√((n-2)/(1-r²))',
      nullRule: noT,
    }),
    measure({
      name: 'PValue',
      unit: '0…1',
      doc: 'probability of a t as far from 0 without correlation, both sides',
      formula: 'I_(1-r²)((n-2)/2, 1/2), I regularised incomplete beta function',
      nullRule: noT,
    }),
  ].filter(({ name }) => {
    return (name !== 'TStatistic' || config.include_t_value) && (name !== 'PValue' || config.include_p_value)
  })
}
