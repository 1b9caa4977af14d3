import t from 'tap'
import { collect, type Row, small } from '../../simulation/collect.js'

const { l2, cbbo, reference } = collect({ ...small, listings: 10, tables: ['l2', 'cbbo', 'reference'] })
const COLUMNS = ['TimestampNanoseconds', 'ListingId', 'BidPrice1', 'BidQuantity1', 'AskPrice1', 'AskQuantity1']

/** Finds the best price of a side over listings that trade continuously, and the quantity there. */
function best(snapshots: Iterable<Row>, side: 'Bid' | 'Ask'): (number | null)[] {
  let price: number | null = null
  let quantity: number | null = null
  for (const row of snapshots) {
    const other = row[`${side}Price1`] as number | null
    if (row.MarketState !== 'CONTINUOUS_TRADING' || other === null) continue
    const size = row[`${side}Quantity1`] as number
    if (price === null || (side === 'Bid' ? other > price : other < price)) [price, quantity] = [other, size]
    else if (other === price) quantity = quantity! + size
  }
  return [price, quantity]
}

/** Makes the consolidated quotes of an instrument from the snapshots of its listings. */
function consolidate(instrument: readonly Row[]): Row[string][][] {
  const ids = new Set(instrument.map(row => row.ListingId))
  const primary = instrument.find(row => row.IsPrimary === 1)!.ListingId
  const order = (a: Row, b: Row) => {
    const gap =
      (a.TimestampNanoseconds as bigint) - (b.TimestampNanoseconds as bigint) || Number(a.ListingId! > b.ListingId!)
    return Number(gap)
  }
  const standing = new Map<Row[string], Row>()
  const rows: Row[string][][] = []
  let last = ',,,'
  for (const snapshot of l2.filter(row => ids.has(row.ListingId)).sort(order)) {
    standing.set(snapshot.ListingId, snapshot)
    const quote = [...best(standing.values(), 'Bid'), ...best(standing.values(), 'Ask')]
    if (quote.join() === last) continue
    last = quote.join()
    rows.push([snapshot.TimestampNanoseconds, primary, ...quote])
  }
  return rows
}

t.test('the consolidated quote is the best of the snapshots, a row a change', async t => {
  const instruments = new Map<Row[string], Row[]>()
  for (const row of reference) instruments.set(row.InstrumentId, [...(instruments.get(row.InstrumentId) ?? []), row])
  let several = 0
  for (const [id, listings] of instruments) {
    if (listings.length > 1) several++
    const found = cbbo.filter(row => row.InstrumentId === id).map(row => COLUMNS.map(column => row[column]))
    const expected = consolidate(listings)
    t.ok(expected.length > 100)
    t.equal(found.length, expected.length)
    t.equal(found.map(String).join('\n') === expected.map(String).join('\n'), true, `instrument ${id}`)
  }
  t.ok(several >= 2, `${several} instruments with two listings`)
  t.ok(
    cbbo.some(row => row.BidPrice1 === null || row.AskPrice1 === null),
    'a side that nobody quotes is null',
  )
})
