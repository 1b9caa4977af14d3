import { seriesKernel } from '../../lib/core/index.js'

/**
 * Weights each price by the time it stands inside the bucket. The first price stands from its own row on or, carried
 * in, from the last earlier row of the day; the last one stands until the bucket ends.
 */
export const twap = seriesKernel({
  name: 'twap',
  span: true,
  standsToEnd: true,
  scope: ({ carry_in }) => (carry_in ? 'day' : 'cell'),
  doc: 'time-weighted average of a price that stands until the next row; null when no time is covered',
  inputs: ['price'],
  evaluate({ time, columns: [price] }, cells, out, { carry_in }) {
    let earlier = Number.NaN
    for (let cell = 0; cell < cells.count; cell++) {
      let standing = carry_in ? earlier : Number.NaN
      let since = cells.start[cell]
      let area = 0
      let covered = 0
      const stand = (until: number) => {
        if (Number.isNaN(standing)) return
        area += standing * (until - since)
        covered += until - since
      }
      for (let i = cells.from[cell]; i < cells.to[cell]; i++) {
        if (Number.isNaN(price[i])) continue
        stand(time[i])
        standing = price[i]
        since = time[i]
        earlier = price[i]
      }
      stand(cells.end[cell])
      out[cell] = covered > 0 ? area / covered : Number.NaN
    }
  },
})
