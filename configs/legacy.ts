import type { Finding } from './finding.js'
import { contextFindings } from './legacy-events.js'
import { type LooseMap, listOf, mapOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Keys of exported configs that have no meaning here. */
const WITHOUT_MEANING = [
  'EAGER_EXECUTION',
  'ENABLE_POLARS_PROFILING',
  'POLARS_GPU_ENABLED',
  'ENABLE_PERFORMANCE_LOGS',
  'PREPARE_DATA_MODE',
  'RUN_ONE_SYMBOL_AT_A_TIME',
]
const TARGET_WITHOUT_MEANING = ['sql_use_pandas', 'preserve_index', 'index_name']

/** Rewrites what configs exported from the original say in other words; each change is a warning. */
export function legacyFindings(config: LooseMap): Finding[] {
  return [
    ...dropped(config, WITHOUT_MEANING, []),
    ...targetsOf(config).flatMap(({ target, path }) => dropped(target, TARGET_WITHOUT_MEANING, path)),
    ...renamedStrategy(config, ['BATCHING_STRATEGY']),
    ...renamedStrategy(mapOf(config.EXECUTION), ['EXECUTION', 'batching_strategy']),
    ...passesOf(config).flatMap(({ index, pass }) => renamedEvents(pass, ['PASSES', index])),
    ...otherSources(config),
  ]
}

function dropped(map: LooseMap, keys: readonly string[], path: Path): Finding[] {
  return keys
    .filter(key => Object.hasOwn(map, key))
    .map(key => {
      delete map[key]
      return { path: [...path, key], problem: 'has no meaning here', hint: 'remove it', warning: true, atKey: true }
    })
}

function targetsOf(config: LooseMap): { target: LooseMap; path: Path }[] {
  const targets: { target: LooseMap; path: Path }[] = [{ target: mapOf(config.OUTPUT_TARGET), path: ['OUTPUT_TARGET'] }]
  for (const { index, pass } of passesOf(config)) {
    targets.push({ target: mapOf(pass.output), path: ['PASSES', index, 'output'] })
    const extra = Array.isArray(pass.extra_outputs) ? pass.extra_outputs : []
    for (const [i, each] of extra.entries())
      targets.push({ target: mapOf(each), path: ['PASSES', index, 'extra_outputs', i] })
  }
  return targets
}

function renamedStrategy(map: LooseMap, path: Path): Finding[] {
  const key = String(path[path.length - 1])
  if (map[key] !== 'polars_scan') return []
  map[key] = 'streaming'
  return [{ path, problem: "'polars_scan' is read as 'streaming'", hint: 'write streaming', warning: true }]
}

function renamedEvents(pass: LooseMap, path: Path): Finding[] {
  const findings = contextFindings(pass, path)
  if (pass.modules !== undefined) {
    const modules = listOf(pass.modules)
    for (const [i, name] of modules.entries()) {
      if (name !== 'events') continue
      modules[i] = 'external_events'
      findings.push({
        path: [...path, 'modules', i],
        problem: "'events' is read as 'external_events'",
        hint: 'write external_events',
        warning: true,
      })
      pass.modules = modules
    }
  }
  if (Object.hasOwn(pass, 'event_analytics')) {
    pass.external_event_analytics ??= pass.event_analytics
    delete pass.event_analytics
    const problem = "is read as 'external_event_analytics'"
    findings.push({
      path: [...path, 'event_analytics'],
      problem,
      hint: 'write external_event_analytics',
      warning: true,
      atKey: true,
    })
  }
  return findings
}

function otherSources(config: LooseMap): Finding[] {
  return listOf(config.DATA_SOURCE_PATH).flatMap((source, i) =>
    typeof source !== 'string' || source === 'bmll'
      ? []
      : [
          {
            path: ['DATA_SOURCE_PATH', i],
            problem: `there is no source '${source}'`,
            hint: 'DATA says where tables lie',
            warning: true,
          },
        ],
  )
}
