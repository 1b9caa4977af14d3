import { type Column, instantsAt, sequenceKernel, sequenceModule, TRUE } from '../../lib/core/index.js'

/** The column that rows take. */
const MID = 'Mid'

/** The state in which quotes are followed: a mid-price of an auction is none. */
const CONTINUOUS = 'CONTINUOUS_TRADING'

/**
 * Lists the mids of valid quotes as they change, the last of equal stamps. A row without a mid says that continuous
 * trading ends there, as far as snapshots have a state. The last row has the time of the listing's last snapshot of the
 * day, valid or not: nothing is known beyond it.
 */
export const standingMidsKernel = sequenceKernel({
  name: 'standing_mids',
  doc: 'the mids of valid quotes as they change; the last row is as late as the last snapshot',
  row: 'mid',
  inputs: ['bid', 'ask', 'state'],
  columns: [
    {
      name: 'TimeBucket',
      type: 'ts',
      unit: 'ns UTC',
      doc: 'time from which the mid stands',
      formula: 'EventTime of the snapshot',
      merge: 'key',
      nullRule: 'never null',
      leads: true,
    },
    {
      name: MID,
      type: 'f64',
      unit: 'local currency',
      doc: 'mid of the quote, valid while bid is at most ask',
      formula: '(a+b)/2',
      merge: 'O',
      nullRule: 'null where continuous trading ends',
    },
  ],
  rows(day) {
    const [bids, asks] = day.columns.map(({ values }) => values as Float64Array)
    const isContinuous = continuous(day.columns[2])
    const rows = new Int32Array(2 * day.length + 1)
    const mids = new Float64Array(2 * day.length + 1)
    let count = 0
    let mid = Number.NaN
    const put = (row: number, value: number) => {
      rows[count] = row
      mids[count++] = value
    }
    for (let row = 0; row < day.length; row++) {
      if (row > 0 && isContinuous(row - 1) && !isContinuous(row)) put(row, Number.NaN)
      if (!(bids[row] <= asks[row])) continue
      const now = 0.5 * (asks[row] + bids[row])
      const isSameTime = count > 0 && day.time[rows[count - 1]] === day.time[row] && mids[count - 1] === mid
      if (isSameTime) mids[count - 1] = now
      else if (mid !== now) put(row, now)
      mid = now
    }
    const last = day.length - 1
    if (!Number.isNaN(mid) && day.time[rows[count - 1]] < day.time[last]) put(last, mid)
    const instants = instantsAt(day, rows.subarray(0, count))
    return [
      { type: 'ts', values: instants, valid: null },
      { type: 'f64', values: mids.slice(0, count), valid: null },
    ]
  },
})

/** Returns a function that tells whether a row is of continuous trading; without states all are. */
function continuous(states: Column | undefined): (row: number) => boolean {
  if (states?.type !== 'str') return () => true
  const { values, valid, dictionary } = states
  const is = dictionary.words.map(word => word === CONTINUOUS)
  return row => (!valid || valid[row] === 1) && is[values[row]]
}

/** Makes the mids that rows of other tables are given as of their time. */
export const standingMids = sequenceModule({
  name: 'standing_mids',
  doc: 'the mids of valid quotes, for rows of other tables as of their time',
  internal: true,
  table: 'l2',
  block: 'standing_mids',
  settings: {},
  rows: () => TRUE,
  sequence: {
    kernel: 'standing_mids',
    inputs: ({ has }) =>
      ['BidPrice1', 'AskPrice1', ...(has('MarketState') ? ['MarketState'] : [])].map(name => ({ op: 'col', name })),
    parameters: () => ({}),
  },
  excluded: () => [],
})
