import type { AnalyticsConfig } from '../../configs/index.js'
import {
  bucketKeys,
  type LaterPlan,
  nearest,
  type OutputColumn,
  type PassPlan,
  type Problem,
  type Source,
} from '../core/index.js'
import type { Expectations, PassChecks, Quality } from './pass-checks.js'
import { lockProblems } from './schema-lock.js'

type Plan = PassPlan | LaterPlan
type PassConfig = AnalyticsConfig['PASSES'][number]

/**
 * Plans the checks of a pass: its own quality_checks, or else those of the run, and its expectations. Null where there
 * are none. Problems are reported, all of them. `results` are those of earlier passes.
 */
export function planChecks(
  config: AnalyticsConfig,
  index: number,
  plan: Plan,
  results: ReadonlyMap<string, Source | undefined>,
  problems: Problem[],
): PassChecks | null {
  const pass = config.PASSES[index]
  const quality = planQuality(config, index, plan, problems)
  const expectations = planExpectations(pass, `PASSES[${index}].pass_expectations`, plan, results, problems)
  if (!quality && !expectations) return null
  return { pass: plan.name, columns: plan.columns.map(({ name }) => name), quality, expectations }
}

/** Finds problems of checks that are about the whole run: ranges that no pass has a column for, and locked columns. */
export function planRunChecks(config: AnalyticsConfig, plans: readonly Plan[]): Problem[] {
  return [...unusedRanges(config, plans), ...lockProblems(config, plans)]
}

function planQuality(config: AnalyticsConfig, index: number, plan: Plan, problems: Problem[]): Quality | null {
  const own = config.PASSES[index].quality_checks
  const limits = own ?? config.QUALITY_CHECKS
  if (!limits?.ENABLED) return null
  const at = own ? `PASSES[${index}].quality_checks` : 'QUALITY_CHECKS'
  const keys = keysOf(plan)
  for (const name of Object.keys(limits.ranges)) {
    const path = rangePath(at, name)
    const column = plan.columns.find(each => each.name === name)
    // A range of the run is for the passes that have the column.
    if (!column && own) problems.push({ ...noColumn(path, name, plan.name, plan.columns), atKey: true })
    if (column && !isNumber(column))
      problems.push({ severity: 'error', path, problem: `'${name}' holds no numbers`, hint: 'ranges are for numbers' })
  }
  return {
    at,
    nullRateMax: limits.null_rate_max,
    columns: plan.columns.map(({ name }) => name).filter(name => !keys.includes(name)),
    ranges: plan.columns.filter(isNumber).flatMap(({ name }) => {
      if (!Object.hasOwn(limits.ranges, name)) return []
      const [min, max] = limits.ranges[name]
      return [{ column: name, min, max }]
    }),
    action: limits.action,
  }
}

function planExpectations(
  { pass_expectations: asked }: PassConfig,
  at: string,
  plan: Plan,
  results: ReadonlyMap<string, Source | undefined>,
  problems: Problem[],
): Expectations | null {
  if (!asked) return null
  const refuse = (field: string, problem: string, hint: string, severity: Problem['severity'] = 'error') =>
    void problems.push({ severity, path: `${at}.${field}`, problem, hint })
  // A pass may lack the default ones: they are exempt where they are.
  for (const name of asked.non_nan_exempt_columns)
    if (!['ListingId', 'TimeBucket'].includes(name) && !plan.columns.some(column => column.name === name))
      problems.push(noColumn(`${at}.non_nan_exempt_columns`, name, plan.name, plan.columns))
  const preserved = PRESERVED.filter(field => asked[field])
  const source = plan.kind === 'later' ? results.get(plan.steps[0].sources[0].name) : undefined
  if (!source)
    for (const field of preserved)
      refuse(
        field,
        `compares with an earlier pass, and ${plan.name} reads a table`,
        'use all_non_nans or quality_checks',
      )
  else {
    for (const field of ['preserve_listing_id_count', 'preserve_listing_ids'] as const)
      for (const each of asked[field] ? [source, plan] : [])
        if (!each.columns.some(({ name }) => name === 'ListingId'))
          refuse(field, `pass ${each.name} has no column 'ListingId'`, 'leave it out, or group by ListingId')
    const dropped = source.columns.map(({ name }) => name).filter(name => !plan.columns.some(has => has.name === name))
    if (asked.preserve_existing_columns && dropped.length > 0) {
      const problem = `${dropped.length} of the ${source.columns.length} columns of ${source.name} are missing: ${dropped.join(', ')}`
      const severity = asked.action === 'warn' ? 'warning' : 'error'
      refuse('preserve_existing_columns', problem, 'let the pass make them, or leave it out', severity)
    }
  }
  const expected: Expectations = {
    at,
    source: source?.name ?? null,
    rows: asked.preserve_rows,
    listingCount: asked.preserve_listing_id_count,
    listingIds: asked.preserve_listing_ids,
    filled: asked.all_non_nans
      ? plan.columns.map(({ name }) => name).filter(name => !asked.non_nan_exempt_columns.includes(name))
      : [],
    action: asked.action,
  }
  const isAny = expected.rows || expected.listingCount || expected.listingIds || expected.filled.length > 0
  return isAny ? expected : null
}

const PRESERVED = [
  'preserve_listing_id_count',
  'preserve_listing_ids',
  'preserve_rows',
  'preserve_existing_columns',
] as const

/** Finds ranges of the run that no pass has a column for. A pass that could not be planned may have it. */
function unusedRanges({ QUALITY_CHECKS: limits, PASSES }: AnalyticsConfig, plans: readonly Plan[]): Problem[] {
  if (!limits?.ENABLED) return []
  const passes = PASSES.filter(({ quality_checks }) => !quality_checks)
  if (passes.length === 0) {
    const problem = 'has no effect: every pass has quality_checks of its own'
    return [{ severity: 'warning', path: 'QUALITY_CHECKS', problem, atKey: true }]
  }
  const planned = passes.flatMap(pass => plans.find(({ name }) => name === pass.name) ?? [])
  if (planned.length < passes.length) return []
  const columns = planned.flatMap(plan => plan.columns)
  const owner = planned.length === 1 ? planned[0].name : null
  return Object.keys(limits.ranges)
    .filter(name => !columns.some(column => column.name === name))
    .map(name => ({ ...noColumn(rangePath('QUALITY_CHECKS', name), name, owner, columns), atKey: true }))
}

function noColumn(path: string, name: string, pass: string | null, columns: readonly OutputColumn[]): Problem {
  const near = nearest(
    name,
    columns.map(column => column.name),
  )
  const problem = pass === null ? `no pass has a column '${name}'` : `pass ${pass} has no column '${name}'`
  return {
    severity: 'error',
    path,
    problem,
    hint: near ? `did you mean '${near}'?` : 'pipeline plan lists the columns',
  }
}

/** A column's name may have signs that paths use. */
const rangePath = (at: string, column: string) => `${at}.ranges[${JSON.stringify(column)}]`

const isNumber = ({ type }: OutputColumn) => type === 'f64' || type === 'i64' || type === 'i32'

const keysOf = (plan: Plan): string[] => (plan.kind === 'raw' ? bucketKeys(plan) : plan.keys)
