import { seriesKernel } from '../../lib/core/index.js'

/** The bid and ask of the first and last row, and the flow between rows of the bucket. */
const PARTS = ['flow', 'b0', 'bq0', 'a0', 'aq0', 'b1', 'bq1', 'a1', 'aq1'].map(name => ({ name }))

/**
 * Sums what each snapshot adds to the bid side and takes from the ask side of one level: e = 1{b≥b'}Qb - 1{b≤b'}Qb' -
 * 1{a≤a'}Qa + 1{a≥a'}Qa', primes being the row before (Cont, Kukanov, Stoikov 2014). The last row of the day before a
 * bucket is carried into it. Rows without a price on both sides are left out.
 */
export const orderFlow = seriesKernel({
  name: 'order_flow',
  doc: 'order-flow imbalance of one level of the book, the snapshot before the bucket carried in',
  inputs: ['bid', 'bid quantity', 'ask', 'ask quantity'],
  span: true,
  scope: 'cell',
  carried: {
    parts: PARTS,
    masks: false,
    kept: { merge: 'sum', parts: ['value'], everyBucket: false },
    join({ count, parts: [flow, b0, bq0, a0, aq0, b1, bq1, a1, aq1] }, [out]) {
      let before = -1
      for (let i = 0; i < count; i++) {
        if (Number.isNaN(b0[i])) {
          out[i] = 0
          continue
        }
        const link =
          before < 0 ? 0 : change(b1[before], bq1[before], a1[before], aq1[before], b0[i], bq0[i], a0[i], aq0[i])
        out[i] = link + flow[i]
        before = i
      }
    },
  },
  evaluate({ columns: [bid, bidQuantity, ask, askQuantity] }, { count, from, to }, out, { part }) {
    const place = PARTS.findIndex(({ name }) => name === part)
    const columns = [bid, bidQuantity, ask, askQuantity]
    const isThere = (row: number) => !Number.isNaN(bid[row]) && !Number.isNaN(ask[row])
    for (let cell = 0; cell < count; cell++) {
      let first = from[cell]
      let last = to[cell] - 1
      while (first <= last && !isThere(first)) first++
      while (last > first && !isThere(last)) last--
      if (first > last) out[cell] = Number.NaN
      else if (place > 4) out[cell] = columns[place - 5][last]
      else if (place > 0) out[cell] = columns[place - 1][first]
      else {
        let sum = 0
        let before = first
        for (let row = first + 1; row <= last; row++) {
          if (!isThere(row)) continue
          sum += change(
            bid[before],
            bidQuantity[before],
            ask[before],
            askQuantity[before],
            bid[row],
            bidQuantity[row],
            ask[row],
            askQuantity[row],
          )
          before = row
        }
        out[cell] = sum
      }
    }
  },
})

function change(
  bid: number,
  bidQuantity: number,
  ask: number,
  askQuantity: number,
  newBid: number,
  newBidQuantity: number,
  newAsk: number,
  newAskQuantity: number,
): number {
  return (
    (newBid >= bid ? newBidQuantity : 0) -
    (newBid <= bid ? bidQuantity : 0) -
    (newAsk <= ask ? newAskQuantity : 0) +
    (newAsk >= ask ? askQuantity : 0)
  )
}
