import {
  type AggregateParameters,
  type Chunk,
  type Expr,
  keyOf,
  NS_PER_DAY,
  type Order,
  originOffset,
  type Partial,
  Program,
  type Registry,
  rowNumbers,
  TRUE,
} from '../core/index.js'
import { type Buckets, CellTable, type Memory, WasmLoops } from '../wasm/index.js'
import { Entities } from './entities.js'
import { EntityAttributes } from './entity-attributes.js'
import { Folding } from './folding.js'
import { LastOfCells, type LastRows } from './last-rows.js'
import { Offsets } from './offsets.js'
import { never, refuseOutside, refuseRows, refuseStrangers } from './refusals.js'
import { RowGroupEnds } from './row-group-end.js'
import { beyond, type Selection, Selections } from './selection.js'
import { logColumns, logRows, type ScalarFold, type SeriesRows, splitFolds } from './series-log.js'
import type { Reach, Touch } from './touch.js'

/** The most cells that a row group had: states of the next stretch have room for them from the start. */
const mostCells = new WeakMap<AggregateParameters, number>()

/** Folds the chunks of one row group after another. */
export class Folder {
  private readonly loops: WasmLoops
  private readonly program: Program
  private readonly offsets: Offsets
  private readonly labelled: Offsets | null
  private readonly entities: Entities
  private readonly cells: CellTable
  private readonly scalars: Folding[]
  private readonly attributes: EntityAttributes
  private readonly series: SeriesRows[]
  private readonly ends: RowGroupEnds
  private readonly counters: number[]
  private readonly refused: AggregateParameters['refused']
  private readonly conditions = new Map<string, Expr>()
  private readonly selections: Selections
  private readonly lasts: LastOfCells[] = []
  private taken: Selection = { index: new Int32Array(0), count: 0 }
  private all: Int32Array = new Int32Array(0)
  private slots: Int32Array = new Int32Array(0)
  private mask: Uint8Array = new Uint8Array(0)
  private stated: Reach | null = null // of the row group at hand
  private standing = 0 // cells that earlier row groups left
  private rows = 0

  constructor(
    private readonly parameters: AggregateParameters,
    registry: Registry,
    private readonly memory: Memory,
  ) {
    const { entity, attributes, counters, refused } = parameters
    const { scalars, groups } = splitFolds(parameters, registry)
    this.onlyOne(parameters.rows)
    this.loops = new WasmLoops(memory)
    this.program = new Program(this.loops)
    this.selections = new Selections(memory, this.loops, this.program)
    this.offsets = new Offsets(memory, parameters)
    const { bucket, rule, apart } = parameters
    // Without a rule, labels are what a column says: each is the bucket of its own instant.
    this.labelled =
      bucket !== null && (rule === null || apart)
        ? new Offsets(memory, { ...parameters, order: { ...parameters.order, time: bucket } })
        : null
    this.entities = new Entities(entity, memory)
    this.cells = new CellTable(memory, bucketsOf(parameters))
    const leaders = new Map<Expr, Folding>() // of folds of last rows, by what these are asked
    this.scalars = scalars.map(each => {
      const scalar = { ...each, where: this.within(each.where) }
      const leader = each.kernel.lastOnly && leaders.get(scalar.where)
      const folding = new Folding(scalar, memory, mostCells.get(parameters), leader)
      if (each.kernel.lastOnly && !leader) leaders.set(scalar.where, folding)
      return folding
    })
    this.attributes = new EntityAttributes(
      attributes.map(({ name, type, where = TRUE }, fold) => {
        const kernel = registry.get('kernels', type === 'str' ? 'attribute' : 'attribute_i64') as ScalarFold['kernel']
        return { fold, kernel, where: this.onlyOne(where), input: { op: 'col', name } }
      }),
      memory,
    )
    this.series = groups.map(group => ({
      group: { ...group, where: this.within(group.where) },
      columns: logColumns(group),
    }))
    this.ends = new RowGroupEnds({
      parameters,
      entities: this.entities,
      cells: this.cells,
      scalars: this.scalars,
      attributes: this.attributes,
      series: this.series,
    })
    this.counters = counters.map(() => 0)
    this.refused = refused.filter(({ where }) => !never(where))
  }

  /** Returns the object that stands for all equal conditions. */
  private onlyOne(where: Expr): Expr {
    const key = keyOf(where)
    const known = this.conditions.get(key)
    if (known) return known
    this.conditions.set(key, where)
    return where
  }

  /** Returns what a fold asks of the rows of cells; all of them meet what is asked of rows. */
  private within(where: Expr): Expr {
    return this.onlyOne(beyond(where, this.parameters.rows))
  }

  /** Starts a row group; rows outside of what is `stated` of it are a data fault. */
  begin(stated: Reach | null): void {
    this.stated = stated
    this.standing = this.cells.count
  }

  /** Folds one chunk. Errors name the row by its number in the chunk. */
  consume(chunk: Chunk): void {
    const { program, parameters } = this
    const n = chunk.rows
    program.load(chunk)
    this.reserve(n)
    this.selections.start(n)
    const possible = this.refused.filter(({ where }) => program.every(where) !== false)
    refuseRows(chunk, possible, where => this.held(chunk, where))
    for (const [c, { where }] of parameters.counters.entries()) this.counters[c] += this.counted(chunk, where)
    const all = { index: this.all, count: n }
    const kept = chunk.kept ? this.selections.kept(chunk.kept) : all
    this.rows += kept.count

    const time = this.offsets.of(chunk)
    if (this.stated) refuseOutside(chunk, time, this.offsets, this.stated, parameters.order.time)
    const order = this.orderOf(time)
    const entities = this.entities.of(chunk, this.all)
    this.attributes.update(program, { ...all, entities }, chunk.kept, order, this.entities.count)

    this.taken = this.selections.meeting(kept, parameters.rows)
    this.place(this.labelled ? this.labelled.of(chunk) : time, entities)
    this.foldScalars(chunk, time, order)
    for (const each of this.series) logRows(each, program, this.slots, this.where(each.group.where), order)
  }

  /** Evaluates a condition for the rows that are still in. */
  private held(chunk: Chunk, where: Expr): Uint8Array {
    const mask = this.program.mask(where)
    if (!chunk.kept) return mask
    this.loops.and(mask, chunk.kept, this.mask, chunk.rows)
    return this.mask
  }

  /** Counts the rows that are still in and meet a condition. */
  private counted(chunk: Chunk, where: Expr): number {
    const every = this.program.every(where)
    if (every === false) return 0
    if (every && !chunk.kept) return chunk.rows
    return this.loops.ones(every && chunk.kept ? chunk.kept : this.held(chunk, where), chunk.rows)
  }

  private foldScalars(chunk: Chunk, time: Float64Array, order: Order): void {
    const sums = new Map<Selection, Folding[]>() // by the rows that they take
    const lasts = new Map<Selection, LastRows>() // by the rows that they are the last of
    for (const each of this.scalars) {
      const { kernel, scalar } = each
      const selection = this.where(scalar.where)
      const rows = this.selections.withCells(selection, this.slots, time, kernel.ordered === true)
      if (kernel.lastOnly) {
        let last = lasts.get(selection)
        if (!last) {
          const finder = (this.lasts[lasts.size] ??= new LastOfCells())
          lasts.set(selection, (last = finder.of(chunk, rows, this.cells.count, order)))
        }
        each.take(last.program, last.rows, last.order, this.cells.count)
      } else each.take(this.program, rows, order, this.cells.count)
      if (kernel.native !== 'sum') each.fold()
      else if (sums.has(selection)) sums.get(selection)?.push(each)
      else sums.set(selection, [each])
    }
    for (const each of sums.values()) Folding.foldSums(each)
  }

  /** Lists the rows of cells in which a condition holds. */
  private where(where: Expr): Selection {
    return where.op === 'true' ? this.taken : this.selections.meeting(this.taken, where)
  }

  /** Finds the cell of each taken row, for the stretches of rows of one date. */
  private place(time: Float64Array, entities: Int32Array): void {
    const { index, count } = this.taken
    const { stretches } = this.offsets
    const { rule } = this.parameters
    const starts = this.selections.roomForRuns(count)
    const placed = (rows: Int32Array, count: number) =>
      this.cells.place(rows, count, entities, time, this.slots, this.entities.count, starts)
    if (stretches.length === 1) {
      if (rule) this.cells.origin = originOffset(rule, stretches[0].day)
      const runs = placed(index, count)
      // Whether times rise in a run is a question of event times, not of labels.
      if (!this.labelled) this.selections.tellRuns(this.taken, this.slots, runs)
      return
    }
    let from = 0
    for (const { day, to } of stretches) {
      let end = from
      while (end < count && index[end] < to) end++
      if (rule) this.cells.origin = originOffset(rule, day)
      placed(index.subarray(from, end), end - from)
      from = end
    }
  }

  private reserve(n: number): void {
    if (this.all.length >= n) return
    const { memory } = this
    for (const array of [this.all, this.slots]) if (array.length > 0) memory.free(array)
    if (this.mask.length > 0) memory.free(this.mask)
    this.all = memory.i32(n)
    this.all.set(rowNumbers(n))
    this.slots = memory.i32(n)
    this.mask = memory.u8(n)
  }

  private orderOf(time: Float64Array): Order {
    const { source, number } = this.parameters.order
    const longs = (name: string | null) => {
      const column = name === null ? null : this.program.column(name)
      return column?.type === 'i64' ? column : null
    }
    const [sources, numbers] = [longs(source), longs(number)]
    return {
      time,
      source: sources?.values ?? null,
      number: numbers?.values ?? null,
      sourceValid: sources?.valid ?? null,
      numberValid: numbers?.valid ?? null,
    }
  }

  /** Ends a row group and returns its states as Arrow batches: what crosses threads and is spilled. */
  finish(): Partial {
    return { ...this.ends.whole(), ...this.facts() }
  }

  /**
   * Ends a row group of a stretch: what it finished leaves, what another may touch leaves open or stays. All stays where
   * `touch` is null.
   */
  finishPart(part: number, touch: Touch | null, byTime: boolean): Partial {
    const { cells, entities, parameters, stated } = this
    mostCells.set(parameters, Math.max(cells.count, mostCells.get(parameters) ?? 0))
    if (stated) refuseStrangers(cells, this.standing, entities.keys[entities.keys.length - 1], stated)
    const partial = { ...this.ends.part(part, touch, byTime), ...this.facts() }
    this.rows = 0
    this.counters.fill(0)
    return partial
  }

  /**
   * Ends a row group and returns the rows that a piecewise sequence makes of it alone, as bars that are done; in the place
   * of attributes, what is told of the edges of pieces.
   */
  finishPiece(part: number): Partial {
    return { ...this.ends.piece(part), ...this.facts() }
  }

  private facts(): Pick<Partial, 'rows' | 'counters' | 'nonFinite'> {
    return { rows: this.rows, counters: [...this.counters], nonFinite: {} }
  }

  free(): void {
    this.program.free()
    this.offsets.free()
    this.labelled?.free()
    this.entities.free()
    this.cells.free()
    for (const each of this.scalars) each.free()
    this.attributes.free()
    this.selections.free()
    for (const array of [this.all, this.slots]) if (array.length > 0) this.memory.free(array)
    if (this.mask.length > 0) this.memory.free(this.mask)
  }
}

function bucketsOf({ rule, bucket, apart }: AggregateParameters): Buckets {
  const byDay = { mode: 'day', width: 1, anchor: 'start', closed: 'left', dayLabel: 0 } as const
  if (bucket === null) return byDay
  if (!rule || apart) return { ...byDay, mode: 'instant' }
  const { mode, width, anchor, closed } = rule
  return {
    mode: mode === 'sparse_digitised' ? 'width' : mode === 'sparse_original' ? 'instant' : 'day',
    width,
    anchor,
    closed,
    dayLabel: anchor === 'end' ? NS_PER_DAY - 1 : 0,
  }
}
