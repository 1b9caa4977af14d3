import t from 'tap'
import { Book, type BookObserver, type Order, type Side } from '../../operators/simulation/book.js'
import { Random } from '../../operators/simulation/random.js'

t.test('price goes first, then time', async t => {
  const book = new Book(0, undefined)
  const early = book.insert(1, 100, 10)
  const late = book.insert(1, 100, 20)
  const better = book.insert(1, 101, 5)
  t.equal(book.best(1)?.first, better)
  book.cancel(better)
  t.equal(book.price(1), 100)
  t.equal(book.best(1)?.first, early)
  t.equal(book.best(1)?.size, 30)
  book.update(early, 100, 4)
  t.equal(book.best(1)?.first, early, 'less size keeps the place')
  book.update(early, 100, 6)
  t.equal(book.best(1)?.first, late, 'more size goes to the back')
  book.execute(late, 20, 100, 1)
  t.equal(book.best(1)?.first, early)
  t.equal(book.price(2), 0, 'an empty side has no price')
})

t.test('an iceberg shows its next peak at the back, under a new id', async t => {
  const heard: string[] = []
  const book = new Book(0, {
    inserted: (_, order) => heard.push(`insert ${order.size}`),
    executed: (_, order, size, price, trade) => heard.push(`execute ${size}@${price} #${trade}, ${order.size} rest`),
  })
  const iceberg = book.insert(2, 50, 10, 15)
  const other = book.insert(2, 50, 7)
  book.execute(iceberg, 10, 50, 1)
  t.equal(book.best(2)?.first, other)
  const shown = book.best(2)?.last as Order
  t.match(shown, { size: 10, reserve: 5, parent: iceberg.id })
  t.not(shown.id, iceberg.id)
  book.execute(shown, 10, 50, 2)
  t.match(book.best(2)?.last, { size: 5, reserve: 0, parent: iceberg.id })
  t.same(heard, [
    'insert 10',
    'insert 7',
    'execute 10@50 #1, 0 rest',
    'insert 10',
    'execute 10@50 #2, 0 rest',
    'insert 5',
  ])
})

t.test('levels and queues agree with a list of orders, whatever happens', async t => {
  const random = new Random(3)
  const resting = new Map<number, { side: Side; price: number; size: number }>()
  const note = (order: Order) =>
    order.size > 0
      ? resting.set(order.id, { side: order.side, price: order.price, size: order.size })
      : resting.delete(order.id)
  const observer: BookObserver = {
    inserted: (_, order) => note(order),
    updated: (_, order) => note(order),
    executed: (_, order) => note(order),
    removed: (_, order) => resting.delete(order.id),
  }
  const book = new Book(0, observer)
  for (let step = 0; step < 20_000; step++) {
    const side: Side = random.chance(0.5) ? 1 : 2
    const orders = book.orders(side)
    const price = (side === 1 ? 90 : 100) + random.below(10)
    const draw = random.uniform()
    if (orders.length === 0 || draw < 0.4) book.insert(side, price, 1 + random.below(9), random.below(3) * 4)
    else if (draw < 0.55) book.update(random.pick(orders), price, 1 + random.below(9))
    else if (draw < 0.8) book.cancel(random.pick(orders))
    else {
      const order = book.best(side)!.first!
      book.execute(order, 1 + random.below(order.size), order.price, step)
    }
    if (step % 100 > 0) continue
    for (const checked of [1, 2] as const) {
      const levels = book.levels(checked)
      const sizes = new Map<number, number>()
      for (const order of resting.values()) {
        if (order.side === checked) sizes.set(order.price, (sizes.get(order.price) ?? 0) + order.size)
      }
      const best = [...sizes].sort(([a], [b]) => (checked === 1 ? a - b : b - a))
      t.same(
        levels.map(level => [level.price, level.size]),
        best,
        `step ${step}`,
      )
      t.equal(
        levels.reduce((sum, level) => sum + level.orders, 0),
        book.orders(checked).length,
      )
    }
  }
})
