import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readObject } from './read-object.js'
import { type Origin, type Tree, unreadable } from './tree.js'

/** What a config function is given. */
export interface ConfigContext {
  /** The date asked for with --date. */
  date?: string
  env: Record<string, string | undefined>
}

/** Runs a TypeScript or JavaScript config and reads its default export, an object or a (sync or async) function. */
export async function readModule(file: string, origin: Origin, context: ConfigContext): Promise<Tree> {
  let exported: unknown
  try {
    exported = await defaultOf(file)
    if (typeof exported === 'function') exported = await exported(context)
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw unreadable(origin, `the module failed: ${message}`, error)
  }
  if (typeof exported !== 'object' || exported === null) {
    throw unreadable(origin, 'the default export must be a config object or a function that returns one')
  }
  return readObject(exported, origin)
}

async function defaultOf(file: string): Promise<unknown> {
  const path = resolve(file)
  if (/\.m?js$/.test(path)) {
    // The stamp makes an edited file a new module: a process may read a config more than once.
    const url = `${pathToFileURL(path).href}?${statSync(path).mtimeMs}`
    return ((await import(url)) as { default?: unknown }).default
  }
  const { createJiti } = await import('jiti') // 0.1 s that only configs in TypeScript need
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, interopDefault: false })
  return ((await jiti.import(path)) as { default?: unknown }).default
}
