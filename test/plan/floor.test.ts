import t from 'tap'
import { type Floor, floorFor, workersWithin } from '../../lib/plan/index.js'

const floor: Floor = { process: 100, thread: 30, kernels: 20, output: 10 }

t.test('one worker is the main thread, more have heaps of their own', async t => {
  t.equal(floorFor(floor, 1), 135)
  t.equal(floorFor(floor, 2), 225)
  t.equal(floorFor(floor, 3), 275)
})

t.test('as many workers as fit', async t => {
  t.equal(workersWithin(floor, 274, 4), 2)
  t.equal(workersWithin(floor, 275, 4), 3)
  t.equal(workersWithin(floor, 1000, 4), 4)
  t.equal(workersWithin(floor, 135, 4), 1)
  t.equal(workersWithin(floor, 134, 4), 0)
})
