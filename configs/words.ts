import * as z from 'zod'
import { dayOf, isTimeZone, NS_PER_DAY, nearest, wallTime } from '../lib/core/index.js'

/** A calendar date as text. */
export const date = () =>
  z
    .string()
    .refine(text => dayOf(text) !== undefined, { error: issue => `'${issue.input}' is not a date; write YYYY-MM-DD` })

/** An IANA time zone that this runtime knows. */
export const timeZone = () =>
  z.string().refine(isTimeZone, {
    error: issue => `'${issue.input}' is not a time zone; write an IANA name such as Europe/London`,
  })

/** A time of day as text. */
export const timeOfDay = () =>
  z.string().refine(text => wallTime(text) !== undefined, {
    error: issue => `'${issue.input}' is not a time of day; write HH:MM:SS`,
  })

/** Start and end of a day's time as text; the end may be 24:00. */
export const wallInterval = () =>
  z.tuple([timeOfDay(), z.union([z.literal(['24:00', '24:00:00']), timeOfDay()])]).refine(
    ([start, end]) => {
      const [from, to] = [wallTime(start), wallTimeOrMidnight(end)]
      return from === undefined || to === undefined || from < to
    },
    { error: issue => `${(issue.input as string[]).join(' to ')} ends before it starts` },
  )

/** Reads the end of an interval of a day as ns after midnight; 24:00 is the next midnight. */
export const wallTimeOrMidnight = (text: string): number | undefined =>
  /^24:00/.test(text) ? NS_PER_DAY : wallTime(text)

/** A positive decimal, kept as exact decimal text: prices are scaled by it with one correct rounding. */
export const decimal = () =>
  z
    .union([z.number(), z.string()])
    .refine(value => decimalText(value) !== undefined, {
      error: issue => `'${issue.input}' is not a decimal above 0; write it as 0.0001`,
    })
    .transform(value => decimalText(value) ?? '1')

/** Writes a positive decimal without an exponent, or returns undefined when the value is none. */
export function decimalText(value: string | number): string | undefined {
  const match = /^(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(String(value))
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  if (!/[1-9]/.test(digits)) return undefined
  const point = whole.length + Number(exponent)
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const split = Math.max(point, 1)
  const left = padded.slice(0, split).replace(/^0+(?=\d)/, '')
  const right = padded.slice(split).replace(/0+$/, '')
  return right === '' ? left : `${left}.${right}`
}

const UNITS: Record<string, number> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}
const SIZE = /^(\d+(?:\.\d+)?)\s*([a-z]+|%)?$/i

/** A memory size with its unit, or a share of the machine's memory. */
export const memorySize = () =>
  z
    .union([z.string(), z.number()])
    .superRefine((value, context) => {
      const problem = sizeProblem(String(value))
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })
    .transform(String)

function sizeProblem(text: string): string | undefined {
  const match = SIZE.exec(text.trim())
  if (!match) return `'${text}' is not a size; write 512MB, 2GiB or 50%`
  const [, number, unit] = match
  if (unit === undefined) return `'${text}' has no unit; write ${text.trim()}MB`
  if (unit === '%')
    return Number(number) > 0 && Number(number) <= 100 ? undefined : `'${text}' is not a share; write 1% to 100%`
  if (!(unit.toLowerCase() in UNITS)) return `'${unit}' is not a unit; write KB, MB, GB, TB, KiB, MiB, GiB, TiB or %`
  return Number(number) > 0 ? undefined : `'${text}' is no memory at all; write 512MB`
}

/** Returns the bytes that a checked memory size stands for; shares are of `total` bytes. */
export function bytesOf(size: string, total: number): number {
  const [, number, unit = ''] = SIZE.exec(size.trim()) ?? []
  return Math.floor(
    unit === '%' ? (Number(number) / 100) * total : Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN),
  )
}

/** Returns what is wrong with the `{tokens}` of a path, or undefined. */
export function tokenProblem(template: string, tokens: readonly string[]): string | undefined {
  for (const [, token] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (tokens.includes(token)) continue
    const near = nearest(token, tokens)
    return `unknown token {${token}}; ${near ? `did you mean {${near}}?` : `allowed: ${tokens.map(each => `{${each}}`).join(' ')}`}`
  }
  const rest = template.replace(/\{[^{}]*\}/g, '')
  return /[{}]/.test(rest) ? `'${template}' has a brace without its partner` : undefined
}
