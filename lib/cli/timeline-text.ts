import type { GridText, TimelineText } from '../describe-timeline.js'

/** Writes what is done to the bars of a pass for people, a line each. */
export function timelineLines({ grid, fill, acrossSessions }: TimelineText): string[] {
  const rules = new Map<string, string[]>()
  for (const { column, how, limit } of fill) {
    const text = how === 'zero' ? 'with 0' : limit === null ? 'forward' : `forward over at most ${limit} rows`
    rules.set(text, [...(rules.get(text) ?? []), column])
  }
  const sessions = grid && !acrossSessions ? ', not from one session to the next' : ''
  return [
    ...(grid ? gridLines(grid) : []),
    ...[...rules].map(
      ([how, columns]) => `nulls filled ${how}${how === 'with 0' ? '' : sessions}: ${columns.join(', ')}`,
    ),
  ]
}

function gridLines(grid: GridText): string[] {
  const { mode, states, padSeconds, interval, zone, marketstate, rowsOfListing, rows, outside, calendar } = grid
  const padded = padSeconds > 0 ? `, widened by ${padSeconds} s` : ''
  const where =
    mode === 'uniform'
      ? `${interval?.join(' to ')} ${zone}, ${rowsOfListing?.toLocaleString('en')} rows a listing and date`
      : `market state ${states.join(' or ')}${padded}; as many rows as marketstate says (${marketstate?.rows.toLocaleString('en')} changes in ${marketstate?.files} files)`
  const named = rows === null ? '' : `, ${rows.toLocaleString('en')} rows of listings that the reference table names`
  const days = Object.keys(calendar).length
  const other = days > 0 ? `, ${days} dates by calendar` : ''
  return [`grid ${mode}: ${where}${named}${other}; bars outside it ${outside === 'keep' ? 'stay' : 'are dropped'}`]
}
