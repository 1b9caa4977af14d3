import {
  type AggregateParameters,
  type Column,
  type Frame,
  frameColumn,
  KeyTable,
  type Listing,
  type Partial,
  pick,
} from '../core/index.js'
import { AttributeTable } from '../fold/attributes.js'

/**
 * Knows of which listings the rows of a date were, whether or not they made a bar, and what their attributes are.
 * Numbers of entities say nothing: they are given to all that a file's dictionary names. An attribute that every row
 * has, `presence`, tells which have rows.
 */
export class SeenListings {
  private readonly entities: KeyTable
  private readonly attributes: AttributeTable[]
  private readonly columns = new Map<string, Column>()
  private readonly present = new Set<number>()
  private fresh: number[] = [] // entities whose first row has come since they were last asked for
  private readonly numbers = new Map<string, number[]>() // of a stretch's entities

  constructor(
    private readonly parameters: AggregateParameters,
    private readonly presence: number,
  ) {
    this.entities = new KeyTable(parameters.entity)
    this.attributes = parameters.attributes.map((attribute, i) => new AttributeTable(attribute, i))
  }

  /** Takes in what a part left; `stretch` names the stretch that it was folded in. */
  add(stretch: string, part: number, { entities, early }: Partial): void {
    const columns = this.parameters.entity.map(({ name }) => frameColumn(entities, name))
    const numbers = this.entities.resolve(columns, entities.rows)
    if (!early) return this.merge(entities, numbers, part)
    const known = this.numbers.get(stretch) ?? []
    this.numbers.set(stretch, known)
    for (const number of numbers) known.push(number)
    const { changed } = early
    const owners = new Int32Array(changed.rows)
    pick(Int32Array.from(known), frameColumn(changed, 'entity').values as Int32Array, owners.length, owners)
    this.merge(changed, owners, part)
  }

  private merge(states: Frame, owners: Int32Array, part: number): void {
    for (const each of this.attributes) each.merge(states, owners, part)
    this.columns.clear()
    const times = frameColumn(states, `a${this.presence}.time`).values as Float64Array
    for (let row = 0; row < owners.length; row++) {
      if (Number.isNaN(times[row]) || this.present.has(owners[row])) continue
      this.present.add(owners[row])
      this.fresh.push(owners[row])
    }
  }

  /** Returns the listings whose first row has come since this was last asked. */
  takeFresh(): { day: number; listing: Listing }[] {
    const fresh = this.fresh.map(entity => this.keyOf(entity))
    this.fresh = []
    return fresh
  }

  /** Returns the number of a listing that has rows on a day, -1 of one that has none. */
  find(day: number, listing: Listing): number {
    const column: Column =
      typeof listing === 'string'
        ? { type: 'str', values: new Int32Array(1), valid: null, dictionary: { words: [listing] } }
        : { type: 'i64', values: BigInt64Array.of(listing), valid: null }
    const [entity] = this.entities.resolve([{ type: 'date', values: Int32Array.of(day), valid: null }, column], 1)
    return this.present.has(entity) ? entity : -1
  }

  /** Returns an attribute of a listing that was found, null where no row has it. */
  attribute(name: string, entity: number): string | bigint | null {
    let column = this.columns.get(name)
    if (!column) {
      const table = this.attributes.find(({ attribute }) => attribute.name === name && attribute.once === undefined)
      if (!table) return null
      this.columns.set(name, (column = table.column(this.entities.count)))
    }
    if (entity >= column.values.length || (column.valid && !column.valid[entity])) return null
    return column.type === 'str' ? column.dictionary.words[column.values[entity]] : (column.values[entity] as bigint)
  }

  private keyOf(entity: number): { day: number; listing: Listing } {
    const [days, listings] = this.entities.keys.map(key => key.view())
    const value = listings.values[entity]
    const listing = listings.type === 'str' ? listings.dictionary.words[value as number] : (value as bigint)
    return { day: days.values[entity] as number, listing }
  }
}
