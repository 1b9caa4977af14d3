import { nearest, type Registry } from '../lib/core/index.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, modulesOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Checks modules that run for their side outputs alone, what is said of side outputs, and who needs them. */
export function sideOutputRules(config: LooseMap, registry: Registry): Finding[] {
  return passesOf(config).flatMap(({ index, pass }) => {
    const path: Path = ['PASSES', index]
    const preprocess = listOf(pass.preprocess_modules).filter(name => typeof name === 'string') as string[]
    const declared = [...new Set([...modulesOf(pass), ...preprocess])].flatMap(name => outputsOf(registry, name, pass))
    return [
      ...preprocess.flatMap((name, i) => withoutOutputs(registry, name, [...path, 'preprocess_modules', i])),
      ...unknown(mapOf(pass.side_outputs), declared, [...path, 'side_outputs']),
      ...idle(pass, declared, path),
      ...tagging(pass, path),
    ]
  })
}

/** Lists the side outputs that a module declares; none where its settings are wrong. */
function outputsOf(registry: Registry, name: string, pass: LooseMap): string[] {
  const module = registry.anyModule(name)
  if (!module?.sideOutputs) return []
  try {
    return module.sideOutputs(mapOf(pass[module.block])).map(({ names }) => names[0])
  } catch {
    return []
  }
}

function withoutOutputs(registry: Registry, name: string, path: Path): Finding[] {
  if (registry.anyModule(name)?.sideOutputs) return []
  const able = registry.allModules().flatMap(module => (module.sideOutputs ? module.name : []))
  const near = nearest(name, able)
  return [
    {
      path,
      problem: `'${name}' is no module that has side outputs`,
      hint: near ? `did you mean '${near}'?` : `allowed: ${able.join(', ')}`,
    },
  ]
}

function unknown(written: LooseMap, declared: readonly string[], path: Path): Finding[] {
  return Object.keys(written)
    .filter(name => !declared.includes(name))
    .map(name => {
      const near = nearest(name, declared)
      const has = declared.length > 0 ? `its modules have ${declared.join(', ')}` : 'its modules have none'
      return {
        path: [...path, name],
        problem: `no side output of the pass is called '${name}'`,
        hint: near ? `did you mean '${near}'?` : has,
        atKey: true,
      }
    })
}

function idle(pass: LooseMap, declared: readonly string[], path: Path): Finding[] {
  if ((pass.side_output_namespace ?? null) === null || declared.length > 0) return []
  return [
    {
      path: [...path, 'side_output_namespace'],
      problem: 'has no effect; no module of the pass has side outputs',
      atKey: true,
    },
  ]
}

/** Trades are tagged by the settings of block iceberg_analytics, under the name that it gives them. */
function tagging(pass: LooseMap, path: Path): Finding[] {
  const trade = mapOf(pass.trade_analytics)
  const iceberg = mapOf(pass.iceberg_analytics)
  if (trade.use_tagged_trades !== true) return []
  const at = [...path, 'trade_analytics']
  if (iceberg.tag_trades === false) {
    const problem = 'needs trades that are tagged, and iceberg_analytics.tag_trades is false'
    return [{ path: [...at, 'use_tagged_trades'], problem, hint: 'leave out one of the two' }]
  }
  const [asked, given] = [trade.tagged_trades_context_key, iceberg.trade_tag_context_key].map(
    key => key ?? 'trades_iceberg',
  )
  if (asked === given) return []
  const problem = `'${asked}' is not what trades are tagged as: iceberg_analytics.trade_tag_context_key is '${given}'`
  return [{ path: [...at, 'tagged_trades_context_key'], problem }]
}
