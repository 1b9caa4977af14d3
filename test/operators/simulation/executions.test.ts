import t from 'tap'
import { collect, type Row, small } from '../../simulation/collect.js'

const { trades, l3 } = collect({ ...small, tables: ['trades', 'l3'] })
const executions = l3.filter(row => row.ExecutionSize !== null)
const byTrade = new Map<Row[string], Row[]>()
for (const row of executions) byTrade.set(row.TradeId, [...(byTrade.get(row.TradeId) ?? []), row])
const sizeOf = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + (row.ExecutionSize as number), 0)

t.test('executions are the lit trades of displayed orders, no more and no fewer', async t => {
  const left = new Map(byTrade)
  const counts = { continuous: 0, auction: 0, hidden: 0 }
  for (const trade of trades) {
    const rows = left.get(trade.TradeId)
    left.delete(trade.TradeId)
    if (trade.BMLLTradeType !== 'LIT') {
      t.equal(rows, undefined, 'what trades elsewhere is no execution')
      continue
    }
    if (!rows) {
      counts.hidden++
      const place = trade.PricePointAtVenue as number
      t.ok(trade.Classification === 'LIT_CONTINUOUS' && place > 0 && place < 1, 'a hidden order inside the spread')
      continue
    }
    t.ok(rows.every(row => row.ExecutionPrice === trade.InstrumentCurrencyPrice))
    t.ok(rows.every(row => row.TimestampNanoseconds === trade.TradeTimestampNanoseconds))
    t.ok(rows.every(row => row.ListingId === trade.ListingId && row.MarketState === trade.MarketState))
    if (trade.Classification === 'LIT_AUCTION') {
      counts.auction++
      for (const side of [1, 2]) t.equal(sizeOf(rows.filter(row => row.Side === side)), trade.Size)
      t.ok(rows.every(row => row.Printable === 0))
    } else {
      counts.continuous++
      t.equal(rows.length, 1)
      t.equal(sizeOf(rows), trade.Size)
      t.equal(rows[0].Side, trade.AggressorSide === 1 ? 2 : 1, 'the resting order is on the other side')
      t.equal(rows[0].Printable, 1)
    }
  }
  t.equal(left.size, 0, 'every execution is a trade')
  t.ok(counts.continuous > 2000 && counts.auction > 50 && counts.hidden > 50, JSON.stringify(counts))
})

t.test('only executions say what was executed', async t => {
  for (const row of l3) {
    const nulls = ['ExecutionPrice', 'TradeId', 'Printable'].filter(column => row[column] === null).length
    if (nulls !== (row.ExecutionSize === null ? 3 : 0)) t.fail(`${nulls} nulls in event ${row.EventNo}`)
    if (row.ExecutionSize !== null && row.LobAction !== 1 && row.LobAction !== 3) t.fail(`action ${row.LobAction}`)
  }
  const actions = new Set(l3.map(row => row.LobAction))
  t.same([...actions].sort(), [1, 2, 3, 4])
})

t.test('an iceberg is replenished in the event that used its peak up, under its first id', async t => {
  let previous: Row = {}
  let peaks = 0
  for (const row of l3) {
    if (row.LobAction === 2 && row.OriginalOrderId !== null) {
      peaks++
      t.equal(previous.LobAction, 3)
      t.equal(previous.EventNo, row.EventNo)
      t.equal(previous.OldPrice, row.Price)
      t.equal(previous.ExecutionSize, previous.OldSize)
      t.equal(previous.OriginalOrderId ?? previous.OrderId, row.OriginalOrderId)
    }
    previous = row
  }
  t.ok(peaks > 20, `${peaks} peaks`)
})
