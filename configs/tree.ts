import { BasaltError } from '../lib/core/index.js'
import { type Path, pathText } from './path.js'

/** Where a value was written: a place in a file, a file alone (modules), or a flag. */
export interface Origin {
  file?: string // as the user named it
  line?: number // 1-based
  column?: number // 1-based
  flag?: string // '--workers 2'
}

export type LeafValue = string | number | boolean | null

/** A config value that remembers where each part was written. */
export type Tree = Leaf | List | Branch

export interface Leaf {
  kind: 'leaf'
  value: LeafValue
  at: Origin
  /** Came from an environment name that holds a secret: shown as `***`. */
  secret?: boolean
}

export interface List {
  kind: 'list'
  items: Tree[]
  at: Origin
}

export interface Branch {
  kind: 'branch'
  entries: Map<string, Entry>
  at: Origin
}

export interface Entry {
  key: Origin
  value: Tree
}

export const branch = (at: Origin = {}): Branch => ({ kind: 'branch', entries: new Map(), at })
export const leaf = (value: LeafValue, at: Origin): Leaf => ({ kind: 'leaf', value, at })

/** Returns the plain value of a tree. Keys have been checked by then, so none can touch a prototype. */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === 'leaf') return tree.value
  if (tree.kind === 'list') return tree.items.map(plainOf)
  const value: Record<string, unknown> = {}
  for (const [key, entry] of tree.entries) value[key] = plainOf(entry.value)
  return value
}

/** Lays `over` on `under`: maps merge deeply, anything else is replaced. */
export function merged(under: Tree, over: Tree): Tree {
  if (under.kind !== 'branch' || over.kind !== 'branch') return over
  const entries = new Map(under.entries)
  for (const [key, entry] of over.entries) {
    const known = entries.get(key)
    entries.set(key, known ? { key: entry.key, value: merged(known.value, entry.value) } : entry)
  }
  return { kind: 'branch', entries, at: over.at }
}

/** Returns the child of a tree, or undefined when it has none at this step. */
export function childOf(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'list') return typeof step === 'number' ? tree.items[step] : undefined
  return tree.kind === 'branch' ? tree.entries.get(String(step))?.value : undefined
}

/** Returns the tree at a path, or undefined. */
export function treeAt(root: Tree, path: Path): Tree | undefined {
  let tree: Tree | undefined = root
  for (const step of path) tree = tree && childOf(tree, step)
  return tree
}

/** Writes a place as `file:line:column`, as the file alone, or as the flag. */
export function placeText(at: Origin): string {
  if (at.flag !== undefined) return at.flag
  if (at.file === undefined) return ''
  return at.line === undefined ? at.file : `${at.file}:${at.line}:${at.column ?? 1}`
}

/** Writes one line of a report. */
export function reportLine(at: Origin, path: Path, problem: string): string {
  return [placeText(at), pathText(path), problem].filter(part => part !== '').join(': ')
}

/** Builds the error of a source that cannot be read at all. */
export function unreadable(at: Origin, problem: string, cause?: unknown): BasaltError {
  const { file, line, column } = at
  return new BasaltError('config', problem, { file: file ?? at.flag, line, column }, cause)
}
