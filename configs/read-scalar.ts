import type { LeafValue } from './tree.js'

/** Returns an integer as a number while that is exact, else as decimal text: ids beyond 2^53 survive. */
export function exactInteger(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

const INTEGER = /^[-+]?\d+$/
const RADIX = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/

/** Reads text as a plain YAML scalar (core schema): numbers, booleans and null; all else stays text. */
export function readScalar(text: string): LeafValue {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (INTEGER.test(text)) return exactInteger(BigInt(text.replace(/^\+/, '')))
  if (RADIX.test(text)) return exactInteger(BigInt(text))
  if (FLOAT.test(text)) return Number(text)
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? unquoted(text) : text
}

function unquoted(text: string): string {
  if (text[0] === "'") return text.slice(1, -1).replaceAll("''", "'")
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}
