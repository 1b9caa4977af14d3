import {
  BasaltError,
  type Batches,
  batchOf,
  type Column,
  columnOf,
  type Grid,
  type GridListing,
  type Listing,
  listingAt,
  operator,
  type RecordBatch,
  type Step,
} from '../../lib/core/index.js'
import { EmptyRows } from './empty-rows.js'
import type { LaidColumn } from './laid-column.js'
import { LAID_ROWS, LaidRows, laidSpecs } from './laid-rows.js'

export interface DenseParameters {
  /** Columns of the output, in order. Those that no bar has are added by `attach`. */
  columns: LaidColumn[]
  width: number // ns
  /** Bars outside the grid stay, or are dropped and counted. */
  outside: 'keep' | 'drop'
  /**
   * Adds column `Session`, for fills that stop between sessions: 2i in session i of the listing, from 0; 2i - 1 before it
   * and behind the one before.
   */
  session: boolean
  /** Steps that give a listing without bars its attributes. */
  attach: Step[]
}

/**
 * Lays the rows of a grid between bars that come in output order: (Date, ListingId, TimeBucket). In a row without data
 * additive columns are 0, others null; all are null where the table has no row of the listing on that day (semantics
 * 4.2). Attributes are those of the listing. Needs `grid` in its context; holds one batch at a time.
 */
export const dense = operator<DenseParameters>({
  name: 'dense',
  doc: 'adds the rows of a grid that no data made',
  async *run(input, parameters, context) {
    const { grid, registry } = context
    if (!grid) throw new BasaltError('internal', 'no grid is given')
    const laying = new Laying(parameters, grid)
    const attached = (batch: RecordBatch) =>
      parameters.attach.reduce<Batches>(
        (rows, step) => registry.get('operators', step.operator).run(rows, step.parameters, context),
        once(batch),
      )
    const finished = async function* ({ batch, complete }: Made): Batches {
      if (complete) yield batch
      else for await (const each of attached(batch)) yield inColumns(each, parameters)
    }
    for await (const batch of input) for await (const made of laying.take(batch)) yield* finished(made)
    for await (const made of laying.end()) yield* finished(made)
  },
})

async function* once(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  yield batch
}

/** Puts columns in the order of the output: steps add theirs at the end. */
function inColumns(batch: RecordBatch, { columns, session }: DenseParameters): RecordBatch {
  const specs = laidSpecs(columns, session)
  return batchOf(
    specs,
    specs.map(({ name }) => columnOf(batch, name) as Column),
    batch.numRows,
  )
}

/** A batch on its way out; one of listings without bars still lacks attributes. */
interface Made {
  batch: RecordBatch
  complete: boolean
}

/** The listing whose bars are coming. */
interface Current {
  day: number
  listing: Listing | null
  sessions: Float64Array
  /** The session at hand (its place in `sessions`), and the next label of it. */
  session: number
  next: number
}

class Laying {
  private current: Current | null = null
  private readonly rows: LaidRows
  private last = -1 // row of the batch at hand, and before the first one none

  constructor(
    private readonly parameters: DenseParameters,
    private readonly grid: Grid,
  ) {
    this.rows = new LaidRows(parameters.columns, parameters.session)
  }

  async *take(batch: RecordBatch): AsyncGenerator<Made> {
    if (batch.numRows === 0) return
    const { rows } = this
    const dates = columnOf(batch, 'Date') as Column & { type: 'date' }
    const listings = columnOf(batch, 'ListingId') as Column
    const goesOn = this.current?.day === dates.values[0] && this.current.listing === listingAt(listings, 0)
    // What is left of the last listing is told by a row of the batch before.
    if (this.last >= 0 && !goesOn) this.close(this.last)
    rows.begin(batch)
    const { labels } = rows
    for (let row = 0; row < batch.numRows; row++) {
      const isNew = row === 0 ? !goesOn : !same(listings, row) || dates.values[row] !== dates.values[row - 1]
      if (isNew) {
        if (row > 0) this.close(row - 1)
        const [day, listing] = [dates.values[row], listingAt(listings, row)]
        const absent = await this.grid.before(day, listing)
        if (absent.length > 0) {
          yield* complete(rows.rest())
          yield* this.absent(absent)
        }
        this.open(day, listing)
      }
      this.put(row, labels[row])
    }
    this.last = batch.numRows - 1
    yield* complete(rows.take())
  }

  async *end(): AsyncGenerator<Made> {
    if (this.last >= 0) this.close(this.last)
    yield* complete(this.rows.rest())
    yield* this.absent(await this.grid.before(Number.POSITIVE_INFINITY, null))
  }

  private open(day: number, listing: Listing | null): void {
    const sessions = this.grid.sessions(day, listing)
    this.current = { day, listing, sessions, session: 0, next: sessions[0] ?? Number.POSITIVE_INFINITY }
  }

  /** Puts the empty rows before a bar, and the bar. */
  private put(row: number, label: number): void {
    const current = this.current as Current
    this.fill(row, label)
    const inside = current.next === label
    if (!inside && this.parameters.outside === 'drop') this.grid.dropped++
    else this.rows.put(row, row, label, inside ? current.session : current.session - 1)
    if (inside) this.step(current)
  }

  /** Puts the empty rows that are left of the listing at hand; `row` is one of its bars. */
  private close(row: number): void {
    const { day, listing } = this.current as Current
    if (this.grid.whole(day, listing)) this.fill(row, Number.POSITIVE_INFINITY)
  }

  private fill(row: number, until: number): void {
    const current = this.current as Current
    while (current.next < until) {
      this.rows.put(-1, row, current.next, current.session)
      this.step(current)
    }
  }

  private step(current: Current): void {
    const { sessions } = current
    if (current.next < sessions[current.session + 1]) current.next += this.parameters.width
    else {
      current.session += 2
      current.next = sessions[current.session] ?? Number.POSITIVE_INFINITY
    }
  }

  /** Makes the rows of listings without bars. */
  private async *absent(listings: readonly GridListing[]): AsyncGenerator<Made> {
    const { columns, session, width } = this.parameters
    let rows = new EmptyRows(columns, session, LAID_ROWS)
    for (const each of listings) {
      rows.begin(each)
      for (let s = 0; s < each.sessions.length; s += 2) {
        for (let label = each.sessions[s]; label <= each.sessions[s + 1]; label += width) {
          if (rows.count === LAID_ROWS) {
            yield { batch: rows.batch(), complete: false }
            rows = new EmptyRows(columns, session, LAID_ROWS)
            rows.begin(each)
          }
          rows.put(label, s)
        }
      }
    }
    if (rows.count > 0) yield { batch: rows.batch(), complete: false }
  }
}

function* complete(batches: Iterable<RecordBatch>): Generator<Made> {
  for (const batch of batches) yield { batch, complete: true }
}

/** Tells whether a row is of the listing of the row before. */
function same({ values, valid }: Column, row: number): boolean {
  if (valid && valid[row] !== valid[row - 1]) return false
  return (valid !== null && !valid[row]) || values[row] === values[row - 1]
}
