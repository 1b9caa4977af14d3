import {
  type BucketRule,
  type Column,
  type Context,
  columnOfDoubles,
  type Frame,
  frameColumn,
  intervalStart,
  labelOf,
  NS_PER_DAY,
  originOffset,
  take,
} from '../../lib/core/index.js'
import { middle } from '../kernels/quantile.js'
import { DayClock } from '../transforms/day-clock.js'
import { doublesIn, Instruments, type ListingDay, type Snapshots } from './instruments.js'

export interface AtBestParameters {
  rule: BucketRule
  /** Greatest age of a consolidated quote, ns. */
  tolerance: number | null
  columns: string[]
}

/** One side of the listing's quotes and of the consolidated ones. */
interface Side {
  name: 'CBB' | 'CBO'
  price: Float64Array
  quantity: Float64Array
  best: Float64Array
}

/** Computes, for the buckets in which a listing has snapshots, how it stands to the consolidated quote (semantics 5.7). */
export function atBest(books: Frame, quotes: Frame, parameters: AtBestParameters, context: Context): Frame {
  const instruments = new Instruments(context)
  const own = instruments.read(books)
  const all = instruments.read(quotes)
  const consolidated = new Map<number, ListingDay>()
  for (const each of all.days) if (each.group >= 0 && !consolidated.has(each.group)) consolidated.set(each.group, each)
  const sides: Side[] = (['CBB', 'CBO'] as const).map(name => {
    const side = name === 'CBB' ? 'Bid' : 'Ask'
    return {
      name,
      price: doublesIn(books, `${side}Price1`),
      quantity: doublesIn(books, `${side}Quantity1`),
      best: doublesIn(quotes, `${side}Price1`),
    }
  })
  const rows: number[] = [] // a snapshot of each bucket
  const labels: number[] = []
  const made = new Map(parameters.columns.map(name => [name, [] as number[]]))
  for (const day of own.days) {
    const quote = consolidated.get(day.group)
    for (const bucket of bucketsOf(own, day, parameters.rule)) {
      rows.push(bucket.from)
      labels.push(bucket.label)
      const values = valuesOf(bucket, own, day, all, quote, sides, parameters)
      for (const [name, column] of made) column.push(values.get(name) ?? Number.NaN)
    }
  }
  const index = Int32Array.from(rows)
  const dates = take(frameColumn(books, 'Date'), index, index.length)
  const stamps = new DayClock().stamps(Float64Array.from(labels), dates.values as Int32Array)
  const columns = new Map<string, Column>([
    ['Date', dates],
    ['ListingId', take(frameColumn(books, 'ListingId'), index, index.length)],
    ['TimeBucket', { type: 'ts', values: stamps, valid: null }],
  ])
  for (const [name, values] of made) columns.set(name, columnOfDoubles(Float64Array.from(values)))
  return { rows: index.length, columns }
}

interface Bucket {
  label: number
  start: number
  end: number
  from: number // its snapshots
  to: number
}

function* bucketsOf({ times }: Snapshots, { from, to, day }: ListingDay, rule: BucketRule): Generator<Bucket> {
  const origin = originOffset(rule, day)
  const width = rule.mode === 'daily_analytics' ? NS_PER_DAY : rule.width
  for (let row = from; row < to; ) {
    const label = labelOf(times[row], origin, rule)
    let end = row + 1
    while (end < to && labelOf(times[end], origin, rule) === label) end++
    const start = intervalStart(label, rule)
    yield { label, start, end: start + width, from: row, to: end }
    row = end
  }
}

function valuesOf(
  bucket: Bucket,
  own: Snapshots,
  day: ListingDay,
  all: Snapshots,
  quote: ListingDay | undefined,
  sides: readonly Side[],
  { tolerance }: AtBestParameters,
): Map<string, number> {
  const values = new Map<string, number>()
  const limit = tolerance ?? Number.POSITIVE_INFINITY
  const time = own.times
  const quoteTimes = all.times
  const [qFrom, qTo] = quote ? [quote.from, quote.to] : [0, 0]
  const both = [0, 0]
  const at = [0, 0]
  const area = [0, 0]
  let present = 0
  let i = lastAt(time, day.from, day.to, bucket.start)
  let j = lastAt(quoteTimes, qFrom, qTo, bucket.start)
  for (let now = bucket.start; now < bucket.end; ) {
    const expiry = j >= qFrom ? quoteTimes[j] + limit : Number.POSITIVE_INFINITY
    let next = bucket.end
    if (i + 1 < day.to) next = Math.min(next, time[i + 1])
    if (j + 1 < qTo) next = Math.min(next, quoteTimes[j + 1])
    if (expiry > now) next = Math.min(next, expiry)
    const width = next - now
    const isKnown = j >= qFrom && expiry > now
    if (i >= day.from) {
      if (sides.some(({ price }) => !Number.isNaN(price[i]))) present += width
      for (const [s, { price, quantity, best }] of sides.entries()) {
        if (!isKnown || Number.isNaN(price[i]) || Number.isNaN(best[j])) continue
        both[s] += width
        if (price[i] !== best[j]) continue
        at[s] += width
        area[s] += width * (quantity[i] || 0)
      }
    }
    now = next
    while (i + 1 < day.to && time[i + 1] <= now) i++
    while (j + 1 < qTo && quoteTimes[j + 1] <= now) j++
  }
  values.set('PresenceShare', present / (bucket.end - bucket.start))
  for (const [s, side] of sides.entries()) {
    values.set(`TimeAt${side.name}`, at[s] / both[s])
    values.set(`QuantityAt${side.name}`, area[s] / both[s])
    const quantities = snapshotQuantities(bucket, time, side, quoteTimes, qFrom, qTo, limit)
    if (quantities.length === 0) continue
    quantities.sort((a, b) => a - b)
    values.set(`QuantityAt${side.name}Min`, quantities[0])
    values.set(`QuantityAt${side.name}Max`, quantities[quantities.length - 1])
    values.set(`QuantityAt${side.name}Median`, middle(quantities, quantities.length))
  }
  return values
}

/** Returns the quantity at the consolidated price of each snapshot at which both prices exist, 0 while away. */
function snapshotQuantities(
  { from, to }: Bucket,
  time: Float64Array,
  { price, quantity, best }: Side,
  quoteTimes: Float64Array,
  qFrom: number,
  qTo: number,
  limit: number,
): Float64Array {
  const out: number[] = []
  let j = lastAt(quoteTimes, qFrom, qTo, time[from])
  for (let row = from; row < to; row++) {
    while (j + 1 < qTo && quoteTimes[j + 1] <= time[row]) j++
    const isKnown = j >= qFrom && time[row] - quoteTimes[j] < limit
    if (!isKnown || Number.isNaN(price[row]) || Number.isNaN(best[j])) continue
    out.push(price[row] === best[j] ? quantity[row] || 0 : 0)
  }
  return Float64Array.from(out)
}

/** Returns the last of rows from..to at or before an instant; one before `from` where none is. */
function lastAt(times: Float64Array, from: number, to: number, at: number): number {
  let low = from - 1
  let high = to
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (times[middle] <= at) low = middle
    else high = middle
  }
  return low
}
