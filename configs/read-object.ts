import { Bounds, isReserved } from './bounds.js'
import { pathText } from './path.js'
import { exactInteger } from './read-scalar.js'
import { branch, type Origin, type Tree, unreadable } from './tree.js'

/** Reads a JavaScript value into a tree: plain data only. Keys whose value is undefined are left out. */
export function readObject(value: unknown, origin: Origin): Tree {
  const bounds = new Bounds()
  const read = (part: unknown, depth: number, path: (string | number)[]): Tree => {
    bounds.enter(depth, origin) // a value that contains itself ends here
    if (part === null || typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean') {
      return { kind: 'leaf', value: part, at: origin }
    }
    if (typeof part === 'bigint') return { kind: 'leaf', value: exactInteger(part), at: origin }
    if (Array.isArray(part)) {
      const items = part.map((item, i) => read(item ?? null, depth + 1, [...path, i]))
      return { kind: 'list', items, at: origin }
    }
    if (Object.prototype.toString.call(part) !== '[object Object]') throw refused(part, path, origin)
    const map = branch(origin)
    for (const [key, child] of Object.entries(part as object)) {
      if (isReserved(key)) throw unreadable(origin, `${pathText(path)}: the key '${key}' is not allowed`)
      if (child !== undefined) map.entries.set(key, { key: origin, value: read(child, depth + 1, [...path, key]) })
    }
    return map
  }
  return read(value, 0, [])
}

function refused(part: unknown, path: (string | number)[], origin: Origin) {
  const kind = part instanceof Date ? "a Date; write it as 'YYYY-MM-DD'" : `a ${typeof part}`
  return unreadable(origin, `${pathText(path) || 'the config'}: expected plain data, found ${kind}`)
}
