import type { ListingDay } from './listing-day.js'
import type { QuoteCursor } from './quotes.js'
import { TRADE_AT as at, HORIZONS_MS } from './trade-columns.js'

/** Questions that each row asks of a quote path: every horizon before and after it, and the moments around it. */
export const OFFSETS = 2 * (HORIZONS_MS.length + 1)
/** How long after a trade its last mid is known, ns. */
export const LOOK_AHEAD = HORIZONS_MS[HORIZONS_MS.length - 1] * 1e6
const LOOK_AHEADS = HORIZONS_MS.map(ms => ms * 1e6)

const MIDS = ['', 'AtPrimary'].map(scope => ({
  pre: [`PreTradeMid${scope}`, ...HORIZONS_MS.map(ms => `PreTradeMid${ms}ms${scope}`)].map(name => at[name]),
  post: [`PostTradeMid${scope}`, ...HORIZONS_MS.map(ms => `PostTradeMid${ms}ms${scope}`)].map(name => at[name]),
  preElapsed: at[`PreTradeElapsedTimeChg${scope}`],
  postElapsed: at[`PostTradeElapsedTimeChg${scope}`],
}))

/** Fills the mids around a trade: before it (strictly), `h` before it, after its instant, and `h` after it. */
export function fillMids(v: Float64Array[], row: number, day: ListingDay): void {
  const time = v[at.TradeTimestampNanoseconds][row]
  lookUpScope(v, row, time, MIDS[0], day.consolidated)
  if (day.instrument.single) copyScope(v, row)
  else lookUpScope(v, row, time, MIDS[1], day.primaryQuotes)
}

function lookUpScope(
  v: Float64Array[],
  row: number,
  time: number,
  columns: (typeof MIDS)[0],
  cursor: QuoteCursor,
): void {
  const { path } = cursor
  const { pre, post } = columns
  const before = cursor.entryAt(time - 1, 0)
  const after = cursor.entryAt(time, 1)
  v[pre[0]][row] = path.mid(before)
  v[post[0]][row] = path.mid(after)
  for (let h = 0; h < LOOK_AHEADS.length; h++) {
    v[pre[h + 1]][row] = path.mid(cursor.entryAt(time - LOOK_AHEADS[h], 2 + 2 * h))
    v[post[h + 1]][row] = path.mid(cursor.entryAt(time + LOOK_AHEADS[h], 3 + 2 * h))
  }
  v[columns.preElapsed][row] = time - path.time(before)
  const wait = path.time(after + 1) - time
  v[columns.postElapsed][row] = wait <= LOOK_AHEAD ? wait : Number.NaN
}

function copyScope(v: Float64Array[], row: number): void {
  const [from, to] = MIDS
  for (let h = 0; h < from.pre.length; h++) {
    v[to.pre[h]][row] = v[from.pre[h]][row]
    v[to.post[h]][row] = v[from.post[h]][row]
  }
  v[to.preElapsed][row] = v[from.preElapsed][row]
  v[to.postElapsed][row] = v[from.postElapsed][row]
}
