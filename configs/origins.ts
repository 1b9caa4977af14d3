import { ALIASES } from './aliases.js'
import type { AnalyticsConfig } from './analytics.js'
import { ABSENCES } from './availability.js'
import { isSecretKey, masked } from './environment.js'
import type { RawConfig } from './load.js'
import { type Path, pathText, patternOf } from './path.js'
import { originOf } from './place.js'
import { placeText, treeAt } from './tree.js'

/** One value of a resolved config and where it comes from: `file:line:column`, a flag, or `default`. */
export interface OriginLine {
  path: string
  value: unknown
  origin: string
}

const ABSENT_KEYS = new Set(ABSENCES.filter(absence => !absence.missing).map(absence => absence.at))

/** Lists every value of a resolved config. Lists of scalars and empty maps count as one value. */
export function originLines(raw: RawConfig, config: AnalyticsConfig): OriginLine[] {
  const lines: OriginLine[] = []
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === 'object' && value !== null && !isOneValue(value)) {
      for (const [key, child] of Object.entries(value))
        visit(child, [...path, Array.isArray(value) ? Number(key) : key])
      return
    }
    const origin = originText(raw, path)
    // Defaults of keys without an engine say nothing about this run.
    if (origin === 'default' && ABSENT_KEYS.has(patternOf(path))) return
    lines.push({ path: pathText(path), value: shownValue(raw, value, path), origin })
  }
  visit(config, [])
  return lines
}

function isOneValue(value: object): boolean {
  const parts = Object.values(value)
  return parts.length === 0 || (Array.isArray(value) && parts.every(part => typeof part !== 'object' || part === null))
}

function shownValue(raw: RawConfig, value: unknown, path: Path): unknown {
  const tree = writtenAt(raw, path)?.tree
  const last = path[path.length - 1]
  if (
    (tree?.kind === 'leaf' && tree.secret) ||
    (typeof last === 'string' && typeof value === 'string' && isSecretKey(last))
  )
    return '***'
  if (typeof value === 'string') return masked(value, raw.secrets)
  return Array.isArray(value) ? value.map(part => (typeof part === 'string' ? masked(part, raw.secrets) : part)) : value
}

function originText(raw: RawConfig, path: Path): string {
  const written = writtenAt(raw, path)
  if (!written) return 'default'
  return placeText(originOf(raw.tree, written.path).at) || 'default'
}

/** Finds what was written for a resolved path: under its own name, under an alias, or where a pass inherits it from. */
function writtenAt(raw: RawConfig, path: Path) {
  const text = path.join('\0')
  const places = [path]
  for (const [alias, resolved] of ALIASES) {
    const name = resolved.join('\0')
    if (text === name) places.push(alias)
    else if (text.startsWith(`${name}\0`)) places.push([...alias, ...path.slice(resolved.length)], alias)
  }
  if (path[0] === 'PASSES' && path[2] === 'output') places.push(['OUTPUT_TARGET', ...path.slice(3)])
  for (const place of places) {
    const tree = treeAt(raw.tree, place)
    if (tree) return { tree, path: place }
  }
  return undefined
}
