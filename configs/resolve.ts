import * as z from 'zod'
import type { Registry } from '../lib/core/index.js'
import type { AnalyticsConfig } from './analytics.js'
import { EVENT_MODULE, TIMELINE_MODULES } from './availability.js'
import { blockSchemas } from './blocks.js'
import { table } from './data.js'
import { denseAnalytics } from './dense.js'
import type { Finding } from './finding.js'
import { type LooseMap, mapOf, passesOf } from './loose.js'
import { completedTarget } from './outputs.js'
import { outputTarget } from './targets.js'

/** What a checked config becomes: one name for each value, complete targets, module blocks with defaults. */
export interface Resolved {
  config: AnalyticsConfig
  /** Modules that ENABLED: false took out. */
  notices: Finding[]
}

/** Resolves aliases, targets and module blocks. `checked` is what the schema gave, `written` what it was given. */
export function resolved(checked: LooseMap, written: LooseMap, registry: Registry): Resolved {
  const notices: Finding[] = []
  const { BATCHING_STRATEGY, NUM_WORKERS, TEMP_DIR, ...config } = checked
  const given = mapOf(written.EXECUTION)
  const execution: LooseMap = { ...mapOf(checked.EXECUTION) }
  for (const [key, alias] of [
    ['batching_strategy', BATCHING_STRATEGY],
    ['workers', NUM_WORKERS],
    ['temp_dir', TEMP_DIR],
  ] as const) {
    if (alias !== undefined && alias !== null && (given[key] === undefined || given[key] === null))
      execution[key] = alias
  }
  const run = completedTarget(mapOf(written.OUTPUT_TARGET), {})
  config.EXECUTION = execution
  config.DATA = dataOf(mapOf(checked.DATA))
  config.OUTPUT_TARGET = outputTarget.parse(run)
  const writtenPasses = passesOf(written)
  const schemas = blockSchemas(registry)
  config.PASSES = (checked.PASSES as LooseMap[]).map((pass, index) => {
    const { enabled, off } = enabledModules(pass, registry)
    const preprocess = enabledModules({ ...pass, modules: pass.preprocess_modules }, registry).enabled
    for (const name of off)
      notices.push({
        path: ['PASSES', index, 'modules'],
        problem: `module ${name} is switched off by ENABLED: false`,
        warning: true,
      })
    const timeline = timelineOf(pass, enabled)
    if (timeline.notice) notices.push({ path: ['PASSES', index, 'modules'], problem: timeline.notice, warning: true })
    return {
      ...pass,
      ...timeline.fields,
      modules: enabled.filter(name => !TIMELINE_MODULES.includes(name)),
      preprocess_modules: preprocess,
      ...outputsOf(writtenPasses[index].pass, run),
      ...blocksOf(pass, writtenPasses[index].pass, [...enabled, ...preprocess], registry, schemas),
    }
  })
  return { config: config as unknown as AnalyticsConfig, notices }
}

function dataOf(data: LooseMap): LooseMap {
  const { reference, tables, ...rest } = data
  if (reference === null) return { ...rest, tables }
  const written = typeof reference === 'string' ? table.parse({ path: reference }) : reference
  return { ...rest, tables: { reference: written, ...mapOf(tables) } }
}

function outputsOf(pass: LooseMap, run: LooseMap): LooseMap {
  const target = (written: unknown) => outputTarget.parse(completedTarget(mapOf(written), run))
  const extra = Array.isArray(pass.extra_outputs) ? pass.extra_outputs : []
  return {
    output: pass.output === undefined || pass.output === null ? outputTarget.parse(run) : target(pass.output),
    extra_outputs: extra.map(target),
  }
}

function enabledModules(pass: LooseMap, registry: Registry): { enabled: string[]; off: string[] } {
  const names = [...new Set(pass.modules as string[])]
  const blockOf = (name: string) => registry.anyModule(name)?.block ?? `${name}_analytics`
  const isOff = (name: string) => mapOf(pass[blockOf(name)]).ENABLED === false
  return { enabled: names.filter(name => !isOff(name)), off: names.filter(isOff) }
}

/** A pass that names module dense or external_events has that timeline; every dense pass has the block. */
function timelineOf(pass: LooseMap, modules: string[]): { fields: LooseMap; notice?: string } {
  if (modules.includes(EVENT_MODULE)) return { fields: { timeline_mode: 'event' } }
  const named = modules.includes('dense')
  if (!named && pass.timeline_mode !== 'dense') return { fields: {} }
  const fields = { timeline_mode: 'dense', dense_analytics: pass.dense_analytics ?? denseAnalytics.parse({}) }
  if (pass.timeline_mode === 'dense') return { fields }
  return { fields, notice: `module dense means timeline_mode: dense, and not ${pass.timeline_mode}` }
}

/**
 * Gives every module of a pass its block, so that no reader needs to know defaults. Keys stand as they were written:
 * output columns follow that order.
 */
function blocksOf(
  pass: LooseMap,
  written: LooseMap,
  modules: string[],
  registry: Registry,
  schemas: Record<string, z.ZodType>,
): LooseMap {
  const blocks: LooseMap = {}
  for (const name of modules) {
    const key = registry.anyModule(name)?.block
    if (key === undefined) continue
    const block = mapOf(pass[key] ?? z.nonoptional(schemas[key]).parse({}))
    const order = Object.keys(mapOf(written[key])).filter(name => name in block)
    blocks[key] = { ...Object.fromEntries(order.map(name => [name, block[name]])), ...block }
  }
  return blocks
}
