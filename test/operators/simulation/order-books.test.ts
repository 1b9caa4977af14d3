import t from 'tap'
import { collect, DAY, type Row, small } from '../../simulation/collect.js'
import { ReplayedBook } from './replay.js'

t.setTimeout(120_000)

const DEPTH = 10
const tables = ['l2', 'l3', 'trades', 'reference'] as const
const dayOf = (row: Row) => (row.TimestampNanoseconds as bigint) / 86_400_000_000_000n

/** What a snapshot shows of a side: price, quantity and orders, level by level. */
function shown(snapshot: Row, side: 'Bid' | 'Ask'): (number | null)[] {
  const values: (number | null)[] = []
  for (let n = 1; n <= DEPTH; n++) {
    for (const measure of ['Price', 'Quantity', 'NumOrders']) values.push(snapshot[`${side}${measure}${n}`] as number)
  }
  return values
}

const keyOf = (row: Row, event: Row[string]) => `${dayOf(row)} ${row.ListingId} ${event}`

/** Replays messages up to each snapshot and lists every difference. */
function differences(l3: readonly Row[], l2: readonly Row[]): string[] {
  const problems: string[] = []
  const messages = new Map<string, Row[]>()
  for (const row of l3) {
    const key = keyOf(row, row.EventNo)
    messages.set(key, [...(messages.get(key) ?? []), row])
  }
  const books = new Map<string, ReplayedBook>()
  for (const snapshot of l2) {
    const listing = keyOf(snapshot, '')
    const book = books.get(listing) ?? new ReplayedBook()
    books.set(listing, book)
    const key = keyOf(snapshot, snapshot.L2EventNo)
    const rows = messages.get(key) ?? []
    messages.delete(key)
    for (const [i, row] of rows.entries()) {
      problems.push(...book.apply(row).map(problem => `${key}: ${problem}`))
      if (row.TimestampNanoseconds !== snapshot.TimestampNanoseconds) problems.push(`${key}: another time`)
      if (row.MarketState !== snapshot.MarketState) problems.push(`${key}: another state`)
      if (row.EndOfEvent !== (i === rows.length - 1 ? 1 : 0)) problems.push(`${key}: EndOfEvent of row ${i}`)
    }
    if (rows.length > 0 && rows.at(-1)!.ExchangeSequenceNo !== snapshot.ExchangeSequenceNo) {
      problems.push(`${key}: another number than that of its last message`)
    }
    if (book.negative().length > 0) problems.push(`${key}: a level below zero`)
    for (const [side, name] of [
      [1, 'Bid'],
      [2, 'Ask'],
    ] as const) {
      const [rebuilt, written] = [book.top(side, DEPTH).join(), shown(snapshot, name).join()]
      if (rebuilt !== written) problems.push(`${key}: ${name} ${written}, not ${rebuilt}`)
    }
  }
  for (const key of messages.keys()) problems.push(`${key}: no snapshot`)
  return problems
}

for (const seed of [1, 2, 77]) {
  t.test(`order messages of seed ${seed}, replayed, are the snapshots`, async t => {
    let heard = 0
    let settled = 0
    const hear = () => void heard++
    const observer = {
      inserted: hear,
      removed: hear,
      updated: hear,
      executed: hear,
      settled: () => void settled++,
    }
    const days = seed === 2 ? [DAY, DAY + 1] : [DAY]
    const { l2, l3, trades, reference } = collect({
      ...small,
      listings: 5,
      tradesPerDay: 1500,
      days,
      seed,
      observer,
      tables,
    })
    t.equal(l3.length, heard, 'a row a message')
    t.equal(l2.length, settled, 'a row an event')
    t.same(differences(l3, l2).slice(0, 5), [])

    const mics = new Map(reference.map(row => [row.ListingId, row.MIC]))
    for (const mic of small.markets) {
      for (const day of days) {
        const there = (row: Row) => mics.get(row.ListingId) === mic
        const today = (stamp: string) => (row: Row) => (row[stamp] as bigint) / 86_400_000_000_000n === BigInt(day)
        const messages = l3.filter(there).filter(today('TimestampNanoseconds'))
        const snapshots = l2.filter(there).filter(today('TimestampNanoseconds'))
        for (const rows of [messages, snapshots]) {
          t.ok(
            rows.every((row, i) => i === 0 || row.TimestampNanoseconds! >= rows[i - 1].TimestampNanoseconds!),
            'in the order of time',
          )
        }
        const numbered = [...messages, ...trades.filter(there).filter(today('TradeTimestampNanoseconds'))]
        const numbers = numbered.map(row => Number(row.ExchangeSequenceNo)).sort((a, b) => a - b)
        t.ok(
          numbers.every((number, i) => number === i + 1),
          'messages and trades are numbered together, without a gap',
        )
        t.ok(
          snapshots.every((row, i) => Number(row.L2EventNo) === i + 1),
          'events are numbered',
        )
      }
    }
  })
}

t.test('the replay finds what is wrong', async t => {
  const { l2, l3 } = collect({ ...small, listings: 1, tradesPerDay: 60, tables })
  t.same(differences(l3, l2), [])
  const changed = (index: number, changes: Row) => l3.map((row, i) => (i === index ? { ...row, ...changes } : row))
  const find = (test: (row: Row) => boolean) => l3.findIndex(test)
  for (const [index, changes] of [
    [find(row => row.LobAction === 2), { Size: 123_456 }],
    [find(row => row.LobAction === 1), { ExecutionSize: 1e6 }],
    [find(row => row.LobAction === 3), { OldPrice: 0.5 }],
    [find(row => row.LobAction === 4), { SizeAhead: 99 }],
    [find(row => row.OldPriceLevel === 2n), { OldPriceLevel: 1n }],
    [find(row => row.EndOfEvent === 1), { EndOfEvent: 0 }],
  ] as const) {
    t.ok(index >= 0)
    t.ok(differences(changed(index, changes), l2).length > 0, Object.keys(changes)[0])
  }
  t.ok(differences(l3.slice(0, -1), l2).length > 0, 'a message is missing')
  t.ok(
    differences(
      l3,
      l2.filter((_, i) => i !== 20),
    ).length > 0,
    'a snapshot is missing',
  )
})

t.test('books pass through every state: calls that cross, a halt, empty sides', async t => {
  const { l2, marketstate } = collect({ ...small, tables: ['l2', 'marketstate'] })
  const where = (test: (bid: number, ask: number) => boolean) =>
    new Set(l2.filter(row => test(row.BidPrice1 as number, row.AskPrice1 as number)).map(row => row.MarketState))
  const stampOf = (row: Row) => `${row.ListingId} ${row.TimestampNanoseconds} ${row.MarketState}`
  const snapshots = new Set(l2.map(stampOf))
  const states = new Set(marketstate.map(row => row.MarketState))
  t.ok(states.has('HALTED') && states.has('UNSCHEDULED_AUCTION') && states.has('INTRADAY_AUCTION'))
  t.same(
    marketstate.filter(row => !snapshots.has(stampOf(row))),
    [],
    'a change of state is a row',
  )
  const crossed = where((bid, ask) => bid !== null && ask !== null && bid >= ask)
  t.ok(crossed.has('OPENING_AUCTION') && crossed.has('CLOSING_AUCTION') && crossed.has('UNSCHEDULED_AUCTION'))
  t.notOk(crossed.has('CONTINUOUS_TRADING'), 'never while orders match')
  t.ok(where((bid, ask) => (bid === null) !== (ask === null)).has('CONTINUOUS_TRADING'), 'one-sided')
  t.ok(where((bid, ask) => bid === null && ask === null).has('PRE_OPEN'), 'empty')
  t.ok(
    l2.every(row => (row.BidPrice10 === null) === (row.BidQuantity10 === null && row.BidNumOrders10 === null)),
    'a level is there as a whole or not at all',
  )
})
