import t from 'tap'
import type { Book, Order } from '../../operators/simulation/book.js'
import { collect, small } from './collect.js'

/** Shares executed in the books by listing and trade number, as order messages would tell them. */
const executed = new Map<string, number>()
let crossed = 0
let crossedInCalls = 0
const observer = {
  executed(book: Book, _: Order, size: number, __: number, trade: number) {
    const key = `${book.listing.toString(36)}-${trade}`
    executed.set(key, (executed.get(key) ?? 0) + size)
  },
  settled(book: Book) {
    if (!book.price(1) || !book.price(2) || book.price(1) < book.price(2)) return
    if (book.state === 'CONTINUOUS_TRADING') crossed++
    else crossedInCalls++
  },
}
const { trades } = collect({ ...small, observer })

t.test('trades and executions of resting orders agree', async t => {
  let checked = 0
  for (const trade of trades) {
    const key = `${trade.TradeId}`.replace(/^[A-Z]+/, '')
    const size = trade.Size as number
    if (trade.Classification === 'LIT_AUCTION') t.equal(executed.get(key), 2 * size, 'a bid and an ask')
    else if (trade.Classification !== 'LIT_CONTINUOUS') t.notOk(executed.has(key))
    else if (executed.has(key)) t.equal(executed.get(key), size)
    else t.ok((trade.PricePointAtVenue as number) > 0 && (trade.PricePointAtVenue as number) < 1, 'a hidden order')
    if (executed.delete(key)) checked++
  }
  t.ok(checked > 3000)
  t.equal(executed.size, 0, 'every execution is a trade')
})

t.test('a book is crossed while it collects, never while it matches', async t => {
  t.equal(crossed, 0)
  t.ok(crossedInCalls > 0)
})
