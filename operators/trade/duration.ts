/** Units of a duration, largest first, in ns. */
const UNITS = [
  ['h', 3_600_000_000_000],
  ['m', 60_000_000_000],
  ['s', 1_000_000_000],
  ['ms', 1_000_000],
  ['us', 1000],
  ['ns', 1],
] as const

/** Reads a whole number with a unit (`100ms`, `5m`) as ns, or returns undefined when the text is no duration. */
export function durationOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d+)(h|m|s|ms|us|ns)$/.exec(text) ?? []
  const ns = Number(digits) * (UNITS.find(([name]) => name === unit)?.[1] ?? Number.NaN)
  return ns > 0 && Number.isSafeInteger(ns) ? ns : undefined
}

/** Writes a duration in the largest unit that measures it whole: 1000 ms is `1s`, 300 s is `5m`. */
export function durationTag(ns: number): string {
  const [name, unit] = UNITS.find(([, each]) => ns % each === 0) ?? ['ns', 1]
  return `${ns / unit}${name}`
}
