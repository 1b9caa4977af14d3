import { basename, extname } from 'node:path'
import { BasaltError, dayOf, dayText, MS_PER_DAY, NS_PER_SECOND, wallTime } from '../core/index.js'
import { PendingFile } from '../io/sinks/file.js'
import { type Bars, chart, page } from '../plot/index.js'
import { interruptSignal } from './exit.js'
import {
  type BarColumns,
  gather,
  instantOf,
  type Moment,
  type Names,
  neededColumns,
  type Selection,
} from './plot-bars.js'
import { type ColumnFlags, chooseColumns } from './plot-columns.js'
import { openSource, type PlotSource, unknownListing } from './plot-source.js'
import { size } from './progress.js'
import { StandardOutput } from './stdout.js'

export interface PlotFlags extends ColumnFlags {
  listing: string
  out?: string
  date?: string
  from?: string
  to?: string
  pass?: string
  dataRoot?: string
  set: string[]
}

const MS_PER_SECOND = 1000

/** Draws what the flags of `basalt plot` ask for and writes it. Wrong flags are found before anything is read. */
export async function plot(path: string, flags: PlotFlags): Promise<void> {
  const write = writerOf(flags.out)
  const selection = selectionOf(flags)
  const signal = interruptSignal()
  const source = await openSource(path, { ...flags, config: [], pipeline: [] }, signal)
  const columns = chooseColumns(source.columns, flags, source.name)
  const present = new Set(source.columns.map(({ name }) => name))
  const needed = neededColumns(columns).filter(name => present.has(name))
  const { bars, names, ofListing } = await gatherFrom(source, needed, columns, selection)
  if (ofListing.rows === 0) throw unknownListing(flags.listing, source, await source.listings())
  if (bars.times.length === 0) throw nothingChosen(flags, source, ofListing)
  const { text, file } = write(bars, { ...subjectOf(names, flags.listing, columns), anchor: source.anchor }, flags)
  if (file === undefined) {
    await new StandardOutput(signal).write(text)
    return
  }
  const pending = await PendingFile.create(file)
  try {
    await pending.write(Buffer.from(text))
    await pending.commit()
  } catch (error) {
    await pending.abort()
    throw error
  }
  console.log(`wrote ${file} (${bars.times.length.toLocaleString('en')} bars, ${size(pending.bytes)})`)
}

async function gatherFrom(source: PlotSource, needed: string[], columns: BarColumns, selection: Selection) {
  try {
    return await gather(source.chunks(needed, selection.listing), columns, selection)
  } catch (error) {
    throw error instanceof BasaltError ? error.at({ file: source.file }) : error
  }
}

type Subject = Parameters<typeof chart>[1]

/** Returns what turns bars into the text of the file that is asked for; without a name for a file, it is stdout's. */
function writerOf(out: string | undefined) {
  const kind = out === undefined || out === '-' ? '.svg' : extname(out).toLowerCase()
  if (kind !== '.svg' && kind !== '.html')
    throw new BasaltError('config', `--out ${out}: charts are written as .svg or .html`)
  return (bars: Bars, subject: Subject, { listing }: PlotFlags) => ({
    text: kind === '.svg' ? chart(bars, subject).svg : page(bars, subject),
    file: out === '-' ? undefined : (out ?? defaultName(bars, listing)),
  })
}

function defaultName({ days }: Bars, listing: string): string {
  const dates = new Set([dayText(days[0]), dayText(days[days.length - 1])])
  return `${[listing.replace(/[^\w.-]+/g, '-'), ...dates].join('_')}.svg`
}

function subjectOf({ Ticker, MIC, CurrencyCode }: Names, listing: string, { close }: BarColumns): Subject {
  const title = [...(Ticker ? [Ticker] : []), ...(MIC ? [MIC] : []), ...(Ticker === listing ? [] : [listing])].join(
    ' · ',
  )
  return { title, unit: CurrencyCode, price: close }
}

function selectionOf({ listing, date, from, to }: PlotFlags): Selection {
  const day = date === undefined ? null : dayOf(date)
  if (day === undefined) throw new BasaltError('config', `--date ${date}: expected a date, as 2026-02-03`)
  return { listing, day, from: momentOf(from, '--from'), to: momentOf(to, '--to') }
}

function momentOf(text: string | undefined, flag: string): Moment | null {
  if (text === undefined) return null
  const clock = wallTime(text)
  if (clock !== undefined) return { clock: (clock / NS_PER_SECOND) * MS_PER_SECOND }
  const instant = instantOf(text)
  if (instant !== undefined) return { instant }
  throw new BasaltError(
    'config',
    `${flag} ${text}: expected a time of day, as 09:30, or an instant, as 2026-02-03T09:30`,
  )
}

function nothingChosen({ listing }: PlotFlags, { name }: PlotSource, { rows, first, last }: Found): BasaltError {
  const [from, to] = [first, last].map(ms => `${dayText(Math.floor(ms / MS_PER_DAY))} ${clockOf(ms)}`)
  const what = `${rows.toLocaleString('en')} rows of listing ${listing} in ${basename(name)}, from ${from} to ${to} UTC`
  return new BasaltError('config', `--date, --from and --to leave none of the ${what}`)
}

type Found = Awaited<ReturnType<typeof gather>>['ofListing']

const clockOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
