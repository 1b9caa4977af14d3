import { type Origin, unreadable } from './tree.js'

/** Largest config text. Checked before a file is read, so a huge one costs nothing. */
export const MAX_BYTES = 1_000_000
/** Deepest nesting: three times what the deepest documented key needs. */
export const MAX_DEPTH = 40
/** Most values of one source. */
export const MAX_VALUES = 50_000
/** Most values that aliases add: small texts cannot grow into large configs. */
export const MAX_EXPANDED = 10_000

const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])

/** Tells whether a key could reach an object's prototype; such keys are refused. */
export function isReserved(key: string): boolean {
  return RESERVED.has(key)
}

/** Refuses a text that is longer than any config. */
export function checkSize(bytes: number, at: Origin): void {
  if (bytes > MAX_BYTES) throw unreadable(at, `${bytes} bytes are too many for a config; at most ${MAX_BYTES} are read`)
}

/** Counts the values of one source and refuses what nests or grows beyond any config. */
export class Bounds {
  private values = 0
  private expanded = 0

  enter(depth: number, at: Origin, inAlias = false): void {
    if (depth > MAX_DEPTH) throw unreadable(at, `nested deeper than ${MAX_DEPTH} levels`)
    if (++this.values > MAX_VALUES) throw unreadable(at, `more than ${MAX_VALUES} values are too many for a config`)
    if (inAlias && ++this.expanded > MAX_EXPANDED) {
      throw unreadable(at, `aliases expand to more than ${MAX_EXPANDED} values`)
    }
  }
}
