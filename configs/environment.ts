import { readScalar } from './read-scalar.js'
import { type Leaf, reportLine, type Tree } from './tree.js'

export type Environment = Record<string, string | undefined>

const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL/i
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

/** What replacing the placeholders of a config gave besides the config. */
export interface Interpolated {
  tree: Tree
  /** Values of names that hold secrets, to be masked wherever a text shows them. */
  secrets: Set<string>
}

/** Replaces `${NAME}`, `${NAME:-default}` and `$$` in every string value. Keys are never touched. */
export function interpolated(tree: Tree, environment: Environment, faults: string[]): Interpolated {
  const secrets = new Set<string>()
  const visit = (part: Tree, path: (string | number)[]): Tree => {
    if (part.kind === 'list') return { ...part, items: part.items.map((item, i) => visit(item, [...path, i])) }
    if (part.kind === 'branch') {
      const entries = new Map(part.entries)
      for (const [key, entry] of entries) entries.set(key, { ...entry, value: visit(entry.value, [...path, key]) })
      return { ...part, entries }
    }
    if (typeof part.value !== 'string' || !part.value.includes('$')) return part
    return replaced(part, part.value, path)
  }

  const replaced = (part: Leaf, text: string, path: (string | number)[]): Leaf => {
    let result = ''
    let secret = false
    let position = 0
    let whole = false // the value is one placeholder and nothing else
    for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', position)) {
      result += text.slice(position, dollar)
      if (text[dollar + 1] === '$') {
        result += '$'
        position = dollar + 2
        continue
      }
      if (text[dollar + 1] !== '{') {
        result += '$'
        position = dollar + 1
        continue
      }
      const end = text.indexOf('}', dollar)
      const match = end < 0 ? null : NAME.exec(text.slice(dollar + 2, end))
      if (!match) {
        faults.push(
          reportLine(part.at, path, `a placeholder is \${NAME} or \${NAME:-default}; write $$ for a dollar sign`),
        )
        return part
      }
      const [, name, fallback] = match
      const found = environment[name]
      // As in a shell, the default also stands in for an empty value.
      const value = fallback !== undefined && (found === undefined || found === '') ? fallback : found
      if (value === undefined) {
        faults.push(
          reportLine(
            part.at,
            path,
            `the environment variable ${name} is not set; set it or write \${${name}:-default}`,
          ),
        )
        return part
      }
      if (SECRET_NAME.test(name) && found !== undefined && found !== '') {
        secret = true
        secrets.add(found)
      }
      result += value
      position = end + 1
      whole = dollar === 0 && position === text.length
    }
    result += text.slice(position)
    return { ...part, value: whole ? readScalar(result) : result, ...(secret && { secret }) }
  }
  return { tree: visit(tree, []), secrets }
}

/** Returns the text with secret values shown as `***`. */
export function masked(text: string, secrets: Iterable<string>): string {
  let result = text
  // A very short secret would blot out half of the text; values of such length are masked where they stand instead.
  for (const secret of secrets) if (secret.length >= 4) result = result.replaceAll(secret, '***')
  return result
}

/** Tells whether a key holds a secret by its own name. */
export function isSecretKey(key: string): boolean {
  return /secret|token|password|credential|access_key/i.test(key)
}
