import { nearest } from '../lib/core/index.js'
import { otherName } from './aliases.js'
import { checkSize, isReserved } from './bounds.js'
import { pathText, readPath, type WrittenStep } from './path.js'
import { readObject } from './read-object.js'
import { readYaml } from './read-yaml.js'
import { type Branch, branch, childOf, leaf, merged, type Origin, plainOf, type Tree } from './tree.js'

/** One key set by a flag. `flag` is what the user typed, as `--workers 2`; messages and origins name it. */
export interface Override {
  path: string
  value: unknown
  flag: string
  /** `value` is the text of `--set PATH=VALUE`: a YAML scalar or a flow value. */
  set?: boolean
}

/** Reads the argument of `--set PATH=VALUE`. */
export function setOverride(argument: string): Override {
  const equals = argument.indexOf('=')
  // A path in brackets may hold '=' only in quotes, which no documented key needs.
  const path = equals < 0 ? argument : argument.slice(0, equals)
  return {
    path: path.trim(),
    value: equals < 0 ? undefined : argument.slice(equals + 1),
    flag: `--set ${argument}`,
    set: true,
  }
}

interface Applied {
  override: Override
  text: string
}

/** Lays flags and `--set` over a config, in the order given. Two that disagree about one key are a fault. */
export function applyOverrides(root: Branch, overrides: readonly Override[], faults: string[]): void {
  const applied = new Map<string, Applied>()
  for (const override of overrides) {
    try {
      applyOne(root, override, applied, faults)
    } catch (error) {
      faults.push((error as Error).message)
    }
  }
}

function applyOne(root: Branch, override: Override, applied: Map<string, Applied>, faults: string[]): void {
  const at: Origin = { flag: override.flag }
  const steps = readPath(override.path)
  if (!steps || (override.set && override.value === undefined)) {
    faults.push(`${override.flag}: expected PATH=VALUE, as PASSES[0].time_bucket_seconds=60`)
    return
  }
  const value = override.set ? readValue(String(override.value), at, faults) : readObject(override.value, at)
  if (!value) return
  const path = placed(root, steps, value, at)
  if (typeof path === 'string') {
    faults.push(`${override.flag}: ${path}`)
    return
  }
  for (const [key, text] of leavesOf(plainOf(value), path)) {
    const earlier = applied.get(key)
    if (earlier && earlier.text !== text) faults.push(conflict(earlier.override, override))
    applied.set(key, { override, text })
  }
}

function conflict(a: Override, b: Override): string {
  const [first, second] = a.set && !b.set ? [b, a] : [a, b]
  return `${first.flag} conflicts with ${second.flag}`
}

function readValue(text: string, at: Origin, faults: string[]): Tree | undefined {
  checkSize(text.length, at)
  if (text.trim() === '') return leaf(null, at)
  const tree = readYaml(text, at, faults)
  if (tree.kind !== 'leaf' && !/^\s*[[{]/.test(text)) {
    faults.push(`${at.flag}: VALUE is a scalar or a flow value such as [a, b] or {key: value}`)
    return undefined
  }
  return tree
}

/** Puts a value at a path, making maps on the way, and returns the path; or returns what is wrong with it. */
function placed(root: Branch, steps: WrittenStep[], value: Tree, at: Origin): (string | number)[] | string {
  const path: (string | number)[] = []
  let parent: Tree = root
  for (const [i, written] of steps.entries()) {
    const step = stepIn(parent, written, path)
    if (typeof step === 'object') return step.problem
    const isLast = i === steps.length - 1
    const child: Tree | undefined = childOf(parent, step)
    const empty = child === undefined || (child.kind === 'leaf' && child.value === null)
    const next: Tree = isLast ? (child ? merged(child, value) : value) : empty ? branch(at) : child
    if (parent.kind === 'list') parent.items[step as number] = next
    else if (parent.kind === 'branch')
      parent.entries.set(String(step), { key: empty ? at : keyOf(parent, step, at), value: next })
    path.push(step)
    parent = next
  }
  dropOtherName(root, path)
  return path
}

const keyOf = (parent: Branch, step: string | number, at: Origin) => parent.entries.get(String(step))?.key ?? at

function stepIn(parent: Tree, written: WrittenStep, path: (string | number)[]): string | number | { problem: string } {
  const where = pathText(path) || 'the config'
  if ('key' in written) {
    if (isReserved(written.key)) return { problem: `the key '${written.key}' is not allowed` }
    if (parent.kind !== 'branch') return { problem: `${where} is no map, so it has no key '${written.key}'` }
    return written.key
  }
  if (parent.kind !== 'list') return { problem: `${where} is no list` }
  if ('index' in written) {
    const { length } = parent.items
    if (written.index <= length) return written.index // the length itself appends
    return { problem: `${where} has ${length} entries; [${length}] would append` }
  }
  const names = parent.items.map(item => {
    const name = childOf(item, 'name')
    return name?.kind === 'leaf' ? String(name.value) : ''
  })
  const index = names.indexOf(written.name)
  if (index >= 0) return index
  const near = nearest(written.name, names)
  return { problem: `${where} has no entry named '${written.name}'${near ? `; did you mean '${near}'?` : ''}` }
}

/** Removes the other name of a key that a flag set: flags win over files under either name. */
function dropOtherName(root: Branch, path: (string | number)[]): void {
  const other = otherName(path)
  if (!other) return
  let parent: Tree | undefined = root
  for (const step of other.slice(0, -1)) parent = parent && childOf(parent, step)
  if (parent?.kind !== 'branch') return
  const key = other[other.length - 1]
  if (parent.entries.get(key)?.value.at.flag === undefined) parent.entries.delete(key)
}

/** Lists the keys that a value sets, under the name that aliases resolve to. Lists count as one value. */
function leavesOf(value: unknown, path: (string | number)[]): [string, string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...path, key]))
  }
  const names = [path, otherName(path) ?? path].map(pathText).sort()
  return [[names[0], JSON.stringify(value)]]
}
