import type { Finding } from './finding.js'
import { type LooseMap, mapOf, passesOf } from './loose.js'
import { targetsOfPass } from './outputs.js'
import { pathText } from './path.js'

/** Checks that every token of an output path has a value and that no two outputs share a path. */
export function outputRules(config: LooseMap): Finding[] {
  const findings: Finding[] = []
  const taken = new Map<string, string>()
  const checked = new Set<string>() // OUTPUT_TARGET serves many passes and is checked once
  for (const { index, pass } of passesOf(config)) {
    for (const { target, path } of targetsOfPass(config, index, pass)) {
      const text = pathText(path)
      if (!checked.has(text)) findings.push(...tokenValues(target, path))
      checked.add(text)
      const written = [...path, ...(Object.hasOwn(targetAt(config, path), 'path_template') ? ['path_template'] : [])]
      const key = filled(target, String(pass.name))
      const other = taken.get(key)
      const owner = text === 'OUTPUT_TARGET' ? `pass ${pass.name}` : text
      if (other !== undefined) {
        const problem = `${owner} would write the same path as ${other}`
        findings.push({ path: written, problem, hint: 'use {pass} or another path_template' })
      } else taken.set(key, owner)
    }
  }
  return findings
}

function tokenValues(target: LooseMap, path: (string | number)[]): Finding[] {
  return (['bucket', 'prefix'] as const)
    .filter(
      name =>
        String(target.path_template).includes(`{${name}}`) && (target[name] === undefined || target[name] === null),
    )
    .map(name => ({ path: [...path, 'path_template'], problem: `{${name}} has no value`, hint: `set ${name}` }))
}

/** Fills the tokens that can tell two targets of a run apart. */
function filled(target: LooseMap, pass: string): string {
  const values: LooseMap = { root: target.root, bucket: target.bucket, prefix: target.prefix, pass }
  const path = String(target.path_template).replace(/\{(\w+)\}/g, (token, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : token,
  )
  return path.replace(/\/+/g, '/').replace(/(^|\/)(?:\.\/)+/g, '$1')
}

function targetAt(config: LooseMap, path: (string | number)[]): LooseMap {
  let value: unknown = config
  for (const step of path) value = (value as LooseMap | undefined)?.[step]
  return mapOf(value)
}
