import {
  type AggregateParameters,
  BasaltError,
  batchOf,
  type Column,
  type ColumnSpec,
  compareListings,
  type Groups,
  type Listing,
  MS_PER_DAY,
  type Partial,
  pick,
  type RecordBatch,
  type Registry,
  rankRows,
  type Span,
} from '../core/index.js'
import { AttributeTable } from './attributes.js'
import { orderBars } from './bar-order.js'
import { BarStore, type Going, gatherBars } from './bar-store.js'
import { shownKey } from './fault.js'
import { KeyTable } from './key-table.js'
import { required } from './merging.js'
import { OpenCells } from './open-cells.js'
import { Reach } from './touch.js'

/** What a unit's gathering is told beforehand. */
export interface GatheringPlan {
  parameters: AggregateParameters
  /** Every part of the unit, by place. */
  spans: readonly Span[]
  /** Parts that may touch what part p touches, by p. */
  near: readonly (readonly number[])[]
  /** Names of the bars' columns behind the keys. */
  columns: readonly string[]
  byTime: boolean
}

/**
 * Gathers what the row groups of a unit finish, whatever order they come in, and lets bars go in the order asked for
 * as soon as no row group to come can put one before them.
 */
export class Gathering {
  private readonly entities: KeyTable
  private readonly attributes: AttributeTable[]
  private readonly reaches: Reach[]
  private readonly open: OpenCells
  private readonly bars: BarStore
  private readonly pending: Set<number>
  private readonly numbers = new Map<number, number[]>() // of a stretch's entities
  private readonly left = new Set<number>() // entities whose bars have gone
  /** What the parts to come start with, in the order asked for, when bars were last let go. */
  private frontier: number | Listing | null = null
  private readonly shown = new Set<number>() // entities that have a bar
  private rows = 0
  private readonly counters: number[]

  constructor(
    private readonly plan: GatheringPlan,
    registry: Registry,
  ) {
    const { parameters, spans, near } = plan
    const { entity, attributes } = parameters
    this.entities = new KeyTable(entity)
    this.attributes = attributes.map((attribute, i) => new AttributeTable(attribute, i))
    const numeric = entity[entity.length - 1].type === 'i64'
    this.reaches = spans.map(span => new Reach(span, numeric))
    this.pending = new Set(spans.map(({ part }) => part))
    const reachesNear = near.map(parts => parts.map(part => this.reaches[part]))
    this.open = new OpenCells(parameters, registry, reachesNear, part => !this.pending.has(part))
    this.bars = new BarStore(plan.columns)
    this.counters = parameters.counters.map(() => 0)
  }

  /** Takes in what a part left. Cells that now wait for nothing are returned, to have their columns computed. */
  add(stretch: number, partial: Partial): { batch: RecordBatch; entities: Int32Array } | null {
    const { early, entities, cells } = partial
    if (!early) throw new BasaltError('internal', 'a partial of a unit that finishes early is not of that kind')
    const { part } = early
    this.rows += partial.rows
    for (const [c, count] of partial.counters.entries()) this.counters[c] += count
    const numbers = this.numbers.get(stretch) ?? []
    this.numbers.set(stretch, numbers)
    this.number(entities, numbers)
    const table = Int32Array.from(numbers)
    const owners = (batch: RecordBatch) => {
      const entities = new Int32Array(batch.numRows)
      pick(table, required(batch, 'entity').values as Int32Array, batch.numRows, entities)
      return entities
    }
    for (const each of this.attributes) each.merge(early.changed, owners(early.changed), part)
    this.put(early.bars, owners(early.bars), part)
    this.pending.delete(part)
    this.open.add(cells, owners(cells), part, this.listings())
    this.open.done(part)
    return this.open.close()
  }

  /** Stores bars of cells that were returned by `add`, their columns being computed. */
  store(batch: RecordBatch, entities: Int32Array): void {
    this.put(batch, entities, Number.MAX_SAFE_INTEGER)
  }

  private put(batch: RecordBatch, entities: Int32Array, part: number): void {
    let last = -1
    for (const entity of entities) {
      if (entity !== last) this.shown.add(entity)
      last = entity
    }
    this.bars.put(batch, entities, part)
  }

  private listings(): Column {
    return this.entities.keys[this.entities.keys.length - 1].view()
  }

  /** Finds the unit's number of each entity that a stretch lists for the first time. */
  private number(batch: RecordBatch, numbers: number[]): void {
    const columns = this.plan.parameters.entity.map(({ name }) => required(batch, name))
    for (const number of this.entities.resolve(columns, batch.numRows)) numbers.push(number)
  }

  /** Yields the bars that may leave now, in output order, in batches of at most `rows` rows. */
  *release(rows: number): Generator<RecordBatch> {
    if (this.bars.rows === 0) return
    if (this.pending.size === 0) {
      this.refuseConflicts()
      yield* this.ordered(this.bars.takeAll(), rows)
      return
    }
    const going = this.plan.byTime ? this.beforeFrontier() : this.ofDoneEntities()
    if (going.length > 0) yield* this.ordered(going, rows)
  }

  /** In order of listing, an entity's bars may go when no part to come can hold it or one before it. */
  private ofDoneEntities(): Going[] {
    const listings = this.listings()
    const reaches = [...this.pending].map(part => this.reaches[part])
    const least = reaches.map(reach => reach.least).reduce((a, b) => (compareListings(b, a) < 0 ? b : a))
    if (least === this.frontier) return []
    this.frontier = least
    const rank = rankRows(
      this.entities.keys.map(key => key.view()),
      this.entities.count,
    )
    const going = new Set<number>()
    for (const entity of rank) {
      if (this.left.has(entity)) continue
      if (reaches.some(reach => reach.mayPrecede(entity, listings))) break
      this.left.add(entity)
      going.add(entity)
    }
    return going.size === 0 ? [] : this.bars.takeWhere(entity => going.has(entity))
  }

  /** In order of time, bars may go whose label no part to come can reach, their attributes being settled. */
  private beforeFrontier(): Going[] {
    let first = Infinity
    for (const part of this.pending) first = Math.min(first, this.reaches[part].span.first)
    if (first === this.frontier) return []
    const settled = (entity: number) =>
      this.attributes.every(each => each.settledBefore(entity, first) || each.attribute.once !== undefined)
    const { rule } = this.plan.parameters
    // The bucket of the first instant to come, whichever its label: none before it can get another row.
    const limit = rule ? this.firstLabel(first) : first
    for (let entity = 0; entity < this.entities.count; entity++) if (!settled(entity)) return []
    this.frontier = first
    return this.bars.takeWhere((_, label) => label < limit)
  }

  private firstLabel(first: number): number {
    const { rule } = this.plan.parameters
    if (rule?.mode === 'daily_analytics') return -Infinity
    // A label lies at most one width before or behind its events.
    return rule?.mode === 'sparse_digitised' && rule.anchor === 'start' ? first - rule.width : first
  }

  private *ordered(stores: Going[], rows: number): Generator<RecordBatch> {
    const keys = this.entities.keys.map(key => key.view())
    const order = rankRows(keys, this.entities.count)
    const rank = new Int32Array(order.length)
    for (let r = 0; r < order.length; r++) rank[order[r]] = r
    const sorted = orderBars(stores, rank, this.plan.byTime)
    const total = sorted.rows.length
    for (let from = 0; from < total; from += rows) {
      const count = Math.min(rows, total - from)
      const entities = sorted.entities.subarray(from, from + count)
      const specs: ColumnSpec[] = []
      const columns: Column[] = []
      const put = (name: string, column: Column) => {
        specs.push({ name, type: column.type })
        columns.push(column)
      }
      for (const [i, { name }] of this.plan.parameters.entity.entries()) put(name, spread(keys[i], entities, count))
      const { bucket } = this.plan.parameters
      if (bucket !== null) put(bucket, this.instants(keys, entities, sorted.labels.subarray(from, from + count)))
      for (const each of this.attributes) {
        if (each.attribute.once === undefined) put(each.attribute.name, each.column(entities, count))
      }
      for (const [c, name] of this.plan.columns.entries())
        put(
          name,
          gatherBars(stores, c, () => this.bars.wordsOf(c), sorted.sources, sorted.rows, from, count),
        )
      yield batchOf(specs, columns, count)
    }
  }

  private instants(keys: readonly Column[], entities: Int32Array, labels: Float64Array): Column {
    const date = this.plan.parameters.entity.findIndex(({ type }) => type === 'date')
    const days = date < 0 ? null : (keys[date].values as Int32Array)
    const values = new BigInt64Array(labels.length)
    const words = new Int32Array(values.buffer)
    let day = Number.NaN
    let midnight = { high: 0, low: 0 }
    for (let k = 0; k < values.length; k++) {
      const own = days ? days[entities[k]] : 0
      if (own !== day) {
        day = own
        midnight = halvesOf(BigInt(day * MS_PER_DAY) * 1_000_000n)
      }
      // In halves, each an exact double: a BigInt a bar costs 100 ns.
      const high = Math.floor(labels[k] / TWO_32)
      const low = midnight.low + (labels[k] - high * TWO_32)
      const carry = low >= TWO_32 ? 1 : 0
      words[2 * k] = low - carry * TWO_32
      words[2 * k + 1] = midnight.high + high + carry
    }
    return { type: 'ts', values, valid: null }
  }

  private refuseConflicts(): void {
    for (const each of this.attributes) {
      const { once } = each.attribute
      if (once === undefined) continue
      for (let entity = 0; entity < this.entities.count; entity++) {
        if (!each.hasConflict(entity)) continue
        const shown = this.entities.keys.map(key => `${key.spec.name} ${shownKey(key.view(), entity)}`).join(', ')
        throw new BasaltError('data', `${shown}: ${once}`)
      }
    }
  }

  /** Returns what the unit's report says of the rows that went in. */
  facts(): Pick<Groups, 'rows' | 'counters' | 'conflicts'> {
    this.refuseConflicts()
    const conflicts = this.attributes.map(each => {
      let count = 0
      for (let entity = 0; entity < this.entities.count; entity++)
        if (this.shown.has(entity) && each.hasConflict(entity)) count++
      return count
    })
    return { rows: this.rows, counters: this.counters, conflicts }
  }
}

const TWO_32 = 4294967296

function halvesOf(value: bigint): { high: number; low: number } {
  return { high: Number(value >> 32n), low: Number(BigInt.asUintN(32, value)) }
}

/** Returns the key of each row's entity. */
function spread(key: Column, entities: Int32Array, count: number): Column {
  const Values = key.values.constructor as new (length: number) => typeof key.values
  const values = new Values(count)
  for (let k = 0; k < count; k++) values[k] = key.values[entities[k]]
  let valid: Uint8Array | null = null
  if (key.valid) {
    valid = new Uint8Array(count)
    for (let k = 0; k < count; k++) valid[k] = key.valid[entities[k]]
  }
  return { ...key, values, valid } as Column
}
