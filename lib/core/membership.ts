import type { Words } from './batch.js'
import { BasaltError } from './error.js'
import type { Expr, Scalar, TextRule } from './expr.js'

/** Conditions that compare a column with words or a set of values. */
export type Membership = Extract<Expr, { values: Scalar[] } | { value: string }>

/** Decides a condition once for every word of a dictionary: 1 where it holds. */
export function decideWords(value: Membership, { words }: Words): Uint8Array {
  if (!('values' in value)) {
    const holds = value.op === 'contains' ? 'includes' : 'startsWith'
    return Uint8Array.from(words, word => (word[holds](value.value) ? 1 : 0))
  }
  const rule = value.text ?? 'exact'
  const set = new Set(value.values.map(each => normalised(String(each), rule)))
  const hit = value.op === 'in' ? 1 : 0
  return Uint8Array.from(words, word => (set.has(normalised(word, rule)) ? hit : hit ^ 1))
}

function normalised(word: string, rule: TextRule): string {
  if (rule === 'exact') return word
  const upper = word.toUpperCase()
  return rule === 'upper' ? upper : upper.replace(/[\s_]/g, '')
}

/** Reads a literal as the exact integer that an i64 column is compared with. */
export function exactInteger(value: Scalar): bigint {
  try {
    return BigInt(value)
  } catch {
    throw new BasaltError('config', `'${value}' is not an integer, as the column it is compared with is`)
  }
}
