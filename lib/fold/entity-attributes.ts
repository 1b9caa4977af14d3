import type { Order, Program } from '../core/index.js'
import { anyEarly, type EntityMarks, type EntityRows, type Memory } from '../wasm/index.js'
import { AttributeFold } from './attribute-fold.js'
import type { Made } from './made.js'
import type { ScalarFold } from './series-log.js'

/** Folds the attributes of entities: of each the first value by total order, and whether a second one came. */
export class EntityAttributes {
  private readonly each: AttributeFold[]
  private marks: EntityMarks
  private known = 0

  constructor(
    attributes: readonly ScalarFold[],
    private readonly memory: Memory,
  ) {
    this.each = attributes.map(scalar => new AttributeFold(scalar, memory))
    this.marks = { touched: memory.u8(1024).fill(0), since: memory.f64(1024).fill(Number.NaN) }
  }

  /** Folds rows of a chunk; `known` is how many entities there are by now. */
  update(program: Program, rows: EntityRows, order: Order, known: number): void {
    if (this.each.length === 0) return
    this.reserve(known)
    // Files mostly rise in time: then only values matter, but for rows that tie with the first of an entity.
    const watch = anyEarly(this.memory, rows, order.time, this.marks.since)
    for (const each of this.each) each.update(program, rows, order, known, this.marks, watch)
  }

  /** Lists the entities, ascending, of which an attribute has changed since this was last asked. */
  changed(): Int32Array {
    const { touched } = this.marks
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
    const { memory, marks } = this
    if (known <= marks.touched.length) return
    const size = Math.max(known, marks.touched.length * 2)
    const grown = { touched: memory.u8(size).fill(0), since: memory.f64(size).fill(Number.NaN) }
    grown.touched.set(marks.touched)
    grown.since.set(marks.since)
    this.freeMarks()
    this.marks = grown
  }

  private freeMarks(): void {
    this.memory.free(this.marks.touched)
    this.memory.free(this.marks.since)
  }

  free(): void {
    for (const each of this.each) each.free()
    this.freeMarks()
  }
}
