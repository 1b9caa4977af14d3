import type { AnalyticsConfig, PassConfig } from '../../configs/index.js'
import type { Registry } from '../core/index.js'

/** A further result of a pass, which later passes may read. */
export interface SideOutput {
  /** Of the pass in PASSES. */
  index: number
  /** What it is called: `pass:output`. */
  name: string
  /** What sources may call it, beside that. */
  aliases: string[]
  /** The module that makes it. */
  module: string
  /** auto: where a later pass reads it; always; never. */
  materialize: 'auto' | 'always' | 'never'
}

/** Lists the modules of a pass that have side outputs: those that compute it, and those that run for these alone. */
const modulesOf = ({ modules, preprocess_modules }: PassConfig) => [...new Set([...modules, ...preprocess_modules])]

/** Lists the side outputs that a pass may have, as its modules declare them. */
export function declaredOutputs(registry: Registry, pass: PassConfig): { names: string[]; module: string }[] {
  return modulesOf(pass).flatMap(name => {
    const module = registry.anyModule(name)
    return module?.sideOutputs?.(pass[module.block] ?? {}) ?? []
  })
}

/** Lists the side outputs of all passes, with the names that the config gives them. */
export function sideOutputsOf(registry: Registry, config: AnalyticsConfig): SideOutput[] {
  return config.PASSES.flatMap((pass, index) =>
    declaredOutputs(registry, pass).map(({ names, module }): SideOutput => {
      const [own] = names
      const { context_key, materialize = 'auto' } = pass.side_outputs[own] ?? {}
      const called = [...names, ...(context_key ? [context_key] : [])]
      const spaces = [pass.name, ...(pass.side_output_namespace ? [pass.side_output_namespace] : [])]
      const aliases = [...called, ...spaces.flatMap(space => called.map(name => `${space}:${name}`))]
      return { index, name: `${pass.name}:${own}`, aliases: [...new Set(aliases)], module, materialize }
    }),
  )
}

/**
 * Returns the side output of an earlier pass that a source of pass `index` names, under its own name; the name itself where it
 * is that of a pass or a table, or of no output, or of several.
 */
export function sideOutputNamed(
  name: string,
  index: number,
  outputs: readonly SideOutput[],
  config: AnalyticsConfig,
): string {
  if (config.PASSES.some(pass => pass.name === name) || config.DATA.tables[name]) return name
  const meant = outputs.filter(output => output.index < index && output.aliases.includes(name))
  return meant.length === 1 && meant[0].materialize !== 'never' ? meant[0].name : name
}
