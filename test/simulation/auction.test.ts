import t from 'tap'
import { auctionPrice, dropAuctionOrders, uncross } from '../../operators/simulation/auction.js'
import { Book } from '../../operators/simulation/book.js'

/** Demand 10, 30, 30 and supply 50, 45, 25 at 102, 101, 100: most trades at 101. */
function crossed(): Book {
  const book = new Book(0, undefined)
  book.insert(1, 102, 10, 0, true)
  book.insert(1, 101, 20)
  book.insert(1, 99, 40)
  book.insert(2, 100, 25)
  book.insert(2, 101, 20)
  book.insert(2, 102, 5)
  return book
}

t.test('most shares trade at the auction price', async t => {
  t.equal(auctionPrice(crossed(), 100), 101)
  t.equal(auctionPrice(new Book(0, undefined), 100), 0, 'nothing to trade')
  const pressed = crossed()
  pressed.insert(1, 200, 1000, 0, true)
  t.equal(auctionPrice(pressed, 100), 102, 'an order at any price names none')
})

t.test('equal volumes go by surplus, then by distance to the reference', async t => {
  const book = new Book(0, undefined)
  book.insert(1, 105, 10)
  book.insert(2, 100, 10)
  t.equal(auctionPrice(book, 104), 105)
  t.equal(auctionPrice(book, 101), 100)
  book.insert(2, 105, 1)
  t.equal(auctionPrice(book, 105), 100, 'a surplus of 1 at 105')
})

t.test('fills go by priority and leave an uncrossed book', async t => {
  const book = crossed()
  const prints: number[] = []
  let trade = 0
  uncross(
    book,
    101,
    10,
    () => ++trade,
    (_, size) => prints.push(size),
  )
  t.same(prints, [10, 15, 5])
  t.equal(book.price(1), 99)
  t.same(
    book.levels(2).map(level => [level.price, level.size]),
    [
      [102, 5],
      [101, 15],
    ],
  )
})

t.test('fills beyond the number of prints are reported as one trade', async t => {
  const prints: [number, number][] = []
  let trade = 0
  const printed = uncross(
    crossed(),
    101,
    2,
    () => ++trade,
    (number, size) => prints.push([number, size]),
  )
  t.equal(printed, 2)
  t.same(prints, [
    [1, 10],
    [2, 20],
  ])
})

t.test('orders for the auction alone leave after it', async t => {
  const book = crossed()
  dropAuctionOrders(book)
  t.equal(book.price(1), 101)
})
