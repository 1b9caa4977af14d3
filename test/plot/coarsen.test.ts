import t from 'tap'
import { coarsened, fittingWidth } from '../../lib/plot/coarsen.js'
import { DAY, MINUTE, OPENING, walk } from './walk.js'

const column = (...values: number[]) => Float64Array.from(values)

/** Bars at these minutes after eight. */
function at(minutes: number[], close: Float64Array, more: Parameters<typeof walk>[1] = {}) {
  return walk(minutes.length, {
    times: Float64Array.from(minutes, minute => OPENING + minute * MINUTE),
    close,
    ...more,
  })
}

t.test('joined bars have the first open, extremes, the last close and summed volume', async t => {
  const bars = at([1, 2, 4, 5, 6], column(11, 12, NaN, 14, 15), {
    candles: { open: column(NaN, 10, 20, 21, 30), high: column(12, 19, 22, NaN, 31), low: column(9, 8, 7, 20, 29) },
    volume: column(1, 2, 3, NaN, NaN),
    lines: [{ name: 'Sma', values: column(1, 2, NaN, NaN, NaN) }],
  })
  const joined = coarsened(bars, 2 * MINUTE, 'end')
  t.same(
    [...joined.times],
    [2, 4, 6].map(minute => OPENING + minute * MINUTE),
  )
  t.same([...joined.close], [12, NaN, 15])
  t.same(Object.fromEntries(Object.entries(joined.candles ?? {}).map(([name, values]) => [name, [...values]])), {
    open: [10, 20, 21],
    high: [19, 22, 31],
    low: [8, 7, 20],
  })
  t.same([...(joined.volume ?? [])], [3, 3, NaN])
  t.same([...joined.lines[0].values], [2, NaN, NaN])
  t.same([...joined.days], [...bars.days.slice(0, 3)])
})

t.test('a label of a start names the interval that it begins', async t => {
  const { times, close } = coarsened(at([0, 1, 2, 3], column(1, 2, 3, 4)), 2 * MINUTE, 'start')
  t.same(
    [...times],
    [0, 2].map(minute => OPENING + minute * MINUTE),
  )
  t.same([...close], [2, 4])
})

t.test('weeks begin on Mondays and are labelled by their last bar', async t => {
  const ends = [6, 7, 8, 9, 10].map(day => Date.UTC(2026, 1, day) + DAY - 1e-3) // Friday to Tuesday
  const { times, close } = coarsened(
    walk(5, { times: Float64Array.from(ends), close: column(1, 2, 3, 4, 5) }),
    7 * DAY,
    'end',
  )
  t.same([...times], [ends[2], ends[4]])
  t.same([...close], [3, 5])
})

t.test('the width is the least easy one that fits', async t => {
  const hours = (n: number) => n * 60 * MINUTE
  t.equal(fittingWidth(MINUTE, true, hours(4), 274), MINUTE, 'as they are')
  t.equal(fittingWidth(MINUTE, true, hours(8.5), 274), 2 * MINUTE)
  t.equal(fittingWidth(3 * MINUTE, true, hours(17), 274), 15 * MINUTE, 'a multiple of three minutes, which five is not')
  t.equal(fittingWidth(7 * MINUTE, true, hours(170), 274), 42 * MINUTE, 'no easy width is a multiple')
  t.equal(fittingWidth(0.001, false, hours(8.5), 274), 2 * MINUTE, 'stamps of trades')
  t.equal(fittingWidth(DAY, true, 4000 * DAY, 274), 28 * DAY)
})
