import t from 'tap'
import { PriceNumbers } from '../../../operators/l3-book/price-numbers.js'

t.test('equal prices have one number, by row and by value, one day after another', async t => {
  const numbers = new PriceNumbers()
  // Two zeros, and NaN in two ways of writing it.
  const special = new Float64Array(Int32Array.of(0, 0, 0, 0x80000000, 0, 0x7ff80000, 7, 0x7ff80001).buffer)
  for (const distinct of [3, 5000, 40]) {
    const prices = Float64Array.from({ length: 3 * distinct }, (_, i) => ((i * 7) % distinct) / 100 + 1)
    const all = new Float64Array(special.length + prices.length)
    all.set(special)
    all.set(prices, special.length)
    numbers.begin(all)
    t.equal(numbers.count, 2 + distinct, 'none, zero and the others')
    const isRight = (row: number) => {
      const number = numbers.rows[row]
      if (Number.isNaN(all[row])) return number === 0
      return number > 0 && numbers.values[number] === all[row] && numbers.find(all[row]) === number
    }
    t.same([...all.keys()].filter(row => !isRight(row)).slice(0, 3), [])
    t.equal(numbers.find(0.5), 0, 'no price of the day')
    t.equal(numbers.find(-0), numbers.rows[0])
  }
})
