import type { z } from 'zod'
import { nearest, type Registry } from '../lib/core/index.js'
import { availableOf } from './absent.js'
import type { Finding } from './finding.js'
import type { Path } from './path.js'
import { keysAt } from './shape.js'

type Issue = z.core.$ZodIssue

/** Turns what a schema refused into findings in the words of this tool. */
export function findingsOf(
  issues: readonly Issue[],
  schema: z.ZodType,
  value: unknown,
  registry: Registry,
  at: Path = [],
): Finding[] {
  // A refinement repeats, less exactly, what another issue says about the same value.
  const exact = issues.filter(issue => issue.code !== 'custom').map(issue => issue.path.join('\0'))
  const telling = issues.filter(issue => issue.code !== 'custom' || !exact.includes(issue.path.join('\0')))
  return telling.flatMap(issue => {
    const path = [...at, ...issue.path] as (string | number)[]
    const input = valueAt(value, path)
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map(key => unknownKey(key, path, keysAt(schema, path)))
      case 'invalid_value':
        return [notOneOf(issue.values.map(String), input, path, registry)]
      case 'invalid_type':
        return [wrongType(issue.expected, input, path)]
      case 'too_small':
        return [{ path, ...tooSmall(issue, input) }]
      case 'too_big':
        return [
          {
            path,
            problem: `${shown(input)} is out of range`,
            hint: `${issue.inclusive === false ? 'must be below' : 'at most'} ${issue.maximum}`,
          },
        ]
      case 'invalid_union':
        return inUnion(issue, schema, value, registry, path, input)
      case 'invalid_key':
        return [{ path, problem: issue.issues[0]?.message ?? 'this key is not allowed', atKey: true }]
      case 'invalid_format':
        return [
          {
            path,
            problem: issue.message.startsWith('Invalid')
              ? `${shown(input)} does not match ${issue.pattern ?? issue.format}`
              : issue.message,
          },
        ]
      default:
        return [{ path, problem: issue.message }]
    }
  })
}

function unknownKey(key: string, path: Path, known: string[]): Finding {
  const near = nearest(key, known)
  return { path: [...path, key], problem: 'unknown key', hint: near && `did you mean '${near}'?`, atKey: true }
}

function notOneOf(values: string[], input: unknown, path: Path, registry: Registry): Finding {
  if (input === undefined) return missing(path)
  const near = nearest(String(input), values)
  // Of one or two letters any other spelling is too far to be meant, except in another case.
  const isMeant = near !== undefined && (String(input).length > 2 || near.toLowerCase() === String(input).toLowerCase())
  const hint = isMeant ? `did you mean '${near}'?` : `allowed: ${availableOf(values, path, registry).join(', ')}`
  return { path, problem: `${shown(input)} is not ${nounOf(path)}`, hint }
}

/** Names what a path holds, with its article: an entry of `measures` is a measure. */
function nounOf(path: Path): string {
  const last = path[path.length - 1]
  const key = String(typeof last === 'number' ? path[path.length - 2] : last)
  const noun = typeof last === 'number' ? key.replace(/ies$/, 'y').replace(/([^s])s$/, '$1') : key
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
}

function wrongType(expected: string, input: unknown, path: Path): Finding {
  if (input === undefined) return missing(path)
  return { path, problem: `${shown(input)} is not ${KINDS[expected] ?? expected}` }
}

const missing = (path: Path): Finding => ({ path, problem: 'missing; this key is needed' })

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, input: unknown): Pick<Finding, 'problem' | 'hint'> {
  if (issue.origin === 'array' || issue.origin === 'string')
    return { problem: `is empty; give at least ${issue.minimum}` }
  return {
    problem: `${shown(input)} is out of range`,
    hint: `${issue.inclusive === false ? 'must be above' : 'at least'} ${issue.minimum}`,
  }
}

/** Reports the alternative that the value was meant for: the one of its kind, and of those the one with fewest problems. */
function inUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: z.ZodType,
  value: unknown,
  registry: Registry,
  path: Path,
  input: unknown,
): Finding[] {
  if (input === undefined) return [missing(path)]
  const meant = issue.errors.filter(errors => errors.length > 0 && !errors.some(isOtherKind))
  meant.sort((a, b) => a.length - b.length)
  if (meant.length > 0) return findingsOf(meant[0], schema, value, registry, path)
  const kinds = [...new Set(issue.errors.flatMap(kindsOf))]
  return [{ path, problem: `${shown(input)} is not ${kinds.join(' or ') || 'an accepted value'}` }]
}

function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  return (
    issue.code === 'invalid_type' ||
    (issue.code === 'invalid_union' && issue.errors.every(errors => errors.some(isOtherKind)))
  )
}

function kindsOf(errors: readonly Issue[]): string[] {
  return errors.flatMap(issue =>
    issue.code === 'invalid_type'
      ? [KINDS[issue.expected] ?? issue.expected]
      : issue.code === 'invalid_union'
        ? issue.errors.flatMap(kindsOf)
        : [],
  )
}

/** Shows a value in a message: scalars as written, lists and maps by their kind. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a map'
  const text = String(value)
  if (typeof value !== 'string') return text
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)
    .replace(/^"(.*)"$/, "'$1'")
    .replaceAll('\\"', '"')
}

function valueAt(value: unknown, path: Path): unknown {
  let part = value
  for (const step of path)
    part = typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[step] : undefined
  return part
}
