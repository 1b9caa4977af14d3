import * as z from 'zod'
import { compareBytes, cutsByKeys, gathered, type LaterOffer, laterModule, type Outline } from '../../lib/core/index.js'
import { sourceKey, statistic, textKey } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import { exponents, type HurstParameters } from './tables.js'

const BLOCK = 'hurst_analytics'

/** Hurst exponent of columns, by group: of all its rows, or of windows of them. */
export const hurst = laterModule({
  name: 'hurst',
  doc: 'Hurst exponent of columns of an earlier pass, by group or over rolling windows',
  block: BLOCK,
  settings: {
    source_pass: z.string().nullable().default(null).describe('earlier pass to read; default the one before'),
    columns: z.array(z.string()).min(1).nullable().default(null).describe('columns to look at; null = all numeric'),
    group_by: z.array(z.string()).default(['ListingId']).describe('columns in whose groups rows are one series'),
    max_lag: z.int().min(2).default(20).describe('longest lag, in rows'),
    min_periods: z.int().min(1).default(30).describe('static: values below which the exponent is null'),
    mode: z.enum(['static', 'rolling']).default('static').describe('one exponent a group, or one a window'),
    time_col: z.string().min(1).default('TimeBucket').describe('column that orders the rows of a group'),
    rolling_window: z.int().min(1).nullable().default(null).describe('rolling: rows of a window; required'),
    rolling_min_periods: z.int().min(1).default(30).describe('rolling: values below which the exponent is null'),
    rolling_step: z.int().min(1).default(1).describe('rolling: rows from one window to the next'),
  },
  sources: config => [{ field: 'source_pass', name: config.source_pass }],
  outline,
  async run([input], parameters: HurstParameters) {
    return exponents(await gathered(input), parameters)
  },
})

function outline(offer: LaterOffer): Outline | null {
  const { config } = offer
  const columns = new SourceColumns(offer)
  const groupBy = columns.keys('group_by', config.group_by)
  const time = columns.time('time_col', config.time_col)
  columns.notGrouped('time_col', config.time_col, config.group_by)
  const metrics = columns.numbers('columns', config.columns, config.group_by, [config.time_col]).map(({ name }) => name)
  const rolling = rollingOf(offer, columns)
  const made = [
    ...groupBy.map(column => sourceKey(column, `${BLOCK}.group_by`)),
    ...(rolling && time ? [sourceKey(time, `${BLOCK}.time_col`)] : []),
    textKey('Metric', 'column of the source', `${BLOCK}.columns`),
    statistic({
      name: 'HurstExponent',
      unit: '1',
      doc:
        `Hurst exponent of Metric over ${rolling ? `windows of ${rolling.window} rows` : 'the rows of the group'} ` +
        `in order of ${config.time_col}, nulls left out: about 0.5 for a random walk, more for a trend`,
      formula: `2·slope of ln τ on ln l, τ(l) = √(population sd of x_(i+l) - x_i), l = 2 … ${config.max_lag}`,
      nullRule:
        `null below four and below ${rolling ? config.rolling_min_periods : config.min_periods} values, ` +
        'and below two lags with dispersion',
      inputs: metrics,
      from: `${BLOCK}.columns`,
    }),
  ]
  columns.distinct('group_by', made)
  if (columns.refused > 0 || !time) return null
  const parameters: HurstParameters = {
    groupBy: groupBy.map(({ name, type }) => ({ name, type })),
    time: { name: time.name, type: time.type },
    metrics: metrics.sort(compareBytes),
    maxLag: config.max_lag,
    minPeriods: rolling ? config.rolling_min_periods : config.min_periods,
    rolling,
  }
  return {
    // The label comes before further keys (semantics 3.2).
    keys: made.filter(({ merge }) => merge === 'key').map(({ name }) => name),
    columns: made,
    reads: [[...new Set([...parameters.groupBy.map(({ name }) => name), time.name, ...metrics])]],
    rule: rolling && time.name === 'TimeBucket' ? columns.source.rule : null,
    cuts: cutsByKeys(config.group_by),
    holdsRows: true,
    parameters,
  }
}

function rollingOf({ config, warn }: LaterOffer, columns: SourceColumns): HurstParameters['rolling'] {
  const { mode, rolling_window: window, rolling_min_periods: least, rolling_step: step } = config
  if (mode === 'static') {
    if (window !== null) warn('rolling_window', 'has no effect with mode static', 'set mode: rolling')
    return null
  }
  if (window === null) {
    columns.refuse('rolling_window', 'mode rolling needs it', 'give the number of rows of a window')
    return null
  }
  if (least > window) {
    const problem = `windows of ${window} rows never have the ${least} values that rolling_min_periods asks for`
    columns.refuse('rolling_window', problem, 'widen the window or lower rolling_min_periods')
  }
  return { window, step }
}
