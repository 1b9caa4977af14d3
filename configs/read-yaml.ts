import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'
import { Bounds, isReserved, MAX_DEPTH } from './bounds.js'
import { exactInteger } from './read-scalar.js'
import { branch, type Origin, reportLine, type Tree, unreadable } from './tree.js'

/** Most lexical tokens of a text. Parsing costs some 10 µs a token, so this bounds it to well under a second. */
const MAX_TOKENS = 60_000

/**
 * Reads YAML 1.2 (core schema) into a tree with places. Dates, `no` and `on` stay text; integers beyond 2^53 become
 * decimal text. Problems that leave the rest readable go to `faults`; a syntax error throws.
 */
export function readYaml(text: string, origin: Origin, faults: string[]): Tree {
  refuseOversized(text, origin)
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    intAsBigInt: true,
    prettyErrors: false,
    uniqueKeys: false, // compared pair by pair there; checked below with a map
    lineCounter: lines,
  })
  const at = (offset: number): Origin => {
    if (origin.flag !== undefined) return origin
    const { line, col } = lines.linePos(offset)
    return { ...origin, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const error = document.errors[0] ?? document.warnings[0]
  if (error) throw unreadable(at(error.pos[0]), syntaxText(error.code, error.message))
  if (document.contents === null) return branch(at(0))
  return new Builder(document.contents, at, faults).tree(document.contents, [])
}

function syntaxText(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document starts here; a config is one document'
  if (code === 'TAG_RESOLVE_FAILED') return 'tags are not supported; write the plain value'
  return `not valid YAML: ${message.split('\n')[0]}`
}

/** Refuses, by the tokens alone, texts whose parse would take long: too many tokens, or brackets and dashes too deep. */
function refuseOversized(text: string, origin: Origin): void {
  let tokens = 0
  let open = 0
  let markers = 0 // '-' and '?' since the last line break: each nests
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) throw unreadable(origin, `more than ${MAX_TOKENS} tokens are too many for a config`)
    if (token === '[' || token === '{') open++
    else if (token === ']' || token === '}') open--
    else if (token === '-' || token === '?') markers++
    else if (token === '\n' || token === '\r\n') markers = 0
    if (open > MAX_DEPTH || markers > MAX_DEPTH) throw unreadable(origin, `nested deeper than ${MAX_DEPTH} levels`)
  }
}

class Builder {
  private readonly bounds = new Bounds()
  private readonly anchors = new Map<string, Node>()
  private readonly open = new Set<Node>() // aliases being expanded

  constructor(
    private readonly root: Node,
    private readonly at: (offset: number) => Origin,
    private readonly faults: string[],
  ) {}

  tree(node: Node | null, path: (string | number)[], fallback: Origin = {}): Tree {
    const place = node?.range ? this.at(node.range[0]) : fallback
    this.bounds.enter(path.length, place, this.open.size > 0)
    if (node && isAlias(node)) return this.aliased(node, path, place)
    if (node && !isAlias(node) && (isScalar(node) || isCollection(node)) && node.anchor) {
      this.anchors.set(node.anchor, node)
    }
    if (node && isMap(node)) return this.map(node.items as Pair<Node, Node | null>[], path, place)
    if (node && isSeq(node)) {
      const items = (node.items as (Node | null)[]).map((item, i) => this.tree(item, [...path, i], place))
      return { kind: 'list', items, at: place }
    }
    return this.leaf(node as Scalar | null, place)
  }

  private leaf(node: Scalar | null, at: Origin): Tree {
    const value = node?.value ?? null
    if (typeof value === 'bigint') return { kind: 'leaf', value: exactInteger(value), at }
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'leaf', value, at }
    }
    throw unreadable(at, 'a value must be text, a number, true, false, null, a list or a map')
  }

  private map(pairs: Pair<Node, Node | null>[], path: (string | number)[], at: Origin): Tree {
    const map = branch(at)
    for (const pair of pairs) {
      const place = pair.key?.range ? this.at(pair.key.range[0]) : at
      if (!isScalar(pair.key)) throw unreadable(place, 'a key must be text')
      const { value, source } = pair.key
      // 1, 010 and true are keys as they are written: side codes of a feed.
      const key = typeof value === 'string' ? value : (source ?? String(value))
      if (isReserved(key)) throw unreadable(place, `the key '${key}' is not allowed`)
      const known = map.entries.get(key)
      if (known) {
        this.faults.push(reportLine(place, [...path, key], `given twice; first at line ${known.key.line}`))
        continue
      }
      map.entries.set(key, { key: place, value: this.tree(pair.value, [...path, key], place) })
    }
    return map
  }

  /** Expands an alias where it stands; every expansion counts against the bounds, so bombs end early. */
  private aliased(alias: Alias, path: (string | number)[], at: Origin): Tree {
    const target = this.anchors.get(alias.source)
    if (!target) throw unreadable(at, `the alias '*${alias.source}' has no anchor before it`)
    if (target === this.root || this.open.has(target) || contains(target, alias)) {
      throw unreadable(at, `the alias '*${alias.source}' contains itself`)
    }
    this.open.add(target)
    const tree = this.tree(target, path)
    this.open.delete(target)
    return tree
  }
}

function contains(node: Node, alias: Alias): boolean {
  const [start, end] = [node.range?.[0] ?? 0, node.range?.[2] ?? 0]
  const offset = alias.range?.[0] ?? -1
  return offset >= start && offset < end
}
