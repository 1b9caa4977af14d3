import { BasaltError, type Chunk, type Column, dayOf, dayText, MS_PER_DAY } from '../core/index.js'
import type { Bars } from '../plot/index.js'

/** Which column of the rows is what. */
export interface BarColumns {
  /** Labels of buckets; null: the date is all there is. */
  time: string | null
  candles: { open: string; high: string; low: string } | null
  close: string
  volume: string | null
  lines: string[]
}

/** Which rows are drawn. */
export interface Selection {
  listing: string
  day: number | null // since the epoch
  from: Moment | null
  to: Moment | null
}

/** An instant, in ms since the epoch, or a time of every day, in ms since midnight; UTC. Both ends are drawn. */
export type Moment = { instant: number } | { clock: number }

/** What rows say of their listing: the first value of each column. */
export type Names = Partial<Record<(typeof NAMES)[number], string>>

export const NAMES = ['Ticker', 'MIC', 'CurrencyCode'] as const

/** How many rows there are, and the times of the first and the last, ms since the epoch. */
interface Found {
  rows: number
  first: number
  last: number
}

/** Lists the columns that `gather` reads of those that there are. */
export function neededColumns({ time, candles, close, volume, lines }: BarColumns): string[] {
  return ['ListingId', 'Date', ...NAMES, ...[time, volume].flatMap(name => name ?? []), close, ...lines].concat(
    candles ? Object.values(candles) : [],
  )
}

/**
 * Gathers the bars of one listing, in the order of time. Values that are no finite number are null. Two rows with one
 * label are a data fault: one mark cannot stand for both. `ofListing` tells of all rows of the
 * listing, before dates and times choose.
 */
export async function gather(
  chunks: AsyncIterable<Chunk>,
  columns: BarColumns,
  selection: Selection,
): Promise<{ bars: Bars; names: Names; ofListing: Found }> {
  const { time, candles, close, volume, lines } = columns
  const numbers = [close, ...(candles ? [candles.open, candles.high, candles.low] : []), ...(volume ? [volume] : [])]
  const values = new Map([...numbers, ...lines].map(name => [name, [] as number[]]))
  const times: number[] = []
  const days: number[] = []
  const names: Names = {}
  const ofListing: Found = { rows: 0, first: Infinity, last: -Infinity }
  for await (const chunk of chunks) {
    const rows = rowsOf(chunk, selection.listing)
    ofListing.rows += rows.length
    if (rows.length === 0) continue
    for (const name of NAMES) names[name] ??= textAt(chunk.column(name), rows[0])
    const chosen: number[] = []
    for (const row of rows) {
      const at = timeAt(chunk.required(time ?? 'Date'), time ?? 'Date', row)
      const date = chunk.column('Date')
      const day = date ? Math.floor(timeAt(date, 'Date', row) / MS_PER_DAY) : Math.floor(at / MS_PER_DAY)
      ofListing.first = Math.min(ofListing.first, at)
      ofListing.last = Math.max(ofListing.last, at)
      if (!isChosen(selection, at, day)) continue
      chosen.push(row)
      times.push(at)
      days.push(day)
    }
    for (const [name, kept] of values) {
      const column = chunk.required(name)
      for (const row of chosen) kept.push(numberAt(column, name, row))
    }
  }
  const order = orderOf(times, selection.listing)
  const inOrder = (name: string) => Float64Array.from(order, i => (values.get(name) as number[])[i])
  const bars: Bars = {
    times: Float64Array.from(order, i => times[i]),
    days: Int32Array.from(order, i => days[i]),
    candles: candles && { open: inOrder(candles.open), high: inOrder(candles.high), low: inOrder(candles.low) },
    close: inOrder(close),
    volume: volume === null ? null : inOrder(volume),
    lines: lines.map(name => ({ name, values: inOrder(name) })),
  }
  return { bars, names, ofListing }
}

/** Returns the rows of a listing in a chunk. */
function rowsOf(chunk: Chunk, listing: string): number[] {
  const column = chunk.required('ListingId')
  const rows: number[] = []
  const wanted = codeOf(column, listing)
  if (wanted === undefined) return rows
  for (let row = 0; row < chunk.rows; row++)
    if (column.values[row] === wanted && (!column.valid || column.valid[row])) rows.push(row)
  return rows
}

/** Returns what a column of listings holds for a listing; undefined when that is in no row. */
function codeOf(column: Column, listing: string): number | bigint | undefined {
  if (column.type === 'str') {
    const code = column.dictionary.words.indexOf(listing)
    return code < 0 ? undefined : code
  }
  if (!/^-?\d{1,19}$/.test(listing)) return undefined
  return column.type === 'i64' ? BigInt(listing) : Number(listing)
}

/** Returns the text of a value, or undefined where it is null. */
export function textAt(column: Column | undefined, row: number): string | undefined {
  if (!column || (column.valid && !column.valid[row])) return undefined
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}

function numberAt(column: Column, name: string, row: number): number {
  if (column.valid && !column.valid[row]) return NaN
  const text = column.type === 'str' ? column.dictionary.words[column.values[row]] : ''
  const value = column.type === 'str' ? Number(text.trim() || NaN) : Number(column.values[row])
  if (column.type === 'str' && Number.isNaN(value))
    throw new BasaltError('data', `'${text}' is no number`, { field: name })
  return Number.isFinite(value) ? value : NaN
}

/** Returns a stamp or date in ms since the epoch, with fractions to the microsecond. */
function timeAt(column: Column, name: string, row: number): number {
  if (!column.valid || column.valid[row]) {
    const value = column.values[row]
    if (typeof value === 'bigint') return Number(value / 1000n) / 1000
    if (column.type === 'date') return Number(value) * MS_PER_DAY
    if (column.type === 'str') {
      const text = column.dictionary.words[column.values[row]]
      const ms = instantOf(text)
      if (ms !== undefined) return ms
      throw new BasaltError('data', `'${text}' is no date and no time as 2026-02-03T10:30:00Z`, { field: name })
    }
  }
  const problem = column.valid && !column.valid[row] ? 'a row to draw has no time' : `holds no times but ${column.type}`
  throw new BasaltError('data', problem, { field: name })
}

/** Reads a date or an RFC 3339 time in UTC as ms since the epoch, or undefined when the text is neither. */
export function instantOf(text: string): number | undefined {
  const [, date, time, fraction = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?Z?)?$/.exec(text) ?? []
  const day = date === undefined ? undefined : dayOf(date)
  const ms = Date.parse(`${date}T${time ?? '00:00'}Z`)
  if (day === undefined || Number.isNaN(ms)) return undefined
  return ms + Math.floor(Number(`0${fraction}`) * 1e6 + 1e-6) / 1e3
}

function isChosen({ day, from, to }: Selection, at: number, own: number): boolean {
  if (day !== null && own !== day) return false
  const since = (moment: Moment) => ('instant' in moment ? at - moment.instant : (at % MS_PER_DAY) - moment.clock)
  const after = !from || since(from) >= 0
  const before = !to || since(to) <= 0
  // From 22:00 to 04:00 is a night.
  const isNight = from && to && 'clock' in from && 'clock' in to && from.clock > to.clock
  return isNight ? after || before : after && before
}

function orderOf(times: number[], listing: string): number[] {
  const order = times.map((_, i) => i).sort((a, b) => times[a] - times[b])
  for (let i = 1; i < order.length; i++) {
    const at = times[order[i]]
    if (at !== times[order[i - 1]]) continue
    const when = `${dayText(Math.floor(at / MS_PER_DAY))} ${new Date(at).toISOString().slice(11, 23)}`
    throw new BasaltError('data', `listing ${listing} has two rows at ${when}; a chart draws one at each time`)
  }
  return order
}
