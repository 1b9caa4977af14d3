import { type Attribute, type Column, type Frame, frameColumn, Interner, translated } from '../core/index.js'

/**
 * What is known of one attribute of the entities of a unit: the first value by total order, wherever and in whatever
 * order row groups were folded.
 */
export class AttributeTable {
  private values: (number | bigint)[] = []
  private times: number[] = []
  private sources: (bigint | null)[] = []
  private numbers: (bigint | null)[] = []
  private parts: number[] = []
  private readonly conflict: boolean[] = []
  private readonly words = new Interner()
  private made: Column | undefined // of all entities, until one changes

  constructor(
    readonly attribute: Attribute,
    private readonly index: number,
  ) {}

  /** Takes in the states of a part's entities; `entities` says which they are. */
  merge(states: Frame, entities: Int32Array, part: number): void {
    const field = (name: string) => frameColumn(states, `a${this.index}.${name}`)
    const [value, time, source, number, nulls, conflict] = [
      'value',
      'time',
      'source',
      'number',
      'nulls',
      'conflict',
    ].map(field)
    const codes = value.type === 'str' ? translated(value.values, value.dictionary, this.words) : null
    for (let row = 0; row < states.rows; row++) {
      const at = time.values[row] as number
      if (Number.isNaN(at)) continue
      const entity = entities[row]
      const own = codes ? codes[row] : (value.values[row] as bigint)
      const known = this.values[entity]
      if (conflict.values[row] || (known !== undefined && known !== own)) this.conflict[entity] = true
      const feed = (nulls.values[row] as number) & 1 ? null : (source.values[row] as bigint)
      const place = (nulls.values[row] as number) & 2 ? null : (number.values[row] as bigint)
      if (known !== undefined && this.compare(entity, at, feed, place, part) >= 0) continue
      this.values[entity] = own
      this.made = undefined
      this.times[entity] = at
      this.sources[entity] = feed
      this.numbers[entity] = place
      this.parts[entity] = part
    }
  }

  private compare(entity: number, time: number, source: bigint | null, number: bigint | null, part: number): number {
    if (time !== this.times[entity]) return time - this.times[entity]
    return byKey(source, this.sources[entity]) || byKey(number, this.numbers[entity]) || part - this.parts[entity]
  }

  /** Tells whether a value is known whose time is before `time`: nothing from then on can be earlier. */
  settledBefore(entity: number, time: number): boolean {
    return this.values[entity] !== undefined && this.times[entity] < time
  }

  hasConflict(entity: number): boolean {
    return this.conflict[entity] === true
  }

  /** Returns the values of the first `count` entities as a column. */
  column(count: number): Column {
    if (this.made?.values.length === count) return this.made
    const valid = new Uint8Array(count).fill(1)
    const values = this.attribute.type === 'str' ? new Int32Array(count) : new BigInt64Array(count)
    let nulls = 0
    for (let entity = 0; entity < count; entity++) {
      const value = this.values[entity]
      if (value === undefined) {
        valid[entity] = 0
        nulls++
      } else values[entity] = value as never
    }
    const present = nulls > 0 ? valid : null
    if (values instanceof BigInt64Array) this.made = { type: 'i64', values, valid: present }
    else {
      if (this.words.words.length === 0) this.words.code('')
      this.made = { type: 'str', values, valid: present, dictionary: this.words.snapshot() }
    }
    return this.made
  }
}

/** Compares two keys, null last. */
function byKey(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : a > b ? 1 : 0
}
