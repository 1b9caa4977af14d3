import t from 'tap'
import { Departed } from '../../../operators/l3-book/departed.js'
import { LiveOrders } from '../../../operators/l3-book/live-orders.js'
import { Random } from '../../../operators/simulation/random.js'

t.test('orders that rest and orders that left are found by name, whatever came and went', async t => {
  const random = new Random(1, 1)
  const orders = new LiveOrders()
  const departed = new Departed()
  for (const names of [5, 4000, 50]) {
    orders.clear()
    departed.clear()
    const resting = new Map<number, number>()
    const gone = new Set<number>()
    let wrong = 0
    for (let i = 0; i < 20 * names; i++) {
      const name = random.below(names)
      const [low, high] = [name % 7, Math.floor(name / 7) - 100] // many share a word
      const entry = orders.find(low, high)
      if (resting.has(name) !== (entry !== 0) || departed.has(low, high) !== gone.has(name)) wrong++
      if (entry === 0) {
        orders.add(low, high, name % 11, i)
        resting.set(name, i)
      } else {
        if (orders.size(entry) !== resting.get(name) || orders.level(entry) !== name % 11) wrong++
        if (orders.low(entry) !== low || orders.high(entry) !== high) wrong++
        orders.remove(entry)
        departed.add(low, high)
        resting.delete(name)
        gone.add(name)
      }
    }
    t.ok(resting.size > names / 4 && gone.size > names / 2)
    t.equal(wrong, 0, `${names} names`)
  }
})
