import { BasaltError, type EntryParameters } from '../lib/core/index.js'

/** Refuses parameters that an entry gives and its variant does not take; of `names`, null is not given. */
export function refuseOthers(
  variant: string,
  names: readonly string[],
  takes: readonly string[],
  parameters: EntryParameters,
): void {
  for (const name of names) {
    if ((parameters[name] ?? null) === null || takes.includes(name)) continue
    const taken = takes.length ? `it takes ${takes.join(', ')}` : 'it takes no parameter'
    throw new BasaltError('config', `'${name}' has no meaning for ${variant}: ${taken}; give it an entry of its own`)
  }
}
