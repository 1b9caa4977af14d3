import { seriesKernel } from '../../lib/core/index.js'

/**
 * Compares the price of a bucket's last auction trade with the mid that the last row at least `lead_ns` before it
 * shows, whichever bucket that row is in.
 */
export const dislocation = seriesKernel({
  name: 'dislocation',
  doc: '10⁴·|m - p|/m of the last auction trade p of a bucket and the mid m known lead_ns before; null without either',
  inputs: ['price', 'auction', 'mid'],
  evaluate({ length, time, columns: [price, auction, mid] }, cells, out, { lead_ns }) {
    const quoted = new Int32Array(length) // the latest row up to here that has a mid, -1: none
    for (let i = 0; i < length; i++) quoted[i] = Number.isNaN(mid[i]) ? (i === 0 ? -1 : quoted[i - 1]) : i
    for (let cell = 0; cell < cells.count; cell++) {
      let last = cells.to[cell] - 1
      while (last >= cells.from[cell] && auction[last] !== 1) last--
      out[cell] = Number.NaN
      if (last < cells.from[cell]) continue
      const known = lastUpTo(time, last, time[last] - Number(lead_ns))
      const row = known < 0 ? -1 : quoted[known]
      if (row >= 0) out[cell] = (1e4 * Math.abs(mid[row] - price[last])) / mid[row]
    }
  },
})

/** Returns the last row below `end` whose time is at most `instant`, or -1; times ascend. */
function lastUpTo(time: Float64Array, end: number, instant: number): number {
  let low = 0
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (time[middle] <= instant) low = middle + 1
    else high = middle
  }
  return low - 1
}
