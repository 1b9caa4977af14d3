import { BasaltError, nearest } from '../core/error.js'
import { dayOf } from '../core/time.js'

/** One step of a path pattern: a literal name, or an expression that a name must match. */
export type Segment = { literal: string } | { pattern: RegExp; tokens: Token[] }

const TOKENS = ['date', 'yyyy', 'mm', 'dd', 'yyyymmdd', 'mic'] as const
type Token = (typeof TOKENS)[number]

const EXPRESSIONS: Record<Token, string> = {
  date: '(\\d{4}-\\d{2}-\\d{2})',
  yyyy: '(\\d{4})',
  mm: '(\\d{2})',
  dd: '(\\d{2})',
  yyyymmdd: '(\\d{8})',
  mic: '([^/]+?)',
}

/** Returns the template of layout bmll, relative to the root. */
export function bmllTemplate({ folder, prefix }: { folder: string; prefix: string }): string {
  return `${folder}/{mic}/{yyyy}/{mm}/{dd}/${prefix}{mic}-{yyyymmdd}.parquet`
}

/** Reads a template's path segments. An unknown token is a config fault that names the nearest known one. */
export function segmentsOf(template: string, table: string): Segment[] {
  return template
    .replaceAll('{table}', table)
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .map(part => segmentOf(part, template))
}

function segmentOf(part: string, template: string): Segment {
  if (!/[{}*]/.test(part)) return { literal: part }
  const tokens: Token[] = []
  const source = part.replace(/\{([^{}]*)\}|\*|[^{}*]+|[{}]/g, (piece, name: string | undefined) => {
    if (piece === '*') return '[^/]*'
    if (name === undefined) return piece.replace(/[.+?^$()|[\]\\{}]/g, '\\$&')
    const token = TOKENS.find(each => each === name)
    if (!token) {
      const near = nearest(name, [...TOKENS, 'table'])
      throw new BasaltError(
        'config',
        `'{${name}}' in path '${template}' is no token${near ? `; did you mean '{${near}}'?` : ''}`,
      )
    }
    tokens.push(token)
    return EXPRESSIONS[token]
  })
  return { pattern: new RegExp(`^${source}$`), tokens }
}

/** What the names of a path have said so far. */
export interface PathFacts {
  mic?: string
  yyyy?: string
  mm?: string
  dd?: string
  /** `key=value` names, keys as written. */
  keys: Record<string, string>
  /** A date that is no calendar date. */
  wrong?: string
}

/** Adds what a name says, or returns undefined when it contradicts what is known (two tokens, two values). */
export function withName(facts: PathFacts, segment: Segment, name: string): PathFacts | undefined {
  const next: PathFacts = { ...facts, keys: { ...facts.keys } }
  if ('pattern' in segment) {
    const match = segment.pattern.exec(name)
    if (!match) return undefined
    for (let i = 0; i < segment.tokens.length; i++) if (!put(next, segment.tokens[i], match[i + 1])) return undefined
  } else if (segment.literal !== name) return undefined
  return withHiveKey(next, name)
}

/** Adds a `key=value` name; any other name adds nothing. */
export function withHiveKey(facts: PathFacts, name: string): PathFacts | undefined {
  const [, key, text] = /^([^=]+)=(.*)$/.exec(name) ?? []
  if (key === undefined || name.endsWith('.parquet')) return facts
  const value = unescaped(text)
  const next: PathFacts = { ...facts, keys: { ...facts.keys, [unescaped(key)]: value } }
  if (key.toLowerCase() === 'mic') return put(next, 'mic', value) ? next : undefined
  if (key.toLowerCase() !== 'date') return next
  if (/^\d{8}$/.test(value)) return put(next, 'yyyymmdd', value) ? next : undefined
  if (dayOf(value) === undefined) return { ...next, wrong: value }
  return put(next, 'date', value) ? next : undefined
}

/** Returns the partition date that a path states, null when it states none. */
export function dayIn({ yyyy, mm, dd }: PathFacts): number | null | undefined {
  return yyyy && mm && dd ? dayOf(`${yyyy}-${mm}-${dd}`) : null
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % means itself
  }
}

function put(facts: PathFacts, token: Token, value: string): boolean {
  if (token === 'date') return put(facts, 'yyyymmdd', value.replaceAll('-', ''))
  if (token === 'yyyymmdd') {
    return (
      put(facts, 'yyyy', value.slice(0, 4)) && put(facts, 'mm', value.slice(4, 6)) && put(facts, 'dd', value.slice(6))
    )
  }
  if (facts[token] !== undefined && facts[token] !== value) return false
  facts[token] = value
  return true
}
