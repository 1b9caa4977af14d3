import { BasaltError, type Chunk, type Expr, Program, rowOperator, type StandingValues } from '../../lib/core/index.js'
import { DayEntries } from '../as-of/day-entries.js'
import { TimeOffsets } from '../transforms/order-keys.js'

export interface MatchParameters {
  /** Which of the values that the context has, by their place in the plan. */
  from: number
  time: string
  date: string
  /** Price and size of a row. */
  price: Expr
  size: Expr
  /** ns between a trade and the execution that reveals an iceberg, at most; whether their prices have to be equal. */
  tolerance: number
  priceMatch: boolean
  /** What an execution has to reveal more than. */
  leastRevealed: number
  /** The same of any execution, and how much sizes that are taken to be equal may differ. */
  matchTolerance: number
  matchPrice: boolean
  sizeTolerance: number
}

/** What a trade finds among executions of a side. */
export const MATCH = { none: 0, otherSize: 1, sameSize: 2 } as const

/** The columns that are added. */
export const MATCH_COLUMNS = ['IcebergRevealed', 'IcebergMatchBid', 'IcebergMatchAsk'] as const

/**
 * Finds the executions of order messages that a trade may be: IcebergRevealed is 1 where one of an iceberg is near enough, and
 * IcebergMatchBid and IcebergMatchAsk say of resting orders of a side whether one of the same size is, or only others.
 * Needs `taken` in its context. Every execution within the tolerance is looked at; which is first plays no part.
 */
export const icebergMatches = rowOperator<MatchParameters>({
  name: 'iceberg_matches',
  doc: 'finds the executions of order messages near each trade, those of icebergs and those of either side',
  rows: (parameters, { taken, loops }) => {
    const executions = taken?.[parameters.from]
    if (!executions || !('times' in executions)) throw new BasaltError('internal', 'no executions are given')
    const offsets = new TimeOffsets()
    const program = new Program(loops)
    const entries = new DayEntries(executions)
    const finder = new Finder(executions, parameters)
    return (chunk: Chunk) => {
      const times = offsets.of(chunk, parameters.time, parameters.date)
      const entry = entries.of(chunk.required(parameters.date), chunk.required('ListingId'), chunk.rows)
      program.load(chunk)
      const [prices, sizes] = [program.f64(parameters.price), program.f64(parameters.size)]
      const out = MATCH_COLUMNS.map(() => new Float64Array(chunk.rows))
      for (let row = 0; row < chunk.rows; row++)
        if (entry[row] >= 0) finder.find(entry[row], times[row], prices[row], sizes[row], out, row)
      for (const [c, name] of MATCH_COLUMNS.entries()) chunk.set(name, { type: 'f64', values: out[c], valid: null })
      return MATCH_COLUMNS.map(name => ({ name, type: 'f64' as const }))
    }
  },
})

class Finder {
  constructor(
    private readonly executions: StandingValues,
    private readonly parameters: MatchParameters,
  ) {}

  find(entry: number, time: number, price: number, size: number, out: Float64Array[], row: number): void {
    const { starts, times, values } = this.executions
    const { tolerance, matchTolerance, priceMatch, matchPrice, leastRevealed, sizeTolerance } = this.parameters
    const { Price, Size, RevealedQty, Side } = values
    const [revealed, bid, ask] = out
    const widest = Math.max(tolerance, matchTolerance)
    const end = starts[entry + 1]
    for (let i = firstFrom(times, starts[entry], end, time - widest); i < end && times[i] <= time + widest; i++) {
      const distance = Math.abs(times[i] - time)
      const isPrice = Price[i] === price
      if (distance <= tolerance && (isPrice || !priceMatch) && RevealedQty[i] > leastRevealed) revealed[row] = 1
      if (distance > matchTolerance || !(isPrice || !matchPrice)) continue
      const found = Math.abs(Size[i] - size) <= sizeTolerance ? MATCH.sameSize : MATCH.otherSize
      const side = Side[i] === 1 ? bid : Side[i] === 2 ? ask : undefined
      if (side && side[row] < found) side[row] = found
    }
  }
}

/** Returns the first place of from..end whose time is at least `least`. */
function firstFrom(times: Float64Array, from: number, end: number, least: number): number {
  let [low, high] = [from, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle] < least) low = middle + 1
    else high = middle
  }
  return low
}
