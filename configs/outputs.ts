import { type LooseMap, mapOf } from './loose.js'
import { defaultTemplate } from './targets.js'

/** Keys that a pass's target takes from OUTPUT_TARGET when it has none of its own: where things lie. */
const INHERITED = ['root', 'bucket', 'prefix'] as const

/** Completes a pass's target, as written, with what OUTPUT_TARGET says about places and a path that fits its type. */
export function completedTarget(written: LooseMap, run: LooseMap): LooseMap {
  const target: LooseMap = { ...written }
  for (const key of INHERITED) target[key] ??= run[key]
  target.root ??= './basalt-out'
  target.type ??= 'parquet'
  target.path_template ??= defaultTemplate(String(target.type))
  return target
}

/** Lists the targets of a pass as written, completed, with their paths in the config. */
export function targetsOfPass(
  config: LooseMap,
  index: number,
  pass: LooseMap,
): { target: LooseMap; path: (string | number)[] }[] {
  const run = mapOf(config.OUTPUT_TARGET)
  const own = pass.output === undefined || pass.output === null
  const first = own
    ? { target: completedTarget(run, run), path: ['OUTPUT_TARGET'] }
    : { target: completedTarget(mapOf(pass.output), run), path: ['PASSES', index, 'output'] }
  const extra = Array.isArray(pass.extra_outputs) ? pass.extra_outputs : []
  return [
    first,
    ...extra.map((each, i) => ({
      target: completedTarget(mapOf(each), run),
      path: ['PASSES', index, 'extra_outputs', i],
    })),
  ]
}
