import * as z from 'zod'
import { compareBytes, cutsByKeys, gathered, type LaterOffer, laterModule, type Outline } from '../../lib/core/index.js'
import { sourceKey, statistic, textKey } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import { pascalCase } from './pascal-case.js'
import { softOptions, softSettings } from './soft-settings.js'
import { type CorrelationParameters, correlations } from './tables.js'

const BLOCK = 'correlation_analytics'

/** Correlation of every ordered pair of columns, by group. */
export const correlation = laterModule({
  name: 'correlation',
  doc: 'correlation of every ordered pair of columns of an earlier pass, by group',
  block: BLOCK,
  settings: {
    source_pass: z.string().nullable().default(null).describe('earlier pass to read; default the one before'),
    columns: z.array(z.string()).min(1).nullable().default(null).describe('columns to correlate; null = all numeric'),
    group_by: z.array(z.string()).default(['ListingId']).describe('columns in whose groups to correlate'),
    method: z.enum(['pearson', 'spearman', 'soft']).default('pearson').describe('coefficient'),
    output_format: z.enum(['rows', 'matrix']).default('rows').describe('a row a pair, or a row a metric'),
    ...softSettings,
  },
  sources: config => [{ field: 'source_pass', name: config.source_pass }],
  outline,
  async run([input], parameters: CorrelationParameters) {
    return correlations(await gathered(input), parameters)
  },
})

const FORMULAS = {
  pearson: 'Σ(x-x̄)(y-ȳ) / √(Σ(x-x̄)²·Σ(y-ȳ)²)',
  spearman: "Pearson's of the ranks; equal values have the mean of their ranks",
  soft: 'c(x,y) / √(c(x,x)·c(y,y)), c = sign·abs^(1/α) of mean sign(xy)·abs(xy)^α over normalised series',
}

function outline(offer: LaterOffer): Outline | null {
  const { config } = offer
  const columns = new SourceColumns(offer)
  const groupBy = columns.keys('group_by', config.group_by)
  const metrics = columns.numbers('columns', config.columns, config.group_by).map(({ name }) => name)
  const soft = softOptions(offer, columns)
  const coefficient = (name: string, doc: string, inputs: string[]) =>
    statistic({
      name,
      unit: '-1…1',
      doc: `${config.method} correlation of ${doc}, over the rows of the group in which both are present`,
      formula: FORMULAS[config.method as keyof typeof FORMULAS],
      nullRule: 'null below two such rows, and where one of the two has no variance',
      inputs,
      from: `${BLOCK}.columns`,
    })
  const wide = config.output_format === 'matrix' ? metrics.map(pascalCase) : null
  const made = [
    ...groupBy.map(column => sourceKey(column, `${BLOCK}.group_by`)),
    textKey('MetricX', 'first column of the pair', `${BLOCK}.columns`),
    ...(wide
      ? wide.map((name, i) => coefficient(name, `MetricX and ${metrics[i]}`, metrics))
      : [
          textKey('MetricY', 'second column of the pair', `${BLOCK}.columns`),
          coefficient('Corr', 'MetricX and MetricY', metrics),
        ]),
  ]
  for (const [i, name] of (wide ?? []).entries()) {
    if (/^[A-Z]/.test(name)) continue
    columns.refuse(`columns[${i}]`, `'${metrics[i]}' gives no name of a column that starts with a letter`, 'rename it')
  }
  columns.distinct(wide ? 'columns' : 'group_by', made)
  if (columns.refused > 0) return null
  const keys = [...groupBy.map(({ name }) => name), 'MetricX', ...(wide ? [] : ['MetricY'])]
  const parameters: CorrelationParameters = {
    groupBy: groupBy.map(({ name, type }) => ({ name, type })),
    metrics,
    order: metrics.map((_, i) => i).sort((a, b) => compareBytes(metrics[a], metrics[b])),
    wide,
    method: config.method,
    soft,
  }
  return {
    keys,
    columns: made,
    reads: [[...new Set([...parameters.groupBy.map(({ name }) => name), ...metrics])]],
    rule: keys.includes('TimeBucket') ? columns.source.rule : null,
    cuts: cutsByKeys(config.group_by),
    holdsRows: true,
    parameters,
  }
}
