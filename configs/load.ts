import { readFileSync, statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { BasaltError, ConfigError } from '../lib/core/index.js'
import { checkSize } from './bounds.js'
import { type Environment, interpolated, masked } from './environment.js'
import { applyOverrides, type Override } from './overrides.js'
import { readJson } from './read-json.js'
import { type ConfigContext, readModule } from './read-module.js'
import { readObject } from './read-object.js'
import { readYaml } from './read-yaml.js'
import { type Branch, branch, childOf, merged, type Origin, reportLine, type Tree, unreadable } from './tree.js'

/** Where a config comes from: a file (a bare string is its path), JSON text, or an object in memory. */
export type ConfigSource =
  | string
  | { file: string }
  | { json: string; name?: string }
  | { object: unknown; name?: string }

export interface ReadOptions {
  overrides?: readonly Override[]
  /** What placeholders are replaced from; nothing else of the environment is read. */
  env?: Environment
  /** The date that config functions are given. */
  date?: string
}

/** A config as written: merged, with placeholders replaced, not yet checked. Every part knows its origin. */
export interface RawConfig {
  tree: Branch
  /** Secret values, masked in everything that is shown. */
  secrets: ReadonlySet<string>
  /** Files in the order given; reports are sorted by it. */
  files: readonly string[]
}

/** Reads and merges sources, then flags, then replaces placeholders. Throws a ConfigError with every problem found. */
export async function readConfig(sources: readonly ConfigSource[], options: ReadOptions = {}): Promise<RawConfig> {
  const { overrides = [], env = {}, date } = options
  const faults: string[] = []
  const files: string[] = []
  let tree: Tree = branch()
  for (const source of sources) {
    const origin = originOf(source)
    if (origin.file !== undefined) files.push(origin.file)
    try {
      const read = await readSource(source, origin, { date, env }, faults)
      tree = merged(tree, configOf(read))
    } catch (error) {
      if (!(error instanceof BasaltError)) throw error
      faults.push(error.message)
    }
  }
  // Later steps would repeat what a source that failed to load has caused.
  if (faults.length > 0) throw new ConfigError(faults)
  applyOverrides(tree as Branch, overrides, faults)
  const { tree: filled, secrets } = interpolated(tree, env, faults)
  if (faults.length > 0) throw new ConfigError(faults.map(fault => masked(fault, secrets)))
  return { tree: filled as Branch, secrets, files }
}

function originOf(source: ConfigSource): Origin {
  if (typeof source === 'string') return { file: source }
  if ('file' in source) return { file: source.file }
  return { file: source.name ?? ('json' in source ? '--user-config-json' : 'config') }
}

async function readSource(
  source: ConfigSource,
  origin: Origin,
  context: ConfigContext,
  faults: string[],
): Promise<Tree> {
  if (typeof source === 'string') return readFile(source, origin, context, faults)
  if ('file' in source) return readFile(source.file, origin, context, faults)
  if ('object' in source) return readObject(source.object, origin)
  checkSize(source.json.length, origin)
  return readJson(source.json, origin, faults)
}

async function readFile(file: string, origin: Origin, context: ConfigContext, faults: string[]): Promise<Tree> {
  const kind = extname(file).toLowerCase()
  if (!['.yaml', '.yml', '.json', '.ts', '.mts', '.js', '.mjs'].includes(kind)) {
    throw unreadable(origin, 'a config is a .yaml, .yml, .json, .ts, .mts, .js or .mjs file')
  }
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) throw unreadable(origin, 'no such file')
  if (!stats.isFile()) throw unreadable(origin, 'not a file')
  checkSize(stats.size, origin)
  if (kind.endsWith('ts') || kind.endsWith('js')) return readModule(file, origin, context)
  const text = textOf(file, origin)
  return kind === '.json' ? readJson(text, origin, faults) : readYaml(text, origin, faults)
}

function textOf(file: string, origin: Origin): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) // drops a byte order mark
  } catch (error) {
    const problem = error instanceof TypeError ? 'not UTF-8 text' : (error as Error).message
    throw unreadable(origin, problem, error)
  }
}

/** Returns the config map of a source: its top level, or what stands under USER_CONFIG. */
function configOf(tree: Tree): Branch {
  if (tree.kind !== 'branch') throw unreadable(tree.at, 'a config is a map of keys')
  const wrapped = tree.entries.get('USER_CONFIG')
  if (!wrapped) return tree
  for (const [key, entry] of tree.entries) {
    if (key !== 'USER_CONFIG')
      throw new BasaltError(
        'config',
        reportLine(entry.key, [key], 'stands beside USER_CONFIG; move it under USER_CONFIG'),
      )
  }
  if (wrapped.value.kind !== 'branch') throw unreadable(wrapped.value.at, 'USER_CONFIG: a config is a map of keys')
  return wrapped.value
}

/** A module file with own metrics, kernels, operators or modules, and the folder that its name is relative to. */
export interface PackReference {
  specifier: string
  base: string
}

/** Lists what PACKS names. Readable before validation, because schemas are made from what packs register. */
export function packs(raw: RawConfig): PackReference[] {
  const list = childOf(raw.tree, 'PACKS')
  const items = list?.kind === 'list' ? list.items : list ? [list] : []
  const named: PackReference[] = []
  for (const item of items) {
    if (item.kind !== 'leaf' || typeof item.value !== 'string') continue // validation reports it
    const { file } = item.at
    const isFile = file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()
    named.push({ specifier: item.value, base: isFile ? dirname(resolve(file)) : resolve('.') })
  }
  return named
}
