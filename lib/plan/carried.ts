import {
  type Carried,
  type CarryPlan,
  type CarryRule,
  type DerivedColumn,
  type Expr,
  type FoldRequest,
  NULL,
  TRUE,
  when,
} from '../core/index.js'
import { UNTIL } from './auctions.js'
import type { FoldSet } from './fold-set.js'
import type { KeptState } from './kept-state.js'
import type { MadeColumn } from './output-columns.js'
import type { Requested } from './requests.js'

/** A column that is made of the buckets of a listing's day: what each bar brings, and how they are joined. */
export interface CarriedColumn {
  rule: CarryRule
  kernel: Carried
  /** Folds of its parts. */
  numbers: Record<string, number>
  /** The parts as columns of a bar. */
  parts: DerivedColumn[]
}

/** Plans a metric whose only fold is carried from bucket to bucket; undefined for any other. */
export function carriedColumn(
  { metric, name, path }: Requested,
  uses: Record<string, FoldRequest>,
  rows: Expr,
  folds: FoldSet,
  by: string,
  apart: boolean,
): CarriedColumn | undefined {
  const [use, ...others] = Object.values(uses)
  const kernel = others.length === 0 && !metric.value ? folds.carriedBy(use.kernel) : undefined
  if (!kernel) return undefined
  const own = kernel.masks ? use.inputs.map(input => masked(input, rows)) : use.inputs
  const inputs = apart && kernel.until ? [...own, UNTIL] : own
  const base = kernel.masks ? TRUE : rows
  const numbers = Object.fromEntries(
    kernel.parts.map(({ name: part, clock }) => {
      // What the clock says is the same for all inputs: such parts are shared.
      const parameters = clock ? { part } : { ...use.parameters, part }
      const request = { ...use, inputs: clock ? [] : inputs, parameters }
      return [part, folds.add(request, base, by, path)]
    }),
  )
  if (apart && kernel.until) {
    const parameters = { part: kernel.until }
    numbers[kernel.until] = folds.add({ ...use, inputs: [UNTIL], parameters }, base, by, path)
  }
  const parts = Object.values(numbers).map(
    (fold): DerivedColumn => ({
      name: `Part${fold}`,
      type: 'f64',
      metric: null,
      parameters: {},
      folds: { value: fold },
      zero: false,
    }),
  )
  const rule: CarryRule = {
    kernel: use.kernel,
    parameters: use.parameters ?? {},
    parts: parts.map(part => part.name),
    columns: [name],
    zero: metric.empty === 'zero',
  }
  return { rule, kernel, numbers, parts }
}

const masked = (input: Expr, rows: Expr): Expr => (rows.op === 'true' ? input : when(rows, input, NULL))

/** Lists what is computed of the folds of a bar: columns, the parts of carried ones once each, and what is kept. */
export function derivedColumns(made: readonly MadeColumn[], kept: readonly KeptState[]): DerivedColumn[] {
  const parts = new Map(made.flatMap(({ carried }) => carried?.parts ?? []).map(part => [part.name, part]))
  const own = made.flatMap(({ carried, derived }) => (carried ? [] : derived))
  return [...own, ...parts.values(), ...kept.flatMap(({ derived }) => derived)]
}

/** Plans what buckets take over from those before them; undefined where nothing is. */
export function carryPlan(requests: readonly Requested[], made: readonly MadeColumn[]): CarryPlan | undefined {
  const rules = made.flatMap(({ carried }) => carried?.rule ?? [])
  const closes = requests.flatMap(request => {
    const part = request.metric.standsIn?.(request.parameters)
    const close = part && requests.find(each => each.metric.part === part && isSibling(each, request))
    return close ? [{ column: request.name, from: close.name }] : []
  })
  return rules.length + closes.length > 0 ? { rules, closes, between: closes.length > 0 } : undefined
}

/** Tells whether two columns are parts of what one entry asks for. */
const isSibling = (a: Requested, b: Requested): boolean =>
  a.path === b.path &&
  a.metric.pick === b.metric.pick &&
  a.metric.module === b.metric.module &&
  JSON.stringify(a.parameters) === JSON.stringify(b.parameters)
