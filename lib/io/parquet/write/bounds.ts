import type { ColumnType } from '../../../core/batch.js'
import type { Bound } from './coding.js'

const TEXT_BYTES = 64 // longer bounds are cut: a footer must not grow with the longest word

/** A bound as the footer stores it. One that is not exact lies beyond every value. */
export interface StoredBound {
  bytes: Uint8Array
  exact: boolean
}

/** Compares two bounds of one type, text by its bytes. */
export function compareBounds(a: Bound, b: Bound): number {
  if (a instanceof Uint8Array || b instanceof Uint8Array) return Buffer.compare(a as Uint8Array, b as Uint8Array)
  return a < b ? -1 : a > b ? 1 : 0
}

/** Returns a bound's bytes, in memory of their own. A long text is cut: a greatest one is raised to stay a bound. */
export function storeBound(type: ColumnType, bound: Bound, greatest: boolean): StoredBound {
  if (type === 'str') return cutText(bound as Uint8Array, greatest)
  const bytes = new Uint8Array(type === 'bool' ? 1 : type === 'i32' || type === 'date' ? 4 : 8)
  const view = new DataView(bytes.buffer)
  if (type === 'f64') view.setFloat64(0, bound as number, true)
  else if (typeof bound === 'bigint') view.setBigInt64(0, bound, true)
  else if (bytes.length === 4) view.setInt32(0, bound as number, true)
  else bytes[0] = bound as number
  return { bytes, exact: true }
}

function cutText(text: Uint8Array, greatest: boolean): StoredBound {
  if (text.length <= TEXT_BYTES) return { bytes: Uint8Array.from(text), exact: true }
  let end = TEXT_BYTES
  while ((text[end] & 0xc0) === 0x80) end-- // a character is not cut apart
  const kept = Buffer.from(Uint8Array.from(text.subarray(0, end))).toString()
  if (!greatest) return { bytes: ownBytes(kept), exact: false }
  const characters = Array.from(kept)
  while (characters.length > 0) {
    const last = characters.pop()!.codePointAt(0)!
    if (last === 0x10ffff) continue
    const next = last === 0xd7ff ? 0xe000 : last + 1 // no surrogates
    return { bytes: ownBytes(characters.join('') + String.fromCodePoint(next)), exact: false }
  }
  return { bytes: Uint8Array.from(text), exact: true } // nothing shorter is greater
}

// Copied out of Buffer's pool: a bound that goes to another thread would take the whole pool along.
const ownBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text))
