/** Keys with two names. Where both are given their values must agree; the second name is where the value ends up. */
export const ALIASES: readonly (readonly [path: readonly string[], resolved: readonly string[]])[] = [
  [['BATCHING_STRATEGY'], ['EXECUTION', 'batching_strategy']],
  [['NUM_WORKERS'], ['EXECUTION', 'workers']],
  [['TEMP_DIR'], ['EXECUTION', 'temp_dir']],
  [
    ['DATA', 'reference'],
    ['DATA', 'tables', 'reference'],
  ],
]

/** Returns the other name of a key, or undefined when it has none. */
export function otherName(path: readonly (string | number)[]): readonly string[] | undefined {
  const text = path.join('\0')
  for (const [alias, resolved] of ALIASES) {
    if (alias.join('\0') === text) return resolved
    if (resolved.join('\0') === text) return alias
  }
  return undefined
}
