import * as z from 'zod'
import {
  type Column,
  columnOfDoubles,
  doublesOf,
  type Frame,
  frameColumn,
  KeyTable,
  type LaterOffer,
  nearest,
  type OutputColumn,
  rankRows,
  type Source,
} from '../../lib/core/index.js'
import { columnNamed } from '../statistics/source-columns.js'
import { type Accumulator, grown } from './accumulator.js'
import { ESTIMATORS, type Estimator, type EstimatorInput } from './estimators.js'
import type { PlannedKeys } from './grouping.js'
import type { GenericConfig } from './settings.js'

/** An estimator of a plan: plain JSON. */
export interface PlannedEstimate {
  name: string
  variant: string
  parameters: Record<string, number>
  /** Columns of its inputs, in their order. */
  inputs: string[]
  /** Rows of a group are put in the order of their labels first; null: they come so, or have none. */
  time: string | null
}

/** Plans the estimators of a config: statistics of the source rows of each group, over several columns. */
export function planEstimates(
  { estimators }: GenericConfig,
  source: Source,
  keys: PlannedKeys,
  offer: LaterOffer,
): { planned: PlannedEstimate[]; columns: OutputColumn[] } {
  if (estimators.length > 0 && keys.unchanged) {
    const hint = 'set a resample_rule, or leave keys out of group_by'
    offer.refuse('estimators', 'estimators need groups of several rows; these keys name single ones', hint)
  }
  const time = source.columns.some(({ name }) => name === 'TimeBucket') ? 'TimeBucket' : null
  const made = estimators.flatMap((entry, i) => {
    const field = `estimators[${i}]`
    const estimator = ESTIMATORS.find(({ variant }) => variant === entry.variant) as Estimator
    const inputs = estimator.inputs.map(input => inputOf(input, entry.columns, source, field, offer))
    refuseRoles(entry.columns, estimator, field, offer)
    const read = z.strictObject(estimator.parameters).safeParse(entry.parameters)
    if (!read.success) {
      for (const { path, message } of read.error.issues)
        offer.refuse([`${field}.parameters`, ...path].join('.'), message)
    }
    if (!read.success || inputs.includes(undefined)) return []
    const parameters = read.data as Record<string, number>
    const name = estimator.name.replace(/\{(\w+)\}/g, (_, key: string) => String(parameters[key]))
    const planned = { name, variant: estimator.variant, parameters, inputs: inputs as string[], time }
    return [{ planned, column: columnOf(planned, estimator, field) }]
  })
  return { planned: made.map(({ planned }) => planned), columns: made.map(({ column }) => column) }
}

function inputOf(
  { role, column, kind }: EstimatorInput,
  columns: Record<string, string>,
  source: Source,
  field: string,
  offer: LaterOffer,
): string | undefined {
  const name = columns[role] ?? column
  const at = Object.hasOwn(columns, role) ? `${field}.columns.${role}` : `${field}.variant`
  const found = columnNamed(name, source, at, offer)
  if (!found || kind === 'key' || ['f64', 'i64', 'i32'].includes(found.type)) return found && name
  offer.refuse(at, `${name} is ${found.type}; numbers are needed`)
  return undefined
}

function refuseRoles(
  columns: Record<string, string>,
  { variant, inputs }: Estimator,
  field: string,
  offer: LaterOffer,
) {
  const roles = inputs.map(({ role }) => role)
  for (const role of Object.keys(columns)) {
    if (roles.includes(role)) continue
    const near = nearest(role, roles)
    const hint = near ? `did you mean '${near}'?` : `it reads ${roles.join(', ')}`
    offer.refuse(`${field}.columns.${role}`, `${variant} reads no '${role}'`, hint)
  }
}

function columnOf({ name, inputs }: PlannedEstimate, estimator: Estimator, field: string): OutputColumn {
  const { unit, doc, formula, source, nullRule } = estimator
  return {
    name,
    type: 'f64',
    unit,
    doc: `${doc}. ${source}`,
    formula,
    merge: '–',
    nullRule,
    hindsight: false,
    inputs,
    from: field,
  }
}

/** Keeps the rows of every group and computes an estimator of each when all have come. */
export class EstimateAccumulator implements Accumulator {
  private readonly estimator: Estimator
  private readonly values: Float64Array[]
  private readonly keys: (KeyTable | null)[]
  private owners = new Int32Array(1024)
  private times = new BigInt64Array(1024)
  private rows = 0

  constructor(private readonly planned: PlannedEstimate) {
    this.estimator = ESTIMATORS.find(({ variant }) => variant === planned.variant) as Estimator
    this.values = planned.inputs.map(() => new Float64Array(1024))
    this.keys = planned.inputs.map(() => null)
  }

  add(frame: Frame, groups: Int32Array): void {
    const { planned, estimator } = this
    const length = this.rows + frame.rows
    this.owners = grown(this.owners, length)
    this.owners.set(groups.subarray(0, frame.rows), this.rows)
    if (planned.time !== null) {
      this.times = grown(this.times, length)
      this.times.set(frameColumn(frame, planned.time).values as BigInt64Array, this.rows)
    }
    for (const [i, name] of planned.inputs.entries()) {
      this.values[i] = grown(this.values[i], length)
      const column = frameColumn(frame, name)
      this.values[i].set(estimator.inputs[i].kind === 'key' ? this.numbers(i, column) : doublesOf(column), this.rows)
    }
    this.rows = length
  }

  column(count: number): Column {
    const { estimator, planned, rows } = this
    const owners: Column = { type: 'i32', values: this.owners.subarray(0, rows), valid: null }
    const times: Column = { type: 'ts', values: this.times.subarray(0, rows), valid: null }
    const order = rankRows(planned.time === null ? [owners] : [owners, times], rows)
    const out = new Float64Array(count).fill(Number.NaN)
    for (let from = 0; from < rows; ) {
      const group = this.owners[order[from]]
      let to = from + 1
      while (to < rows && this.owners[order[to]] === group) to++
      const own = order.subarray(from, to)
      const inputs = this.values.map(values => Float64Array.from(own, row => values[row]))
      out[group] = estimator.value(inputs, planned.parameters)
      from = to
    }
    return columnOfDoubles(out)
  }

  /** Numbers the distinct values of a column from 0. */
  private numbers(input: number, column: Column): Float64Array {
    this.keys[input] ??= new KeyTable([{ name: 'key', type: column.type }])
    const rows = column.values.length
    const numbers = Float64Array.from((this.keys[input] as KeyTable).resolve([column], rows))
    const { valid } = column
    return valid ? numbers.map((number, row) => (valid[row] ? number : Number.NaN)) : numbers
  }
}
