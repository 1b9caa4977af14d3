/** A map of a config that has not been checked, or has failed its check: values may be anything. */
export type LooseMap = Record<string, unknown>

/** Returns the value when it is a map, else an empty one: rules look at whatever part of a config is usable. */
export function mapOf(value: unknown): LooseMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseMap) : {}
}

/** Returns the value when it is a list, a scalar as a list of one, else an empty list. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null || typeof value === 'object' ? [] : [value]
}

/** Returns the value when it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Lists the passes of a config with their indexes; entries that are no map are left out. */
export function passesOf(config: LooseMap): { index: number; pass: LooseMap }[] {
  const passes = Array.isArray(config.PASSES) ? config.PASSES : []
  return passes
    .map((pass, index) => ({ index, pass: mapOf(pass) }))
    .filter(({ index }) => typeof passes[index] === 'object')
}

/** Lists the modules of a pass as text. */
export function modulesOf(pass: LooseMap): string[] {
  return listOf(pass.modules).filter(name => typeof name === 'string') as string[]
}
