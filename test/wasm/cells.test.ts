import t from 'tap'
import { CellTable, cellRuns, memory, offsetsOf } from '../../lib/wasm/index.js'
import { Random } from '../../operators/simulation/random.js'

const own = memory()
const WIDTH = 10

t.test('rows get the cell of their entity and bucket, and runs of rows of one cell are found with it', async t => {
  const random = new Random(5)
  const below = (limit: number) => Math.floor(random.uniform() * limit)
  const seen = { rising: 0, tied: 0, grown: 0 }
  for (let round = 0; round < 30; round++) {
    const buckets = { mode: 'width', width: WIDTH, anchor: 'end', closed: 'left', dayLabel: 0 } as const
    const table = new CellTable(own, buckets)
    table.origin = 0
    const known = new Map<string, number>()
    const tied = random.uniform() < 0.5
    let time = 0
    for (let chunk = 0; chunk < 4; chunk++) {
      const n = round === 0 ? 6000 : below(60) // the first has more cells than a table has room for at the start
      const spread = round === 0 ? 2000 : 4
      let entity = 0
      const entities = Int32Array.from({ length: n }, () =>
        random.uniform() < 0.8 ? entity : (entity = below(spread)),
      )
      const times = Float64Array.from({ length: n }, () => (time += below(3) + (tied ? 0 : 1)))
      const index = Int32Array.from({ length: n }, (_, row) => row).filter(() => random.uniform() < 0.9)
      const slots = own.i32(n)
      const runs = table.place(index, index.length, entities, times, slots, spread, own.i32(index.length + 1))
      const expected = Array.from(index, row => {
        const key = `${entities[row]} ${Math.floor(times[row] / WIDTH)}`
        if (!known.has(key)) known.set(key, known.size)
        return known.get(key)
      })
      t.same(
        Array.from(index, row => slots[row]),
        expected,
        `cells of round ${round}, chunk ${chunk}`,
      )
      const later = cellRuns(own, { index, count: index.length, slots }, times, own.i32(index.length * 2 + 2))
      if (!later) continue
      const startsOf = (each: typeof runs) => Array.from(each.starts.subarray(0, each.count + 1))
      t.same(startsOf(runs), startsOf(later), `runs of round ${round}, chunk ${chunk}`)
      t.equal(runs.rising, later.rising)
      seen[runs.rising ? 'rising' : 'tied']++
    }
    if (known.size > 4096) seen.grown++
    table.free()
  }
  t.ok(seen.rising > 10 && seen.tied > 10 && seen.grown === 1, JSON.stringify(seen))
})

t.test('cells are the same when there are so many that they are looked up in a grid', async t => {
  const random = new Random(7)
  const below = (limit: number) => Math.floor(random.uniform() * limit)
  const day = 86_400_000_000_000
  for (const { minutes, anchor, closed } of [
    { minutes: 1, anchor: 'end', closed: 'right' },
    { minutes: 7, anchor: 'start', closed: 'left' },
    { minutes: 1 / 120, anchor: 'end', closed: 'left' }, // of half a second, which are too many for a grid
  ] as const) {
    const width = minutes * 60_000_000_000
    const table = new CellTable(own, { mode: 'width', width, anchor, closed, dayLabel: 0 })
    let known = new Map<string, number>()
    let origin = 0
    table.origin = origin
    const labelOf = (time: number) => {
      const past = (((time - origin) % width) + width) % width
      const start = time - past - (closed === 'right' && past === 0 ? width : 0)
      return anchor === 'end' ? start + width : start
    }
    for (let chunk = 0; chunk < 24; chunk++) {
      const n = 8000
      const spread = 100 * (1 + chunk) // entities come while a grid is there
      const entities = Int32Array.from({ length: n }, () => below(spread))
      // Some are long before or behind their date, which a grid has no room for.
      const times = Float64Array.from({ length: n }, () =>
        random.uniform() < 0.05 ? below(20 * day) - 10 * day : below(day / 1000) * 1000,
      )
      const index = Int32Array.from({ length: n }, (_, row) => row)
      const slots = own.i32(n)
      table.place(index, n, entities, times, slots, spread, own.i32(n + 1))
      let wrong = 0
      for (let row = 0; row < n; row++) {
        const key = `${entities[row]} ${labelOf(times[row])}`
        if (!known.has(key)) known.set(key, known.size)
        if (known.get(key) !== slots[row]) wrong++
      }
      t.equal(wrong, 0, `${known.size} cells of ${minutes} minutes`)
      t.equal(table.count, known.size)
      own.free(slots)
      if (chunk === 18) table.origin = origin = 1_000_000_000
      if (chunk !== 14 && chunk !== 20) continue
      const kept = Int32Array.from({ length: known.size }, (_, cell) => cell).filter(() => random.uniform() < 0.6)
      const keys = [...known.keys()]
      known = new Map(Array.from(kept, (cell, number) => [keys[cell], number]))
      table.keep(kept, kept.length)
    }
    table.free()
  }
})

t.test('offsets are exact up to 2^53 ns from midnight, and end before what is not', async t => {
  const midnight = 1_710_374_400_000_000_000n
  const near = [0n, -1n, 1n, 86_399_999_999_999n, 2n ** 51n - 1n, -(2n ** 51n)]
  const far = [2n ** 51n, 2n ** 51n + 1n, 0n, -(2n ** 51n) - 1n, 2n ** 53n - 1n, 1n - 2n ** 53n]
  for (const list of [
    near,
    [...near, ...far],
    [...near.slice(0, 3), 2n ** 53n, 7n],
    [2n ** 53n],
    [1n, -(2n ** 53n)],
    [],
  ]) {
    const stamps = BigInt64Array.from(list, offset => midnight + offset)
    const [out, range] = [own.f64(list.length), own.f64(2)]
    range.set([Infinity, -Infinity])
    const exact = list.findIndex(offset => offset > 2n ** 53n - 1n || offset < 1n - 2n ** 53n)
    const taken = list.slice(0, exact < 0 ? list.length : exact).map(Number)
    t.equal(offsetsOf(own, stamps, midnight, out, list.length, range), taken.length)
    t.same([...out.subarray(0, taken.length)], taken)
    t.same([...range], [Math.min(...taken), Math.max(...taken)])
  }
})
