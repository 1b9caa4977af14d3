import { and, type Expr, type ExprLike, expr } from './expr.js'
import type { Parameters } from './kernel.js'
import type { BucketRule } from './time.js'

/** One fold that a metric asks for. Equal folds of several metrics are computed once. */
export interface FoldRequest {
  kernel: string
  inputs: Expr[]
  where?: Expr
  parameters?: Parameters
}

const fold =
  (kernel: string) =>
  (value: ExprLike, where?: Expr): FoldRequest => ({
    kernel,
    inputs: [expr(value)],
    ...(where && { where }),
  })

export const sum = fold('sum')
export const min = fold('min')
export const max = fold('max')
export const first = fold('first')
export const last = fold('last')
/** Value of the last row, whether or not it is null there. */
export const lastRow = fold('last_row')
export const mean = fold('mean')
export const std = fold('std')
export const median = fold('median')
export const distinct = fold('distinct')

/** Counts the selected rows. */
export const count = (where?: Expr): FoldRequest => ({ kernel: 'count', inputs: [], ...(where && { where }) })

/** Counts the selected rows in which `value` is not null. */
export const countOf = (value: ExprLike, where?: Expr): FoldRequest => ({
  kernel: 'count',
  inputs: [],
  where: and(where ?? { op: 'true' }, { op: 'not', args: [{ op: 'is_null', args: [expr(value)] }] }),
})

/** Returns the quantile `q` in 0..1 with linear interpolation. */
export const quantile = (value: ExprLike, q: number, where?: Expr): FoldRequest => ({
  ...fold('quantile')(value, where),
  parameters: { q },
})

/** Asks for a series kernel over several inputs. */
export const series = (kernel: string, inputs: ExprLike[], parameters: Parameters = {}, where?: Expr): FoldRequest => ({
  kernel,
  inputs: inputs.map(expr),
  parameters,
  ...(where && { where }),
})

/** What a metric may know when it is planned: one value for each axis and scalar field of its entry. */
// biome-ignore lint/suspicious/noExplicitAny: values have been checked by the family's schema.
export type EntryParameters = Record<string, any>

/** What the tables offer, as far as planning needs it. */
export interface Offer {
  /** Tells whether a canonical or extra column of the module's table is mapped, derived or constant. */
  has(column: string): boolean
  /** Returns the condition that a flag column is set, under the table's flag encoding. */
  flag(column: string): Expr
  /** The pass's module configuration. */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  config: any
  /** Modules of the pass. */
  modules: readonly string[]
  /** Seconds of a bucket (annualisation). */
  bucketSeconds: number
  /** How the pass labels event times. */
  rule: BucketRule
  /** Which edge belongs to a bucket; grids inside it follow. */
  closed: 'right' | 'left'
  /** ns after midnight of the zone at which the session ends, when DATA.session_end is set; see column SessionEnd. */
  sessionEnd: boolean
  /** How prices in another unit than their listing's are treated. */
  mixedUnits: 'error' | 'exclude' | 'ignore'
}

export interface MetricDefinition {
  module: string
  family: string
  /** The value of the family's picking field that asks for this metric, as users write it: 'VWAP'. */
  pick: string
  /** Tells several metrics of one pick apart: Open, High, Low, Close of OHLC. */
  part?: string
  /** Output name. `{Side}` stands for the parameter `side`, first letter capital. */
  name: string | ((parameters: EntryParameters) => string)
  unit: string | ((parameters: EntryParameters) => string)
  doc: string
  formula: string
  priority?: 'C' | 'E' | 'B'
  /** Merge code of semantics 5.0: S, N, O, R, M, V, T or –. */
  merge: string
  /** Value of a row in which nothing matches: additive metrics are 0, all others null (semantics 4.1). */
  empty: 'zero' | 'null'
  /** Uses data after the bucket's end (semantics 4.6). */
  hindsight?: boolean | ((parameters: EntryParameters) => boolean)
  /** Which of the module's row filters applies. */
  filter?: 'price' | 'volume'
  /** Rows of the metric's own class, in place of the module's base filter (marked ○ in semantics). */
  ownClass?: (parameters: EntryParameters, offer: Offer) => Expr
  /**
   * Names the part whose value stands in buckets without rows between the first and the last bar of a listing's day:
   * prev_close gives them the close before.
   */
  standsIn?(parameters: EntryParameters): string | null
  /** Folds by name, over the rows that pass the module's filters, the side and the entry's own; none: no column. */
  uses(parameters: EntryParameters, offer: Offer): Record<string, FoldRequest>
  /**
   * The metric, of a module over another table, by whose column of the same name this one is divided when the two are
   * joined; it is the id of that metric, and both have a `value`.
   */
  dividedBy?: string
  /** Computes the value; NaN and infinities become null. Left out: the only fold's value, 64-bit exact. */
  value?(folds: Record<string, number>, parameters: EntryParameters): number
}

export interface Metric extends MetricDefinition {
  kind: 'metric'
  id: string
  /** Place in the order of declaration: a module's exports are listed by name, but Open comes before Close. */
  declared: number
}

let declared = 0

/** Declares a metric. The export of the value is its registration: nothing else lists it. */
export function metric(definition: MetricDefinition): Metric {
  const { module, family, pick, part } = definition
  return {
    kind: 'metric',
    id: [module, family, pick, part].filter(Boolean).join('.'),
    declared: declared++,
    ...definition,
  }
}

/** Tells whether a metric uses data after its bucket's end, for one set of parameters. */
export function usesHindsight({ hindsight }: MetricDefinition, parameters: EntryParameters): boolean {
  return typeof hindsight === 'function' ? hindsight(parameters) : (hindsight ?? false)
}

/** Fills `{Side}`-like placeholders: `{side}` verbatim, `{Side}` with its first letter capital; null is empty. */
export function fillName(template: string, parameters: EntryParameters): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name] ?? parameters[name[0].toLowerCase() + name.slice(1)]
    const text = value === null || value === undefined ? '' : String(value)
    return name[0] === name[0].toUpperCase() ? text.charAt(0).toUpperCase() + text.slice(1) : text
  })
}
