import {
  type AggregateParameters,
  BasaltError,
  batchOf,
  type Chunk,
  type Column,
  type ColumnSpec,
  type Expr,
  keyOf,
  MS_PER_DAY,
  NS_PER_DAY,
  type Order,
  originOffset,
  type Partial,
  Program,
  pick,
  type RecordBatch,
  type Registry,
  rowNumbers,
  TRUE,
} from '../core/index.js'
import { type Buckets, CellTable, type Memory, rangeOf, WasmLoops } from '../wasm/index.js'
import { Entities } from './entities.js'
import { cellFault, shownKey } from './fault.js'
import { Folding } from './folding.js'
import type { GrowingColumn } from './growing.js'
import { readStates } from './merging.js'
import { Offsets } from './offsets.js'
import type { Selection } from './selection.js'
import { logColumns, type ScalarFold, type SeriesGroup, splitFolds } from './series-log.js'
import { FATE, type Reach, type Touch } from './touch.js'

/** Folds the chunks of one row group after another. */
export class Folder {
  private readonly loops: WasmLoops
  private readonly program: Program
  private readonly offsets: Offsets
  private readonly labelled: Offsets | null
  private readonly entities: Entities
  private readonly cells: CellTable
  private readonly scalars: Folding[]
  private readonly attributes: Folding[]
  private readonly series: { group: SeriesGroup; columns: GrowingColumn[] }[]
  private readonly counters: number[]
  private readonly refused: AggregateParameters['refused']
  private readonly conditions = new Map<string, Expr>()
  private readonly selections = new Map<Expr | string, { selection: Selection; stamp: number }>()
  private readonly taken: Selection = { index: new Int32Array(0), count: 0 }
  private all: Int32Array = new Int32Array(0)
  private slots: Int32Array = new Int32Array(0)
  private mask: Uint8Array = new Uint8Array(0)
  /** What was last sent of each attribute, by entity. */
  private readonly sent: { time: number; conflict: number; value: number | bigint }[][]
  private told = 0 // entities whose keys were sent
  private stated: Reach | null = null // of the row group at hand
  private standing = 0 // cells that earlier row groups left
  private stamp = 0
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
    this.offsets = new Offsets(memory, parameters)
    const { bucket, rule } = parameters
    // Without a rule, labels are what a column says: each is the bucket of its own instant.
    this.labelled =
      bucket !== null && rule === null
        ? new Offsets(memory, { ...parameters, order: { ...parameters.order, time: bucket } })
        : null
    this.entities = new Entities(entity, memory)
    this.cells = new CellTable(memory, bucketsOf(parameters))
    this.scalars = scalars.map(scalar => new Folding({ ...scalar, where: this.onlyOne(scalar.where) }, memory))
    this.attributes = attributes.map(({ name, type, where = TRUE }, fold) => {
      const kernel = registry.get('kernels', type === 'str' ? 'attribute' : 'attribute_i64') as ScalarFold['kernel']
      return new Folding({ fold, kernel, where: this.onlyOne(where), input: { op: 'col', name } }, memory)
    })
    this.sent = attributes.map(() => [])
    this.series = groups.map(group => ({
      group: { ...group, where: this.onlyOne(group.where) },
      columns: logColumns(group),
    }))
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

  /** Starts a row group; rows outside of what is `stated` of it are a data fault. */
  begin(stated: Reach | null): void {
    this.stated = stated
    this.standing = this.cells.count
  }

  /** Folds one chunk. Errors name the row by its number in the chunk. */
  consume(chunk: Chunk): void {
    const { program, parameters, loops } = this
    const n = chunk.rows
    program.load(chunk)
    this.reserve(n)
    this.stamp++
    this.refuse(chunk)
    for (const [c, { where }] of parameters.counters.entries())
      this.counters[c] += loops.ones(this.held(chunk, where), n)
    const all = { index: this.all, count: n }
    const kept = chunk.kept ? this.select(loops.rowsWhere.bind(loops, chunk.kept, n), n, 'kept') : all
    this.rows += kept.count

    const time = this.offsets.of(chunk)
    if (this.stated) this.refuseOutside(chunk, time, this.stated)
    const order = this.orderOf(time)
    const entities = this.entities.of(chunk, this.all)
    for (const each of this.attributes) this.attribute(each, entities, kept, order)

    this.taken.count = loops.rowsWhere(this.held(chunk, parameters.rows), n, this.taken.index)
    this.place(this.labelled ? this.labelled.of(chunk) : time, entities)
    for (const each of this.scalars)
      each.update(program, this.slots, this.where(each.scalar.where), order, this.cells.count)
    for (const { group, columns } of this.series) this.log(group, columns, this.where(group.where), order)
  }

  /** Evaluates a condition for the rows that are still in. */
  private held(chunk: Chunk, where: Expr): Uint8Array {
    const mask = this.program.mask(where)
    if (!chunk.kept) return mask
    this.loops.and(mask, chunk.kept, this.mask, chunk.rows)
    return this.mask
  }

  /** Lists the rows of cells in which a condition holds; once a chunk for each. */
  private where(where: Expr): Selection {
    if (where.op === 'true' || where === this.parameters.rows) return this.taken
    const { index, count } = this.taken
    return this.select(out => this.loops.rowsWithin(index, count, this.program.mask(where), out), count, where)
  }

  private select(fill: (out: Int32Array) => number, room: number, key: Expr | string): Selection {
    let known = this.selections.get(key)
    if (!known)
      this.selections.set(key, (known = { selection: { index: this.memory.i32(room + 1), count: 0 }, stamp: 0 }))
    const { selection } = known
    if (known.stamp === this.stamp) return selection
    if (selection.index.length <= room) {
      this.memory.free(selection.index)
      selection.index = this.memory.i32(this.all.length + 1)
    }
    selection.count = fill(selection.index)
    known.stamp = this.stamp
    return selection
  }

  private attribute(each: Folding, entities: Int32Array, kept: Selection, order: Order): void {
    const { program, loops } = this
    const { where, input } = each.scalar
    const within = ({ index, count }: Selection, mask: () => Uint8Array, key: string) =>
      this.select(out => loops.rowsWithin(index, count, mask(), out), count, key)
    let rows = where.op === 'true' ? kept : within(kept, () => program.mask(where), each.rowsKey)
    const valid = input?.op === 'col' ? program.column(input.name).valid : null
    if (valid) rows = within(rows, () => valid, each.presentKey)
    each.updateChanges(program, entities, rows, order, this.entities.count)
  }

  /** Finds the cell of each taken row, for the stretches of rows of one date. */
  private place(time: Float64Array, entities: Int32Array): void {
    const { index, count } = this.taken
    const { stretches } = this.offsets
    const { rule } = this.parameters
    if (stretches.length === 1) {
      if (rule) this.cells.origin = originOffset(rule, stretches[0].day)
      this.cells.place(index, count, entities, time, this.slots, this.entities.count)
      return
    }
    let from = 0
    for (const { day, to } of stretches) {
      let end = from
      while (end < count && index[end] < to) end++
      if (rule) this.cells.origin = originOffset(rule, day)
      this.cells.place(index.subarray(from, end), end - from, entities, time, this.slots, this.entities.count)
      from = end
    }
  }

  private reserve(n: number): void {
    if (this.all.length >= n) return
    const { memory } = this
    for (const array of [this.all, this.slots, this.taken.index]) if (array.length > 0) memory.free(array)
    if (this.mask.length > 0) memory.free(this.mask)
    this.all = memory.i32(n)
    this.all.set(rowNumbers(n))
    this.slots = memory.i32(n)
    this.taken.index = memory.i32(n + 1)
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

  /** Bars are finished early on the word of footers: a row that belies its footer must not become a wrong bar. */
  private refuseOutside(chunk: Chunk, time: Float64Array, { span }: Reach): void {
    const { least, greatest } = rangeOf(this.memory, time, chunk.rows)
    if (least >= span.first && greatest <= span.last) return
    const row = time.findIndex((at, row) => row < chunk.rows && chunk.holds(row) && (at < span.first || at > span.last))
    if (row < 0) return
    const problem = 'the event time lies outside of what the footer states of its row group: the statistics are wrong'
    throw new BasaltError('data', problem, { row, field: this.parameters.order.time ?? undefined })
  }

  private refuseStrangers(stated: Reach): void {
    const { owners } = this.cells
    const listing = this.entities.keys[this.entities.keys.length - 1]
    const listings = listing.view()
    for (let cell = this.standing; cell < owners.length; cell++) {
      if (stated.mayHold(owners[cell], listings)) continue
      const shown = shownKey(listings, owners[cell])
      const problem = `listing ${shown} is not among those that the footer states of its row group: the statistics are wrong`
      throw new BasaltError('data', problem, { field: listing.spec.name })
    }
  }

  private refuse(chunk: Chunk): void {
    for (const { where, problem, fields } of this.refused) {
      const row = this.held(chunk, where).subarray(0, chunk.rows).indexOf(1)
      if (row < 0) continue
      const shown = fields.map(name => `${name} = ${shownValue(this.program.column(name), row)}`).join(', ')
      throw new BasaltError('data', `${problem} (${shown})`, { row, field: fields[0] })
    }
  }

  private log(group: SeriesGroup, columns: GrowingColumn[], { index, count }: Selection, order: Order): void {
    const [cell, time, source, number, ...values] = columns
    cell.appendValues(this.slots, index, count)
    time.appendValues(order.time, index, count)
    if (order.source) source.append({ type: 'i64', values: order.source, valid: order.sourceValid }, index, count)
    if (order.number) number.append({ type: 'i64', values: order.number, valid: order.numberValid }, index, count)
    for (const [j, input] of group.inputs.entries()) values[j].appendValues(this.program.f64(input), index, count)
  }

  /** Ends a row group and returns its states as Arrow batches: what crosses threads and is spilled. */
  finish(): Partial {
    this.settle()
    const every = rowNumbers(this.cells.count)
    const known = rowNumbers(this.entities.count)
    const entities = [...this.entities.keys.map(key => grown(key)), ...this.states(this.attributes, 'a', known)]
    const cells = [this.owners(every), this.instants(), ...this.states(this.scalars, 'f', every)]
    return {
      entities: batchFrom(entities, known.length),
      cells: batchFrom(cells, every.length),
      series: this.series.map(({ columns }) => {
        const present = columns.filter(column => column.length === columns[0].length)
        return batchFrom(
          present.map(column => grown(column)),
          columns[0].length,
        )
      }),
      ...this.facts(),
      early: null,
    }
  }

  /** Ends a row group of a stretch: what it finished leaves, what another may touch leaves open or stays. */
  finishPart(part: number, touch: Touch): Partial {
    if (this.stated) this.refuseStrangers(this.stated)
    this.settle()
    const { cells, parameters } = this
    const listing = parameters.entity.length - 1
    const fates = touch.fates(part, cells.owners, cells.labels, this.entities.keys[listing])
    const [done, kept, open] = [FATE.done, FATE.kept, FATE.open].map(fate => cellsOf(fates, fate))
    const bars = [this.owners(done), this.labels(done), ...this.scalars.map(each => this.read(each, done))]
    const shared = [this.owners(open), this.labels(open), ...this.states(this.scalars, 'f', open)]
    const first = this.told
    this.told = this.entities.count
    const partial: Partial = {
      entities: batchFrom(
        this.entities.keys.map(key => grown(key, first)),
        this.told - first,
      ),
      cells: batchFrom(shared, open.length),
      series: [],
      ...this.facts(),
      early: { part, changed: this.changed(), bars: batchFrom(bars, done.length) },
    }
    const known = cells.count
    cells.keep(kept, kept.length)
    for (const each of this.scalars) each.keep(kept, kept.length, known)
    this.rows = 0
    this.counters.fill(0)
    return partial
  }

  private settle(): void {
    const every = rowNumbers(this.cells.count)
    for (const each of this.scalars) each.settle(every)
    for (const each of this.attributes) each.settle(rowNumbers(this.entities.count))
  }

  private facts(): Pick<Partial, 'rows' | 'counters' | 'nonFinite'> {
    return { rows: this.rows, counters: [...this.counters], nonFinite: {} }
  }

  private states(folds: readonly Folding[], prefix: string, slots: Int32Array): Made[] {
    return folds.flatMap(each => each.columns(prefix, slots, slots.length))
  }

  /** Reads the values of finished cells. */
  private read(each: Folding, cells: Int32Array): Made {
    const { kernel, dictionary: words, whole: state, scalar } = each
    const column = readStates({ kernel, state, words }, cells, (cell, error) => this.faultAt(cell, scalar.input, error))
    return { spec: { name: `f${scalar.fold}`, type: column.type }, column }
  }

  private faultAt(cell: number, input: Expr | null, error: unknown): unknown {
    const columns = this.entities.keys.map(key => ({ name: key.spec.name, column: key.view() }))
    const { bucket } = this.parameters
    return cellFault(columns, this.cells.owners[cell], bucket, this.instantOf(cell), input ? [input] : [], error)
  }

  /** Lists the states of attributes, of entities in which one of them changed since they were last asked for. */
  private changed(): RecordBatch {
    const { attributes, sent } = this
    const fresh: number[] = []
    for (let entity = 0; entity < this.entities.count; entity++) {
      let differs = false
      for (const [a, { whole }] of attributes.entries()) {
        const { time, conflict, value } = whole
        if (Number.isNaN(time[entity])) continue
        const last = sent[a][entity]
        if (last && last.time === time[entity] && last.conflict === conflict[entity] && last.value === value[entity])
          continue
        sent[a][entity] = { time: time[entity], conflict: conflict[entity], value: value[entity] }
        differs = true
      }
      if (differs) fresh.push(entity)
    }
    const slots = Int32Array.from(fresh)
    const entity: Made = { spec: { name: 'entity', type: 'i32' }, column: { type: 'i32', values: slots, valid: null } }
    return batchFrom([entity, ...this.states(attributes, 'a', slots)], slots.length)
  }

  private owners(cells: Int32Array): Made {
    const values = new Int32Array(cells.length)
    pick(this.cells.owners, cells, cells.length, values)
    return { spec: { name: 'entity', type: 'i32', nullable: false }, column: { type: 'i32', values, valid: null } }
  }

  /** Returns cells' labels in ns after midnight. */
  private labels(cells: Int32Array): Made {
    const values = new Float64Array(cells.length)
    pick(this.cells.labels, cells, cells.length, values)
    return { spec: { name: 'label', type: 'f64', nullable: false }, column: { type: 'f64', values, valid: null } }
  }

  /** Returns all cells' labels as instants. */
  private instants(): Made {
    const { owners, labels } = this.cells
    const days = this.days()
    const values = new BigInt64Array(owners.length)
    let day = Number.NaN
    let midnight = 0n
    for (let cell = 0; cell < values.length; cell++) {
      const own = days ? days[owners[cell]] : 0
      if (own !== day) {
        day = own
        midnight = BigInt(day * MS_PER_DAY) * 1_000_000n
      }
      values[cell] = midnight + BigInt(labels[cell])
    }
    return { spec: { name: 'label', type: 'ts', nullable: false }, column: { type: 'ts', values, valid: null } }
  }

  private instantOf(cell: number): bigint {
    const { owners, labels } = this.cells
    const days = this.days()
    return BigInt((days ? days[owners[cell]] : 0) * MS_PER_DAY) * 1_000_000n + BigInt(labels[cell])
  }

  private days(): Int32Array | null {
    const date = this.parameters.entity.findIndex(({ type }) => type === 'date')
    return date < 0 ? null : (this.entities.keys[date].view().values as Int32Array)
  }

  free(): void {
    this.program.free()
    this.offsets.free()
    this.labelled?.free()
    this.entities.free()
    this.cells.free()
    for (const each of [...this.scalars, ...this.attributes]) each.free()
    for (const { selection } of this.selections.values()) this.memory.free(selection.index)
    for (const array of [this.all, this.slots, this.taken.index]) if (array.length > 0) this.memory.free(array)
    if (this.mask.length > 0) this.memory.free(this.mask)
  }
}

function bucketsOf({ rule, bucket }: AggregateParameters): Buckets {
  const byDay = { mode: 'day', width: 1, anchor: 'start', closed: 'left', dayLabel: 0 } as const
  if (!rule) return bucket === null ? byDay : { ...byDay, mode: 'instant' }
  const { mode, width, anchor, closed } = rule
  return {
    mode: mode === 'sparse_digitised' ? 'width' : mode === 'sparse_original' ? 'instant' : 'day',
    width,
    anchor,
    closed,
    dayLabel: anchor === 'end' ? NS_PER_DAY - 1 : 0,
  }
}

/** Tells that no row can meet a condition: without the columns it needs, a check costs no pass over the rows. */
function never(where: Expr): boolean {
  if (where.op === 'not') return where.args[0].op === 'true'
  return where.op === 'and' && where.args.some(never)
}

interface Made {
  spec: ColumnSpec
  column: Column
}

function grown(key: GrowingColumn, from = 0): Made {
  const column = key.view()
  if (from === 0) return { spec: key.spec, column }
  const values = column.values.subarray(from)
  return { spec: key.spec, column: { ...column, values, valid: column.valid?.subarray(from) ?? null } as Column }
}

function batchFrom(columns: readonly Made[], rows: number): RecordBatch {
  return batchOf(
    columns.map(each => each.spec),
    columns.map(each => each.column),
    rows,
  )
}

function cellsOf(fates: Uint8Array, fate: number): Int32Array {
  const cells = new Int32Array(fates.length)
  let count = 0
  for (let cell = 0; cell < fates.length; cell++) if (fates[cell] === fate) cells[count++] = cell
  return cells.subarray(0, count)
}

function shownValue(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  return column.type === 'str' ? `'${column.dictionary.words[column.values[row]]}'` : String(column.values[row])
}
