import { BasaltError, Registry } from '../core/index.js'

/**
 * Loads packs by module URL into a registry. Workers and other machines load the same URLs, so a user's own metric
 * runs there exactly as the built-in ones do; no code travels as a closure.
 */
export async function loadPacks(urls: readonly string[]): Promise<Registry> {
  const registry = new Registry()
  for (const url of urls) {
    let pack: Record<string, unknown>
    try {
      pack = await import(url)
    } catch (error) {
      throw new BasaltError('config', `the pack cannot be loaded: ${(error as Error).message}`, { file: url }, error)
    }
    registry.add(pack, url)
  }
  return registry
}
