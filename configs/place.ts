import { masked } from './environment.js'
import type { Finding } from './finding.js'
import type { RawConfig } from './load.js'
import { type Path, pathText, readPath } from './path.js'
import { childOf, type Origin, placeText, type Tree, treeAt } from './tree.js'

/** A finding with its place, ready to be sorted and printed. */
export interface Placed {
  at: Origin
  line: string
  warning: boolean
}

/** Finds where a path was written: its value, its key, or, when it is absent, the nearest parent. */
export function originOf(root: Tree, path: Path, atKey = false): { at: Origin; path: Path } {
  let tree: Tree = root
  let at = root.at
  for (const [i, step] of path.entries()) {
    const isLast = i === path.length - 1
    // A scalar that stood for a list of one: its only entry is the scalar itself.
    if (tree.kind === 'leaf' && step === 0) return { at, path: path.slice(0, i) }
    const key = tree.kind === 'branch' ? tree.entries.get(String(step))?.key : undefined
    const child = childOf(tree, step)
    if (!child) return { at, path }
    tree = child
    at = isLast && atKey && key ? key : placeOf(child, key)
  }
  return { at, path }
}

/** A block map starts at its first key; what is written is the place of the value, or of the key when it has none. */
const placeOf = (tree: Tree, key: Origin | undefined): Origin => (placeText(tree.at) === '' && key ? key : tree.at)

/** Writes findings as `file:line:column: path: problem; hint`, warnings with `warning:` before it. */
export function placed(raw: RawConfig, findings: readonly Finding[]): Placed[] {
  return findings.map(finding => {
    const { at, path } = originOf(raw.tree, finding.path, finding.atKey)
    const problem = maskedAt(raw, path, finding.hint ? `${finding.problem}; ${finding.hint}` : finding.problem)
    const text = [placeText(at), pathText(path), problem].filter(part => part !== '').join(': ')
    const line = masked(text, raw.secrets).replace(/[\r\n]+/g, ' ')
    return { at, warning: finding.warning === true, line: finding.warning ? `warning: ${line}` : line }
  })
}

/** Masks a secret value in a message about itself, however short it is. */
function maskedAt(raw: RawConfig, path: Path, text: string): string {
  const tree = treeAt(raw.tree, path)
  if (tree?.kind !== 'leaf' || !tree.secret || tree.value === null) return text
  return text.replaceAll(String(tree.value), '***')
}

/** Sorts by file in the order given, then by position; flags come last. */
export function sorted(raw: RawConfig, lines: readonly Placed[]): Placed[] {
  const fileRank = (at: Origin) => {
    const index = at.file === undefined ? -1 : raw.files.indexOf(at.file)
    return index < 0 ? raw.files.length : index
  }
  return lines
    .map((placed, order) => ({ placed, order }))
    .sort(
      (a, b) =>
        fileRank(a.placed.at) - fileRank(b.placed.at) ||
        (a.placed.at.line ?? 0) - (b.placed.at.line ?? 0) ||
        (a.placed.at.column ?? 0) - (b.placed.at.column ?? 0) ||
        a.order - b.order,
    )
    .map(({ placed }) => placed)
}

/** Reads a path as problems and flags write it; `PASSES[pass1]` is looked up by name. Undefined when it is no path. */
export function pathOf(root: Tree, text: string): Path | undefined {
  const steps = readPath(text)
  if (!steps) return text === '' ? [] : undefined
  const path: (string | number)[] = []
  for (const step of steps) {
    if ('key' in step) path.push(step.key)
    else if ('index' in step) path.push(step.index)
    else path.push(indexNamed(treeAt(root, path), step.name))
  }
  return path
}

function indexNamed(list: Tree | undefined, name: string): number | string {
  if (list?.kind !== 'list') return name
  const index = list.items.findIndex(item => {
    const child = childOf(item, 'name')
    return child?.kind === 'leaf' && child.value === name
  })
  return index < 0 ? name : index
}
