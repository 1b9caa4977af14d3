import type { Order, Program } from '../core/index.js'
import { type EntityRows, entityRuns, type Memory, Scratch } from '../wasm/index.js'
import { AttributeFold } from './attribute-fold.js'
import type { Made } from './made.js'
import type { ScalarFold } from './series-log.js'

/** Folds the attributes of entities: of each the first value by total order, and whether a second one came. */
export class EntityAttributes {
  private readonly each: AttributeFold[]
  private touched: Uint8Array // by entity: 1 where a state has changed
  private known = 0
  private readonly starts: Scratch<Int32Array>
  private readonly rests: Scratch<Float64Array>

  constructor(
    attributes: readonly ScalarFold[],
    private readonly memory: Memory,
  ) {
    this.each = attributes.map(scalar => new AttributeFold(scalar, memory))
    this.starts = new Scratch(memory, n => memory.i32(n))
    this.rests = new Scratch(memory, n => memory.f64(n))
    this.touched = memory.u8(1024).fill(0)
  }

  /**
   * Folds rows of a chunk, those that are `kept`; `known` is how many entities there are by now. Stretches of rows of one
   * entity go over rows that were dropped: those mostly agree, too, and would cut them short.
   */
  update(program: Program, rows: EntityRows, kept: Uint8Array | null, order: Order, known: number): void {
    if (this.each.length === 0) return
    this.reserve(known)
    const { memory, starts, rests, touched } = this
    const runs = entityRuns(memory, rows, order.time, starts.of(rows.count + 1), rests.of(rows.count))
    for (const each of this.each) each.update(program, runs, kept, order, known, touched)
  }

  /** Lists the entities, ascending, of which an attribute has changed since this was last asked. */
  changed(): Int32Array {
    const { touched } = this
    const changed = new Int32Array(this.known)
    let count = 0
    for (let entity = 0; entity < this.known; entity++) {
      if (!touched[entity]) continue
      touched[entity] = 0
      changed[count++] = entity
    }
    return changed.subarray(0, count)
  }

  /** Returns the states of listed entities as columns of a partial, named `a{i}.{field}`. */
  states(entities: Int32Array): Made[] {
    return this.each.flatMap(each => each.states(entities))
  }

  private reserve(known: number): void {
    this.known = known
    const { memory, touched } = this
    if (known <= touched.length) return
    this.touched = memory.u8(Math.max(known, touched.length * 2)).fill(0)
    this.touched.set(touched)
    memory.free(touched)
  }

  free(): void {
    for (const each of this.each) each.free()
    this.memory.free(this.touched)
    this.starts.close()
    this.rests.close()
  }
}
