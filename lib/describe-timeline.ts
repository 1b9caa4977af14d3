import {
  type BucketRule,
  dayText,
  type FillRule,
  type GridPlan,
  insideLabels,
  NS_PER_SECOND,
  type WallInterval,
} from './core/index.js'
import { DayGrid } from './exec/day-grid.js'
import { referenceListings } from './exec/universe.js'
import { termsOf } from './plan/index.js'
import type { Prepared, PreparedPass } from './prepare.js'

/** What is done to the bars of a pass, as a plan shows it. */
export interface TimelineText {
  grid: GridText | null
  fill: FillRule[]
  acrossSessions: boolean
}

export interface GridText extends Omit<GridPlan, 'interval' | 'calendar' | 'pad' | 'sessionEnd'> {
  padSeconds: number
  interval: [string, string] | null
  calendar: Record<string, [string, string] | 'closed'>
  /** Rows of a listing on a day that the calendar does not change; null where market states say. */
  rowsOfListing: number | null
  /** Rows of the grid, where the reference table names the listings; others with data come on top. */
  rows: number | null
  /** What is read of the table of market states. */
  marketstate: { files: number; rows: number } | null
}

/** Describes the grid and the fills of a pass; null where bars stay as they are. */
export function describeTimeline(prepared: Prepared, pass: PreparedPass): TimelineText | null {
  const { timeline, aggregate } = pass.plan
  if (!timeline) return null
  const { grid, fill, acrossSessions } = timeline
  if (!grid || !aggregate.rule) return { grid: null, fill, acrossSessions }
  const { interval, calendar, pad, sessionEnd: _, ...rest } = grid
  const days = Object.entries(calendar)
  return {
    grid: {
      ...rest,
      padSeconds: pad / NS_PER_SECOND,
      interval: interval && wallTexts(interval),
      calendar: Object.fromEntries(
        days.map(([day, each]) => [dayText(Number(day)), each ? wallTexts(each) : 'closed']),
      ),
      rowsOfListing: interval && bucketsOf(interval, aggregate.rule),
      rows: grid.mode === 'uniform' ? rowsOf(prepared, pass, grid, aggregate.rule) : null,
      marketstate: statesOf(pass),
    },
    fill,
    acrossSessions,
  }
}

const bucketsOf = ([from, to]: WallInterval, rule: BucketRule): number =>
  labelsIn(insideLabels({ from, to }, from, rule), rule)

function labelsIn(sessions: Float64Array, { width }: BucketRule): number {
  let labels = 0
  for (let s = 0; s < sessions.length; s += 2) labels += (sessions[s + 1] - sessions[s]) / width + 1
  return labels
}

/** Counts the rows of a uniform grid over the dates of the pass; null where the reference table names no listing. */
function rowsOf({ config, reference }: Prepared, { plan, units }: PreparedPass, grid: GridPlan, rule: BucketRule) {
  const { entity } = plan.aggregate
  const numeric = entity[entity.length - 1].type === 'i64'
  const universe = termsOf(config.UNIVERSE)
  let rows = 0
  for (const { day } of units) {
    if (day === null) return null
    const listings = referenceListings({ universe, day, reference, numeric })
    if (listings.length === 0) return null
    rows += listings.length * labelsIn(DayGrid.uniform(day, grid, rule, []).sessions(listings[0]), rule)
  }
  return rows
}

/** Counts what is read of the table of market states; null where none is. */
export function statesOf({ states, units }: PreparedPass): GridText['marketstate'] {
  if (!states) return null
  const days = new Set(units.map(({ day }) => day))
  const files = states.files.filter(({ day }) => day === null || days.has(day) || days.has(null))
  const rows = files.flatMap(({ rowGroups }) => rowGroups).reduce((total, group) => total + group.rows, 0)
  return { files: files.length, rows }
}

const wallTexts = ([from, to]: WallInterval): [string, string] => [wallText(from), wallText(to)]

/** Writes ns after midnight as a wall time. */
function wallText(time: number): string {
  const seconds = Math.floor(time / NS_PER_SECOND)
  const two = (value: number) => String(value).padStart(2, '0')
  const whole = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  const rest = time % NS_PER_SECOND
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(9, '0').replace(/0+$/, '')}`
}
