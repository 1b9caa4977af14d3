import type { Order, Program } from '../core/index.js'
import { type EntityRows, firstEarly, type Memory } from '../wasm/index.js'
import { AttributeFold } from './attribute-fold.js'
import type { Made } from './made.js'
import type { ScalarFold } from './series-log.js'

const MOST_CHANGES = 256 // of a chunk, before looking for them costs more than it saves

/**
 * Folds the attributes of entities: of each the first value by total order, and whether a second one came. Rows that
 * change nothing, which are nearly all, are passed over in WebAssembly.
 */
export class EntityAttributes {
  private readonly each: AttributeFold[]
  private since: Float64Array // by entity: the latest of its attributes' times, NaN while it has none
  private readonly touched = new Set<number>() // entities that may have changed since they were last asked for

  constructor(
    attributes: readonly ScalarFold[],
    private readonly memory: Memory,
  ) {
    this.each = attributes.map(scalar => new AttributeFold(scalar, memory))
    this.since = memory.f64(1024).fill(Number.NaN)
  }

  /** Folds rows of a chunk; `known` is how many entities there are by now. */
  update(program: Program, rows: EntityRows, order: Order, known: number): void {
    this.reserve(known)
    const { each, memory } = this
    const { index, count, entities } = rows
    for (const attribute of each) attribute.start(program, rows, order, known)
    const places = each.map(attribute => attribute.next(0))
    for (let changes = 0, from = 0; from < count; changes++) {
      for (let a = 0; a < each.length; a++) if (places[a] < from) places[a] = each[a].next(from)
      const place = Math.min(firstEarly(memory, rows, from, order.time, this.since), ...places)
      if (place === count) return
      from = changes < MOST_CHANGES ? place + 1 : count
      this.fold(index.subarray(place, from), entities)
    }
  }

  /** Folds listed rows, whatever they change. */
  private fold(index: Int32Array, entities: Int32Array): void {
    for (const attribute of this.each) attribute.fold(index)
    for (const row of index) this.touched.add(entities[row])
    const changed = index.length === 1 ? [entities[index[0]]] : new Set(index.map(row => entities[row]))
    for (const entity of changed) {
      let since = Number.NaN
      for (const attribute of this.each) {
        const time = attribute.refresh(entity)
        if (!(time <= since) && !Number.isNaN(time)) since = time
      }
      this.since[entity] = since
    }
  }

  /** Lists the entities, ascending, of which an attribute may have changed since this was last asked. */
  changed(): Int32Array {
    const changed = Int32Array.from(this.touched).sort()
    this.touched.clear()
    return changed
  }

  /** Returns the states of listed entities as columns of a partial, named `a{i}.{field}`. */
  states(entities: Int32Array): Made[] {
    return this.each.flatMap(({ folding }) => folding.columns('a', entities, entities.length))
  }

  private reserve(known: number): void {
    if (known <= this.since.length) return
    const grown = this.memory.f64(Math.max(known, this.since.length * 2)).fill(Number.NaN)
    grown.set(this.since)
    this.memory.free(this.since)
    this.since = grown
  }

  free(): void {
    for (const attribute of this.each) attribute.free()
    this.memory.free(this.since)
  }
}
