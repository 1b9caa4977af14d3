import { type Column, columnOfDoubles, doublesOf, type Frame, frameColumn } from '../../lib/core/index.js'
import { type Groups, gather, groupRows, type Key, keyColumns } from '../statistics/groups.js'
import { textColumn } from '../statistics/result-columns.js'
import { coefficients, type Method } from './coefficients.js'
import type { SoftOptions } from './soft.js'

/** What a run of correlation needs to know. */
export interface CorrelationParameters {
  groupBy: Key[]
  metrics: string[]
  /** The metrics' numbers in ascending order of their names. */
  order: number[]
  /** Output columns of the matrix, one a metric; null: a row a pair. */
  wide: string[] | null
  method: Method
  soft: SoftOptions
}

/** Correlates the metrics in every group. */
export function correlations(frame: Frame, parameters: CorrelationParameters): Frame {
  const { groupBy, metrics, method, soft } = parameters
  const groups = groupRows(frame, groupBy)
  const columns = metrics.map(name => (frame.rows === 0 ? new Float64Array(0) : doublesOf(frameColumn(frame, name))))
  const matrices = Array.from({ length: groups.count }, (_, g) => {
    const own = groups.rows.subarray(groups.starts[g], groups.starts[g + 1])
    return coefficients(
      columns.map(column => gather(column, own)),
      method,
      soft,
    )
  })
  return parameters.wide ? matrix(groups, matrices, parameters, parameters.wide) : pairs(groups, matrices, parameters)
}

/** Makes a row for every group and ordered pair. */
function pairs(groups: Groups, matrices: Float64Array[], { groupBy, metrics, order }: CorrelationParameters): Frame {
  const k = metrics.length
  const rows = groups.count * k * k
  const group = new Int32Array(rows)
  const x = new Int32Array(rows)
  const y = new Int32Array(rows)
  const values = new Float64Array(rows)
  let at = 0
  for (let g = 0; g < groups.count; g++) {
    for (const i of order) {
      for (const j of order) {
        group[at] = g
        x[at] = i
        y[at] = j
        values[at++] = matrices[g][i * k + j]
      }
    }
  }
  return {
    rows,
    columns: new Map<string, Column>([
      ...keyColumns(groups, groupBy, group),
      ['MetricX', textColumn(x, metrics)],
      ['MetricY', textColumn(y, metrics)],
      ['Corr', columnOfDoubles(values)],
    ]),
  }
}

/** Makes a row for every group and metric, with a column a metric. */
function matrix(
  groups: Groups,
  matrices: Float64Array[],
  { groupBy, metrics, order }: CorrelationParameters,
  wide: string[],
): Frame {
  const k = metrics.length
  const rows = groups.count * k
  const group = new Int32Array(rows)
  const x = new Int32Array(rows)
  const values = metrics.map(() => new Float64Array(rows))
  let at = 0
  for (let g = 0; g < groups.count; g++) {
    for (const i of order) {
      group[at] = g
      x[at] = i
      for (let j = 0; j < k; j++) values[j][at] = matrices[g][i * k + j]
      at++
    }
  }
  return {
    rows,
    columns: new Map<string, Column>([
      ...keyColumns(groups, groupBy, group),
      ['MetricX', textColumn(x, metrics)],
      ...wide.map((name, j): [string, Column] => [name, columnOfDoubles(values[j])]),
    ]),
  }
}
