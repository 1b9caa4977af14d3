import { type Column, columnOfDoubles, doublesOf, type Frame, frameColumn, take } from '../../lib/core/index.js'
import { gather, groupRows, type Key } from '../statistics/groups.js'
import { onePerLabel } from '../statistics/one-per-label.js'
import { emptyFrame } from '../statistics/result-frame.js'
import { ALPHAS, nameOf, type Role } from './alphas.js'
import { Panel } from './panel.js'

/** What a run of alpha101 needs to know. */
export interface AlphaParameters {
  listing: Key
  ids: number[]
  multiplier: number
  /** Columns by role; those that no alpha uses are left out. */
  columns: Partial<Record<Role, string>>
  /** The column by which volume is divided to make vwap; null: vwap is a column. */
  notional: string | null
}

/** Returns the length of a window: rounded half up, one row at least. */
export const scaled = (multiplier: number) => (rows: number) => Math.max(1, Math.round(rows * multiplier))

/** Computes alphas of every row of the source, in ascending order of ListingId and TimeBucket. */
export function alphas(frame: Frame, { listing, ids, multiplier, columns, notional }: AlphaParameters): Frame {
  const chosen = ids.map(id => ALPHAS.find(alpha => alpha.id === id)!)
  const keys: Key[] = [listing, { name: 'TimeBucket', type: 'ts' }]
  if (frame.rows === 0)
    return emptyFrame([...keys, ...chosen.map(alpha => ({ name: nameOf(alpha), type: 'f64' as const }))])
  const listings = groupRows(frame, [listing], 'TimeBucket')
  onePerLabel(frame, listings, [listing], 'TimeBucket', 'alpha101')
  const panel = new Panel(frame, listings)
  const read = (name: string) => gather(doublesOf(frameColumn(frame, name)), listings.rows)
  const series = Object.fromEntries(Object.entries(columns).map(([role, name]) => [role, read(name)])) as Record<
    Role,
    Float64Array
  >
  if (notional)
    series.vwap = panel.map((value, size) => (size === 0 ? NaN : value / size), read(notional), series.volume)
  return {
    rows: frame.rows,
    columns: new Map<string, Column>([
      ...keys.map(({ name }): [string, Column] => [name, take(frameColumn(frame, name), listings.rows, frame.rows)]),
      ...chosen.map((alpha): [string, Column] => [
        nameOf(alpha),
        columnOfDoubles(alpha.compute(panel, series, scaled(multiplier))),
      ]),
    ]),
  }
}
