import { type Column, columnOfDoubles, compareBytes, doublesOf, type Frame, frameColumn } from '../../lib/core/index.js'
import { gather, groupRows, type Key, keyColumns } from '../statistics/groups.js'
import { textColumn } from '../statistics/result-columns.js'
import { emptyFrame } from '../statistics/result-frame.js'
import { twoSidedProbability } from '../statistics/student-t.js'
import { bestLead, type Lead, type Method, seriesOf, studentT } from './leads.js'
import { medianStep } from './median-step.js'

/** What a run of predictor needs to know. */
export interface PredictorParameters {
  groupBy: Key[]
  time: string
  target: string
  predictors: string[]
  /** Ascending. */
  lags: number[]
  method: Method
  minPeriods: number
  /** Predictors to keep in a group; null: all. */
  topK: number | null
  /** The output columns after the keys, in their order. */
  measures: { name: string; type: 'f64' | 'i64' }[]
}

interface Found extends Lead {
  group: number
  predictor: number
  /** Median seconds between rows of the group. */
  step: number
}

const VALUES: Record<string, (found: Found) => number> = {
  BestLag: ({ lag }) => lag,
  BestCorr: ({ r }) => r,
  Confidence: ({ r, pairs }) => Math.abs(r) * Math.sqrt(pairs),
  AnticipationSteps: ({ lag }) => lag,
  AnticipationSeconds: ({ lag, step }) => lag * step,
  TStatistic: studentT,
  PValue: found => twoSidedProbability(studentT(found), found.pairs - 2),
}

/** Finds the best leads of every group, in ascending order of group and predictor. */
export function leads(frame: Frame, parameters: PredictorParameters): Frame {
  const { groupBy, time, target, predictors, measures, method } = parameters
  const keys: Key[] = [...groupBy, { name: 'Target', type: 'str' }, { name: 'Predictor', type: 'str' }]
  if (frame.rows === 0) return emptyFrame([...keys, ...measures])
  const groups = groupRows(frame, groupBy, time)
  const columns = predictors.map(name => doublesOf(frameColumn(frame, name)))
  const aim = doublesOf(frameColumn(frame, target))
  const found: Found[] = []
  for (let group = 0; group < groups.count; group++) {
    const rows = groups.rows.subarray(groups.starts[group], groups.starts[group + 1])
    const step = medianStep(frameColumn(frame, time), rows)
    const y = seriesOf(gather(aim, rows), method)
    const all = columns.map((column, predictor): Found => {
      const lead = bestLead(seriesOf(gather(column, rows), method), y, parameters.lags, parameters.minPeriods)
      return { ...lead, group, predictor, step }
    })
    found.push(...best(all, parameters))
  }
  const group = Int32Array.from(found, each => each.group)
  return {
    rows: found.length,
    columns: new Map<string, Column>([
      ...keyColumns(groups, groupBy, group),
      ['Target', textColumn(new Int32Array(found.length), [target])],
      [
        'Predictor',
        textColumn(
          Int32Array.from(found, each => each.predictor),
          predictors,
        ),
      ],
      ...measures.map(({ name, type }): [string, Column] => [name, measured(found, VALUES[name], type)]),
    ]),
  }
}

/** Returns the leads with the greatest abs(r), those without any last, as they are listed on ties; by predictor's name. */
function best(all: Found[], { topK, predictors }: PredictorParameters): Found[] {
  const strength = ({ r }: Found) => (Number.isNaN(r) ? -1 : Math.abs(r))
  const kept = all.sort((a, b) => strength(b) - strength(a) || a.predictor - b.predictor).slice(0, topK ?? all.length)
  return kept.sort((a, b) => compareBytes(predictors[a.predictor], predictors[b.predictor]))
}

/** Makes a column of what was found; all of it is null where no lag correlates. */
function measured(found: readonly Found[], value: (each: Found) => number, type: 'f64' | 'i64'): Column {
  const values = Float64Array.from(found, each => (Number.isNaN(each.r) ? NaN : value(each)))
  if (type === 'f64') return columnOfDoubles(values)
  const { valid } = columnOfDoubles(values)
  return { type, values: BigInt64Array.from(values, each => BigInt(each)), valid }
}
