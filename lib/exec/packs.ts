import { BasaltError, Registry } from '../core/index.js'

/**
 * Loads packs by module URL into a registry. Workers and other machines load the same URLs, so a user's own metric
 * runs there exactly as the built-in ones do; no code travels as a closure.
 */
export async function loadPacks(urls: readonly string[]): Promise<Registry> {
  const registry = new Registry()
  for (const url of urls) await addPack(registry, url)
  return registry
}

/** Loads one pack into a registry. */
export async function addPack(registry: Registry, url: string): Promise<void> {
  let pack: Record<string, unknown>
  try {
    pack = await import(url)
  } catch (error) {
    const reason = (error as Error).message.replace(/ imported from .*$/, '') // that is this file
    throw new BasaltError('config', `the pack cannot be loaded: ${reason}`, { file: url }, error)
  }
  registry.add(pack, url)
}
