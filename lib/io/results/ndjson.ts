import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { BasaltError, faultOf } from '../../core/error.js'
import { LocalFile } from '../bytes.js'
import type { ResultFile } from './index.js'
import { type TextRow, textResult } from './text-rows.js'

/** Opens a file of JSON objects, one a line, all with the keys of the first. Integers keep all of their digits. */
export async function openNdjson(path: string): Promise<ResultFile> {
  await LocalFile.at(path)
  const first = (await objectsOf(path).next()).value
  const names = [...(first?.keys() ?? [])]
  return textResult(names, () => rowsOf(path, names))
}

async function* rowsOf(path: string, names: readonly string[]): AsyncGenerator<TextRow, void, undefined> {
  for await (const object of objectsOf(path)) yield names.map(name => object.get(name) ?? null)
}

async function* objectsOf(path: string): AsyncGenerator<Map<string, string | null>, void, undefined> {
  let line = 0
  const source = createReadStream(path, 'utf8')
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      line++
      if (text.trim() !== '') yield membersOf(text)
    }
  } catch (error) {
    throw faultOf(error, { file: path, line }, 'io')
  } finally {
    source.destroy()
  }
}

// A key, and a string or what has neither quotes nor brackets: flat objects are all that Basalt writes.
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.source
const MEMBER = new RegExp(`\\s*(${STRING})\\s*:\\s*(${STRING}|[^\\s",{}[\\]]+)\\s*([,}])`, 'y')

/**
 * Returns the members of a flat JSON object as text, numbers as they are written: JSON.parse would round listings beyond
 * 2^53. Null is null.
 */
export function membersOf(text: string): Map<string, string | null> {
  const members = new Map<string, string | null>()
  MEMBER.lastIndex = text.indexOf('{') + 1
  if (/^\s*\{\s*\}\s*$/.test(text)) return members
  if (/^\s*\{/.test(text)) {
    for (let found = MEMBER.exec(text); found; found = MEMBER.exec(text)) {
      const [, key, value, next] = found
      members.set(wordOf(key), value === 'null' ? null : value[0] === '"' ? wordOf(value) : value)
      if (next === '}' && text.slice(MEMBER.lastIndex).trim() === '') return members
      if (next === '}') break
    }
  }
  throw new BasaltError('data', 'is no line of NDJSON as Basalt writes it: one object without arrays or objects in it')
}

const wordOf = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1))
