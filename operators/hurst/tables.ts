import { type Column, columnOfDoubles, doublesOf, type Frame, frameColumn, take } from '../../lib/core/index.js'
import { type Groups, groupRows, type Key, keyColumns } from '../statistics/groups.js'
import { onePerLabel } from '../statistics/one-per-label.js'
import { textColumn } from '../statistics/result-columns.js'
import { emptyFrame } from '../statistics/result-frame.js'
import { hurstExponent } from './exponent.js'

/** What a run of hurst needs to know. */
export interface HurstParameters {
  groupBy: Key[]
  time: Key
  /** In ascending order of their names. */
  metrics: string[]
  maxLag: number
  /** Finite values below which there is no exponent. */
  minPeriods: number
  /** Rows of a window and between windows; null: one exponent of all rows of a group. */
  rolling: { window: number; step: number } | null
}

/** Estimates the exponents of all metrics in every group. */
export function exponents(frame: Frame, parameters: HurstParameters): Frame {
  const { groupBy, time, metrics } = parameters
  if (frame.rows === 0) return emptyFrame(outputOf(parameters))
  const groups = groupRows(frame, groupBy, time.name)
  const columns = metrics.map(name => doublesOf(frameColumn(frame, name)))
  return parameters.rolling
    ? rolling(frame, groups, columns, parameters, parameters.rolling)
    : whole(groups, columns, parameters)
}

function outputOf({ groupBy, time, rolling }: HurstParameters): Key[] {
  return [
    ...groupBy,
    ...(rolling ? [time] : []),
    { name: 'Metric', type: 'str' },
    { name: 'HurstExponent', type: 'f64' },
  ]
}

/** Makes a row for every group and metric. */
function whole(
  groups: Groups,
  columns: Float64Array[],
  { groupBy, metrics, maxLag, minPeriods }: HurstParameters,
): Frame {
  const rows = groups.count * metrics.length
  const group = new Int32Array(rows)
  const metric = new Int32Array(rows)
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    metric[row] = row % metrics.length
    const g = (group[row] = (row - metric[row]) / metrics.length)
    const x = finite(columns[metric[row]], groups.rows.subarray(groups.starts[g], groups.starts[g + 1]))
    values[row] = x.length < minPeriods ? NaN : hurstExponent(x, x.length, maxLag)
  }
  return {
    rows,
    columns: new Map<string, Column>([
      ...keyColumns(groups, groupBy, group),
      ['Metric', textColumn(metric, metrics)],
      ['HurstExponent', columnOfDoubles(values)],
    ]),
  }
}

/** Makes a row for every group, metric and window: windows end at the first row of a group and every `step` rows on. */
function rolling(
  frame: Frame,
  groups: Groups,
  columns: Float64Array[],
  { groupBy, time, metrics, maxLag, minPeriods }: HurstParameters,
  { window, step }: { window: number; step: number },
): Frame {
  onePerLabel(frame, groups, groupBy, time.name, 'hurst')
  const windows = Array.from({ length: groups.count }, (_, g) =>
    Math.ceil((groups.starts[g + 1] - groups.starts[g]) / step),
  )
  const rows = windows.reduce((total, each) => total + each, 0) * metrics.length
  const group = new Int32Array(rows)
  const source = new Int32Array(rows)
  const metric = new Int32Array(rows)
  const values = new Float64Array(rows)
  let row = 0
  for (let g = 0; g < groups.count; g++) {
    const first = groups.starts[g]
    for (let end = first; end < groups.starts[g + 1]; end += step) {
      const own = groups.rows.subarray(Math.max(first, end + 1 - window), end + 1)
      for (let m = 0; m < metrics.length; m++, row++) {
        const x = finite(columns[m], own)
        group[row] = g
        source[row] = groups.rows[end]
        metric[row] = m
        values[row] = x.length < minPeriods ? NaN : hurstExponent(x, x.length, maxLag)
      }
    }
  }
  return {
    rows,
    columns: new Map<string, Column>([
      ...keyColumns(groups, groupBy, group),
      [time.name, take(frameColumn(frame, time.name), source, rows)],
      ['Metric', textColumn(metric, metrics)],
      ['HurstExponent', columnOfDoubles(values)],
    ]),
  }
}

/** Returns the values of these rows without nulls. */
function finite(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length)
  let n = 0
  for (const row of rows) if (!Number.isNaN(column[row])) out[n++] = column[row]
  return out.subarray(0, n)
}
