import {
  type AggregateParameters,
  BasaltError,
  batchOf,
  type Column,
  type ColumnSpec,
  compareListings,
  type Frame,
  frameColumn,
  type GroupFacts,
  KeyTable,
  type Listing,
  MS_PER_DAY,
  type Partial,
  pick,
  type RecordBatch,
  type Registry,
  type Span,
  type SpillSpace,
  valueText,
} from '../core/index.js'
import { AttributeTable } from './attributes.js'
import type { Counted } from './bar-block.js'
import { ranksOf } from './bar-order.js'
import { BarQueue, Joining, ofEntities } from './bar-queue.js'
import { BarStore } from './bar-store.js'
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
  private readonly queue = new BarQueue()
  private ranks: Int32Array = new Int32Array(0)
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
    /** Told of memory that bars take while they wait, and give back. */
    counted: Counted = () => {},
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
    this.bars = new BarStore(plan.columns, plan.byTime, counted)
    this.counters = parameters.counters.map(() => 0)
  }

  /** Takes in what a part left. Cells that now wait for nothing are returned, to have their columns computed. */
  add(stretch: number, partial: Partial): { bars: Frame; entities: Int32Array } | null {
    const { early, entities, cells } = partial
    if (!early) throw new BasaltError('internal', 'a partial of a unit that finishes early is not of that kind')
    const { part } = early
    this.rows += partial.rows
    for (const [c, count] of partial.counters.entries()) this.counters[c] += count
    const numbers = this.numbers.get(stretch) ?? []
    this.numbers.set(stretch, numbers)
    this.number(entities, numbers)
    const table = Int32Array.from(numbers)
    const owners = (frame: Frame) => {
      const entities = new Int32Array(frame.rows)
      pick(table, frameColumn(frame, 'entity').values as Int32Array, frame.rows, entities)
      return entities
    }
    for (const each of this.attributes) each.merge(early.changed, owners(early.changed), part)
    this.put(early.bars, owners(early.bars), true)
    this.pending.delete(part)
    this.open.add(partial, owners(cells), part, this.listings())
    this.open.done(part)
    return this.open.close()
  }

  /** Stores bars of cells that `add` returned, their columns being computed. */
  store(bars: Frame, entities: Int32Array): void {
    this.put(bars, entities, false)
  }

  private put(bars: Frame, entities: Int32Array, ordered: boolean): void {
    let last = -1
    for (const entity of entities) {
      if (entity !== last) this.shown.add(entity)
      last = entity
    }
    this.bars.put(bars, entities, ordered)
  }

  private listings(): Column {
    return this.entities.keys[this.entities.keys.length - 1].view()
  }

  /** Finds the unit's number of each entity that a stretch lists for the first time. */
  private number(keys: Frame, numbers: number[]): void {
    const columns = this.plan.parameters.entity.map(({ name }) => frameColumn(keys, name))
    for (const number of this.entities.resolve(columns, keys.rows)) numbers.push(number)
  }

  /** Yields the bars that may leave now, in output order, in batches of `rows` rows; of the last one all that is left. */
  *release(rows: number): Generator<RecordBatch> {
    const last = this.pending.size === 0
    if (last) this.refuseConflicts()
    const ready = this.plan.byTime ? this.readyLabels(last) : this.readyEntities(last)
    for (const key of ready) {
      this.queue.push(this.bars.take(key, this.rank))
      while (this.queue.rows >= rows) yield this.batch(rows)
    }
    if (last && this.queue.rows > 0) yield this.batch(this.queue.rows)
  }

  /** Bytes of bars that wait in memory. */
  get held(): number {
    return this.bars.held
  }

  /** Moves bars that wait to disk, as one run. */
  spill(space: SpillSpace): void {
    this.bars.spill(space, this.rank)
  }

  /** The place of each entity among those known. */
  private get rank(): Int32Array {
    if (this.ranks.length !== this.entities.count)
      this.ranks = ranksOf(
        this.entities.keys.map(key => key.view()),
        this.entities.count,
      )
    return this.ranks
  }

  /** In order of listing, an entity's bars may go when no part to come can hold it or one before it. */
  private readyEntities(last: boolean): number[] {
    const listings = this.listings()
    const reaches = [...this.pending].map(part => this.reaches[part])
    if (!last) {
      const least = reaches.map(reach => reach.least).reduce((a, b) => (compareListings(b, a) < 0 ? b : a))
      if (least === this.frontier) return []
      this.frontier = least
    }
    const ranks = this.rank
    const order = new Int32Array(ranks.length)
    for (let entity = 0; entity < ranks.length; entity++) order[ranks[entity]] = entity
    const ready: number[] = []
    for (const entity of order) {
      if (this.left.has(entity)) continue
      if (reaches.some(reach => reach.mayPrecede(entity, listings))) break
      this.left.add(entity)
      ready.push(entity)
    }
    return ready
  }

  /** In order of time, bars may go whose label no part to come can reach, their attributes being settled. */
  private readyLabels(last: boolean): number[] {
    const limit = last ? Infinity : this.reachedLabel()
    const ready: number[] = []
    for (const label of this.bars.keys) if (label < limit) ready.push(label)
    return ready.sort((a, b) => a - b)
  }

  /** Returns the least label that may yet get rows; -Infinity where attributes may yet change. */
  private reachedLabel(): number {
    let first = Infinity
    for (const part of this.pending) first = Math.min(first, this.reaches[part].span.first)
    if (first === this.frontier) return -Infinity
    const settled = (entity: number) =>
      this.attributes.every(each => each.settledBefore(entity, first) || each.attribute.once !== undefined)
    for (let entity = 0; entity < this.entities.count; entity++) if (!settled(entity)) return -Infinity
    this.frontier = first
    // The bucket of the first instant to come, whichever its label: none before it can get another row.
    return this.plan.parameters.rule ? this.firstLabel(first) : first
  }

  private firstLabel(first: number): number {
    const { rule } = this.plan.parameters
    if (rule?.mode === 'daily_analytics') return -Infinity
    // A label lies at most one width before or behind its events.
    return rule?.mode === 'sparse_digitised' && rule.anchor === 'start' ? first - rule.width : first
  }

  /** Makes a batch of the next bars that leave. */
  private batch(count: number): RecordBatch {
    const joining = new Joining(this.queue.take(count))
    const entities = joining.ints(bars => bars.entities)
    const specs: ColumnSpec[] = []
    const columns: Column[] = []
    const put = (name: string, column: Column) => {
      specs.push({ name, type: column.type })
      columns.push(column)
    }
    const keys = this.entities.keys.map(key => key.view())
    const { entity, bucket } = this.plan.parameters
    for (const [i, { name }] of entity.entries()) put(name, ofEntities(keys[i], entities))
    if (bucket !== null) {
      const labels = joining.doubles(bars => bars.labels)
      put(bucket, this.instants(keys, entities, labels))
    }
    for (const each of this.attributes) {
      if (each.attribute.once === undefined)
        put(each.attribute.name, ofEntities(each.column(keys[0].values.length), entities))
    }
    for (const [c, name] of this.plan.columns.entries())
      put(
        name,
        joining.column(c, () => this.bars.wordsOf(c)),
      )
    joining.done()
    return batchOf(specs, columns, count)
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
        const shown = this.entities.keys.map(key => `${key.spec.name} ${valueText(key.view(), entity)}`).join(', ')
        throw new BasaltError('data', `${shown}: ${once}`)
      }
    }
  }

  /** Returns what the unit's report says of the rows that went in. */
  facts(): GroupFacts {
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
