import {
  type Listing,
  listingColumn,
  MS_PER_DAY,
  type NearPlan,
  PIECE,
  ROW_NUMBER,
  type StandingValues,
  type TakenPlan,
  type TakenValues,
} from '../core/index.js'
import type { Results } from './results.js'
import { RowValuesSource } from './row-values.js'
import { StandingSource } from './standing.js'
import { type Chosen, Entries, shared } from './taken-entries.js'

/** What an internal pass left, for the rows of a unit: whole, or as they look through a window. */
export interface WholeSource {
  /** Bytes that one of its rows takes when it is read. */
  readonly rowBytes: number
  /** Counts the rows of a unit's listings, by name. */
  rows(unit: Chosen): Map<string, number>
  /** Reads what is of a unit's days and listings. */
  read(unit: Chosen): TakenValues
}

export type TakenSource = WholeSource | StandingSource

/** Opens what an internal pass left. */
export function takenSource(results: Results, plan: TakenPlan): TakenSource {
  if (plan.by === 'time') return new StandingSource(results, plan)
  return plan.by === 'row' ? new RowValuesSource(results, plan, takenValues(plan)) : new NearSource(results, plan)
}

/** Lists the values that are read of an internal pass, each once; first, of those that stand, the one that says whether they do. */
export function takenValues(plan: TakenPlan): string[] {
  if (plan.by === 'near') return plan.values
  if (plan.by === 'row') return plan.columns.map(({ value }) => value)
  const since = plan.tolerance ? [plan.tolerance.since] : []
  return [...new Set([plan.known, ...plan.columns.map(({ value }) => value), ...since])]
}

/** Lists the columns that are read of an internal pass. */
export function takenColumns(plan: TakenPlan): string[] {
  const place = plan.by === 'row' ? [ROW_NUMBER] : ['TimeBucket', plan.known]
  if (plan.by === 'time') place.push(PIECE.head, PIECE.stands)
  return [...new Set(['Date', 'ListingId', ...place, ...takenValues(plan)])]
}

/** Rows of another table, by listing and time. */
class NearSource implements WholeSource {
  private readonly entries: Entries
  private readonly names: string[]

  constructor(
    results: Results,
    private readonly plan: NearPlan,
  ) {
    this.entries = new Entries(results, plan.source)
    this.names = takenValues(plan)
  }

  get rowBytes(): number {
    return 8 * (1 + this.names.length)
  }

  rows(unit: Chosen): Map<string, number> {
    return this.entries.rows(unit)
  }

  read(unit: Chosen): StandingValues {
    const { names, plan } = this
    const entries = this.entries.of(unit).filter(({ listing }) => listing !== null) // of none: nothing is theirs
    const total = entries.reduce((sum, { rows }) => sum + rows, 0)
    const starts = new Int32Array(new SharedArrayBuffer(4 * (entries.length + 1)))
    const times = shared(total)
    const values = names.map(() => shared(total))
    const read = this.entries.reader(['TimeBucket', plan.known, ...names])
    let filled = 0
    for (const [e, entry] of entries.entries()) {
      starts[e] = filled
      const midnight = BigInt(entry.day * MS_PER_DAY) * 1_000_000n
      read(entry, ([stamps, known, ...columns], from, to) => {
        for (let row = from; row < to; row++) {
          const time = Number((stamps.values as BigInt64Array)[row] - midnight)
          if (known.valid && !known.valid[row]) continue
          times[filled] = time
          for (const [v, { values: numbers, valid }] of columns.entries())
            values[v][filled] = valid && !valid[row] ? Number.NaN : (numbers as Float64Array)[row]
          filled++
        }
      })
    }
    starts[entries.length] = filled
    return {
      days: Int32Array.from(entries, ({ day }) => day),
      listings: listingColumn(
        entries.map(({ listing }) => listing as Listing),
        this.entries.listingType,
      ),
      starts,
      times,
      values: Object.fromEntries(names.map((name, v) => [name, values[v]])),
      breakStarts: new Int32Array(entries.length + 1),
      breaks: new Float64Array(0),
    }
  }
}
