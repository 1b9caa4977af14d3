import { dayText } from '../core/time.js'
import type { Bars } from './bars.js'
import { DAY, EASY_WIDTHS, HOUR, MINUTE, SECOND } from './durations.js'

/** Bars without closed hours between them. */
export interface Session {
  first: number // bar
  last: number // bar, inclusive
  left: number // px
  right: number // px
}

/** Maps bars to places from left to right. Time runs evenly inside of a session; closed hours take no room. */
export interface TimeAxis {
  sessions: Session[]
  /** Middle of each bar, px. */
  x: Float64Array
  /** Room of one bar, px. */
  pitch: number
}

export interface Tick {
  x: number
  text: string
}

const CLOSED = 3 * HOUR // the least that counts as closed: lunch breaks and quiet hours stay visible

/** Splits bars into sessions: where the date changes over hours without a bar. */
export function sessionsOf({ times, days }: Bars, width: number): { first: number; last: number }[] {
  const sessions: { first: number; last: number }[] = []
  for (let i = 0; i < times.length; i++) {
    const gap = i === 0 ? Infinity : times[i] - times[i - 1]
    if (i === 0 || (gap > Math.max(CLOSED, 1.5 * width) && days[i] !== days[i - 1]))
      sessions.push({ first: i, last: i })
    else sessions[sessions.length - 1].last = i
  }
  return sessions
}

/** Returns the time in ms that sessions take on the axis: from the first to the last label, and one bar around them. */
export function spanOf({ times }: Bars, sessions: readonly { first: number; last: number }[], width: number): number {
  return sessions.reduce((total, { first, last }) => total + times[last] - times[first] + width, 0)
}

/** Lays bars of a width out between two edges. */
export function timeAxis(bars: Bars, width: number, left: number, right: number): TimeAxis {
  const { times } = bars
  const found = sessionsOf(bars, width)
  const gap = Math.min(16, (0.15 * (right - left)) / found.length)
  const scale = (right - left - gap * Math.max(0, found.length - 1)) / (spanOf(bars, found, width) || 1)
  const x = new Float64Array(times.length)
  let at = left
  const sessions = found.map(({ first, last }) => {
    for (let i = first; i <= last; i++) x[i] = at + (times[i] - times[first] + width / 2) * scale
    const end = at + (times[last] - times[first] + width) * scale
    const session = { first, last, left: at, right: end }
    at = end + gap
    return session
  })
  return { sessions, x, pitch: width * scale }
}

/** Returns ticks of the time of day, at round times some 80 px apart; of dates, where bars are days or more. */
export function timeTicks(bars: Bars, axis: TimeAxis, width: number): Tick[] {
  const { times, days } = bars
  if (width >= DAY) return thinned(Array.from(axis.x, (x, i) => ({ x, text: shortDate(days[i]) })))
  const perMs = axis.pitch / width
  const step = EASY_WIDTHS.find(each => each >= width && each * perMs >= 80)
  if (step === undefined) return []
  const ticks: Tick[] = []
  for (const { first, last } of axis.sessions) {
    const [from, to] = [times[first], times[last]]
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const text = at % DAY === 0 ? shortDate(at / DAY) : clockText(at, step)
      ticks.push({ x: axis.x[first] + (at - from) * perMs, text })
    }
  }
  return thinned(ticks)
}

/** Returns the date at the left of every session; of the year, where bars are days or more. */
export function dateTicks({ days }: Bars, axis: TimeAxis, width: number): Tick[] {
  if (width < DAY)
    return thinned(
      axis.sessions.map(({ first, left }) => ({ x: left, text: longDate(days[first]) })),
      120,
    )
  const years = Array.from(days, day => dayText(day).slice(0, 4))
  return thinned(years.flatMap((text, i) => (text === years[i - 1] ? [] : [{ x: axis.x[i], text }])))
}

/** Leaves out ticks whose texts would touch. */
function thinned(ticks: Tick[], room = 52): Tick[] {
  let before = -Infinity
  return ticks.filter(({ x }) => {
    if (x - before < room) return false
    before = x
    return true
  })
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] // 1970-01-01 was a Thursday

function shortDate(day: number): string {
  const [, month, date] = dayText(day).split('-')
  return `${Number(date)} ${MONTHS[Number(month) - 1]}`
}

function longDate(day: number): string {
  return `${WEEKDAYS[((day % 7) + 7) % 7]} ${shortDate(day)} ${dayText(day).slice(0, 4)}`
}

/** Writes a time of day as precisely as a step in ms asks for: 10:30, 10:30:15 or 10:30:15.250. */
export function clockText(ms: number, step: number): string {
  const text = new Date(Math.round(ms)).toISOString()
  return text.slice(11, step % MINUTE === 0 ? 16 : step % SECOND === 0 ? 19 : 23)
}
