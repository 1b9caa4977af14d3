import { ConfigError, type Problem, type Registry } from '../lib/core/index.js'
import { absentFindings } from './absent.js'
import { type AnalyticsConfig, configSchema } from './analytics.js'
import { sha256 } from './digest.js'
import type { Finding } from './finding.js'
import { findingsOf } from './issues.js'
import { legacyFindings } from './legacy.js'
import { withLists } from './lists.js'
import type { RawConfig } from './load.js'
import type { LooseMap } from './loose.js'
import { type OriginLine, originLines } from './origins.js'
import { originOf, type Placed, pathOf, placed, sorted } from './place.js'
import { resolved } from './resolve.js'
import { ruleFindings } from './rules.js'
import { canonical } from './same.js'
import { placeText, plainOf } from './tree.js'

/** A config that passed every check that needs no data. */
export interface LoadedConfig {
  /** Checked, defaults applied, aliases resolved. */
  config: AnalyticsConfig
  /** Located lines, each beginning with `warning:`. */
  warnings: string[]
  /** Returns `file:line:column` of a path such as `PASSES[0].modules`, or of its nearest parent. */
  locate(path: string): string
  /** Writes problems found later as located lines, sorted by place. */
  report(problems: readonly Problem[]): string[]
  /** Lists every value with the place it comes from; secrets are shown as `***`. */
  origins(): OriginLine[]
  /** Returns the hex digest of all that can change results: not EXECUTION, not where data and outputs lie. */
  hash(): string
}

/** Most lines of one report; what comes after helps nobody. */
const MAX_LINES = 500

/** Checks a config completely and throws one ConfigError with every problem, or returns it with defaults applied. */
export function validateConfig(raw: RawConfig, registry: Registry, options: { strict?: boolean } = {}): LoadedConfig {
  const schema = configSchema(registry)
  const written = plainOf(raw.tree) as LooseMap
  const findings: Finding[] = [...legacyFindings(written), ...absentFindings(written, registry)]

  const listed = withLists(schema, written) as LooseMap
  const checked = schema.safeParse(listed)
  if (!checked.success) findings.push(...findingsOf(checked.error.issues, schema, listed, registry))
  findings.push(...ruleFindings(listed, registry))

  const done =
    findings.some(isError) || !checked.success ? undefined : resolved(checked.data as LooseMap, listed, registry)
  findings.push(...(done?.notices ?? []))
  const lines = sorted(
    raw,
    placed(
      raw,
      findings.map(finding => withPlaces(raw, finding)),
    ),
  )
  if (!done || (options.strict && lines.length > 0)) throw new ConfigError(shortened(lines, options.strict === true))
  return loaded(
    raw,
    done.config,
    lines.map(each => each.line),
  )
}

const isError = (finding: Finding) => finding.warning !== true

/** Errors alone, unless warnings count as such. */
function shortened(lines: Placed[], strict: boolean): string[] {
  const report = lines
    .filter(each => strict || !each.warning)
    .map(each => (strict ? each.line.replace(/^warning: /, '') : each.line))
  if (report.length <= MAX_LINES) return report
  return [...report.slice(0, MAX_LINES), `and ${report.length - MAX_LINES} more`]
}

/** Fills `{place:PATH}` in a problem: rules about two keys name the place of the other one. */
function withPlaces(raw: RawConfig, finding: Finding): Finding {
  const problem = finding.problem.replace(/\{place:([^}]*)\}/g, (_, path: string) => locate(raw, path))
  return { ...finding, problem }
}

/** Returns `file:line:column` of a path such as `PACKS[0]`, or of its nearest parent. */
export function locate(raw: RawConfig, path: string): string {
  return placeText(originOf(raw.tree, pathOf(raw.tree, path) ?? []).at)
}

function loaded(raw: RawConfig, config: AnalyticsConfig, warnings: string[]): LoadedConfig {
  return {
    config,
    warnings,
    locate: path => locate(raw, path),
    report: problems =>
      sorted(
        raw,
        placed(
          raw,
          problems.map(problem => findingOf(raw, problem)),
        ),
      ).map(each => each.line),
    origins: () => originLines(raw, config),
    hash: () => sha256(canonical(identityOf(config))),
  }
}

function findingOf(raw: RawConfig, problem: Problem): Finding {
  const path = pathOf(raw.tree, problem.path) ?? [problem.path]
  return {
    path,
    problem: problem.problem,
    hint: problem.hint,
    warning: problem.severity === 'warning',
    atKey: problem.atKey,
  }
}

const WITHOUT_VALUE = new Set([
  'EXECUTION',
  'LOGGING_LEVEL',
  'SCHEMA_LOCK_MODE',
  'SCHEMA_LOCK_PATH',
  'SKIP_EXISTING_OUTPUT',
  'CLEAN_UP_BATCH_FILES',
  'CLEAN_UP_TEMP_DIR',
  'RUN_ARTIFACTS_ENABLED',
  'RUN_ARTIFACTS_DIR',
  'RUN_ARTIFACTS_NAME',
])

/** Leaves out what never changes a value: resources, folders, logging, locks, and the order in which files are listed. */
function identityOf(config: AnalyticsConfig): unknown {
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => !WITHOUT_VALUE.has(key))) as AnalyticsConfig
  const withoutRoot = ({ root: _, ...target }: { root: string; [key: string]: unknown }) => target
  const tables = Object.entries(config.DATA.tables).map(([name, { path, ...table }]) => {
    return [name, { ...table, path: Array.isArray(path) ? path.toSorted() : path }]
  })
  return {
    ...rest,
    DATA: { ...withoutRoot(config.DATA), tables: Object.fromEntries(tables) },
    OUTPUT_TARGET: withoutRoot(config.OUTPUT_TARGET),
    PASSES: config.PASSES.map(pass => ({
      ...pass,
      output: withoutRoot(pass.output),
      extra_outputs: pass.extra_outputs.map(withoutRoot),
    })),
  }
}
