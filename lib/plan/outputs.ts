import type { OutputTarget } from '../../configs/index.js'
import { dayText } from '../core/index.js'

export type BatchFrequency = 'D' | 'W' | '2W' | 'M' | 'A'

/** Dates that share one output file. */
export interface DateBatch {
  from: number // days since the epoch, inclusive
  to: number
}

/** Chooses a frequency by span: short runs one file, long ones a file a year. */
function frequencyOf(frequency: BatchFrequency | null, span: number): BatchFrequency | 'one' {
  if (frequency !== null) return frequency
  if (span <= 7) return 'one'
  if (span <= 60) return 'W'
  if (span <= 180) return '2W'
  return span <= 730 ? 'M' : 'A'
}

/** Returns the batch of dates, within [from, to], that a date belongs to. Weeks begin on Monday. */
export function batchOfDay(day: number, from: number, to: number, frequency: BatchFrequency | null): DateBatch {
  const [first, last] = period(day, frequencyOf(frequency, to - from + 1), from, to)
  return { from: Math.max(first, from), to: Math.min(last, to) }
}

function period(day: number, frequency: BatchFrequency | 'one', from: number, to: number): [number, number] {
  const date = new Date(day * 86_400_000)
  const dayAt = (year: number, month: number, dayOfMonth: number) => Date.UTC(year, month, dayOfMonth) / 86_400_000
  const monday = day - ((((day + 3) % 7) + 7) % 7) // 1970-01-01 was a Thursday
  switch (frequency) {
    case 'one':
      return [from, to]
    case 'D':
      return [day, day]
    case 'W':
      return [monday, monday + 6]
    case '2W': {
      const odd = (((monday + 3) / 7) % 2) * 7 // counted from Monday 1969-12-29
      return [monday - odd, monday - odd + 13]
    }
    case 'M':
      return [
        dayAt(date.getUTCFullYear(), date.getUTCMonth(), 1),
        dayAt(date.getUTCFullYear(), date.getUTCMonth() + 1, 0),
      ]
    case 'A':
      return [dayAt(date.getUTCFullYear(), 0, 1), dayAt(date.getUTCFullYear(), 12, 0)]
  }
}

/** What the files of a pass are named after. */
export interface OutputNaming {
  names: { datasetname: string; pass: string; universe: string }
  /** First and last date of the run, days since the epoch. */
  dates: DateBatch
  frequency: BatchFrequency | null
}

/** A file of a target, and the dates of the run that it has rows of. */
export interface PlannedFile {
  path: string
  dates: DateBatch
  days: (number | null)[]
}

/** Lists the files of a target that hold some dates of a run, in the order of their dates. */
export function filesOf(target: OutputTarget, naming: OutputNaming, days: Iterable<number | null>): PlannedFile[] {
  const files = new Map<number, PlannedFile>()
  for (const day of [...days].sort((a, b) => (a ?? 0) - (b ?? 0))) {
    const dates = datesInFile(target, naming, day)
    const known = files.get(dates.from)
    if (known) known.days.push(day)
    else files.set(dates.from, { path: outputPath(target, naming.names, dates), dates, days: [day] })
  }
  return [...files.values()]
}

/** Returns the dates that share a file with one. */
export function datesInFile(target: OutputTarget, { dates, frequency }: OutputNaming, day: number | null): DateBatch {
  if (day === null) return dates
  if (target.path_template.includes('{date}')) return { from: day, to: day }
  return batchOfDay(day, dates.from, dates.to, frequency)
}

/**
 * Returns the folder of a target, and what its files are called, dates left open: `{root}`, or what stands before the first
 * folder whose name depends on the run.
 */
export function targetPlace(target: OutputTarget, { names }: OutputNaming): { folder: string; pattern: string } {
  const fixed = { root: target.root, bucket: target.bucket ?? '', prefix: target.prefix ?? '' }
  const start = filled(target.path_template.split(/\{(?!root\}|bucket\}|prefix\})/)[0], fixed)
  const dated = Object.fromEntries(['date', 'start_date', 'end_date', 'side'].map(name => [name, `{${name}}`]))
  const pattern = filled(target.path_template, { ...fixed, ...names, ...dated })
  return {
    folder: target.path_template.startsWith('{root}') ? target.root : start.replace(/[^/]*$/, '') || '.',
    pattern,
  }
}

/** Fills the tokens of a target's path. */
export function outputPath(
  target: OutputTarget,
  names: { datasetname: string; pass: string; universe: string },
  dates: DateBatch,
): string {
  return filled(target.path_template, {
    root: target.root,
    bucket: target.bucket ?? '',
    prefix: target.prefix ?? '',
    ...names,
    start_date: dateToken(dates.from),
    end_date: dateToken(dates.to),
    date: dateToken(dates.from),
    side: '',
  })
}

const filled = (template: string, tokens: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => tokens[name] ?? '')

/** Writes a universe as one path token; none is `all`. */
export function universeToken(universe: string | string[] | null): string {
  if (universe === null) return 'all'
  return [universe]
    .flat()
    .join('_')
    .replace(/[^A-Za-z0-9_.=+-]/g, '-')
}

/** Files without any date in their path, run without START_DATE and END_DATE, have no date to be named after. */
const dateToken = (day: number): string => (Number.isFinite(day) ? dayText(day) : 'all')
