import type { Random } from '../../../operators/simulation/random.js'
import { BYTE, type Field, I32, type Sequence, type Struct, type Thrift } from './thrift.js'

/** A field with the struct that holds it. */
export interface Place {
  owner: Struct
  field: Field
}

/** Returns every field of a struct and of all below it. */
export function placesIn(struct: Struct): Place[] {
  const places: Place[] = []
  const visit = (value: Thrift): void => {
    if (typeof value !== 'object' || value instanceof Uint8Array) return
    if (value.kind === 'list') for (const item of value.items) visit(item)
    else
      for (const field of value.fields) {
        places.push({ owner: value, field })
        visit(field.value)
      }
  }
  visit(struct)
  return places
}

/** Changes one field of a struct or of one below it: nearly always its value, else its presence, id or type. */
export function mutateField(random: Random, places: readonly Place[]): void {
  if (places.length === 0) return
  const { owner, field } = random.pick(places)
  const dice = random.uniform()
  if (dice < 0.06) owner.fields = owner.fields.filter(each => each !== field)
  else if (dice < 0.08) field.id = random.below(20)
  else field.value = mutated(random, field.value, field.type)
}

function mutated(random: Random, value: Thrift, type: number): Thrift {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'bigint') return mutatedInteger(random, value, type)
  if (value instanceof Uint8Array) return mutatedBytes(random, value)
  if (value.kind === 'list') return mutatedList(random, value)
  return { kind: 'struct', fields: random.chance(0.5) ? value.fields.slice(1) : [] }
}

/** Returns a number where readers err: ends of ranges, neighbours, small codes, one bit away, anything. */
export function mutatedInteger(random: Random, value: bigint, type: number): bigint {
  const bits = type === BYTE ? 8 : type === I32 ? 32 : 64
  const top = 1n << BigInt(bits - 1)
  const choices: (() => bigint)[] = [
    () => 0n,
    () => BigInt(1 + random.below(9)),
    () => BigInt(1 + random.below(9)),
    () => -1n,
    () => value + 1n,
    () => value - 1n,
    () => value + BigInt(random.below(64) - 32),
    () => value * 2n,
    () => value / 2n,
    () => -value,
    () => value ^ (1n << BigInt(random.below(bits))),
    () => top - 1n,
    () => -top,
    () => 1n << BigInt(random.below(bits)),
    () => BigInt(random.bits()),
  ]
  return BigInt.asIntN(bits, random.pick(choices)())
}

/** Returns bytes with one change: a byte, a bit, the length, or all of them. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes)
  const at = random.below(Math.max(1, bytes.length))
  switch (random.below(7)) {
    case 0:
      return copy.subarray(0, at)
    case 1:
      return Buffer.concat([copy, Buffer.from('x')])
    case 2:
      return Buffer.alloc(0)
    case 3:
      return Buffer.concat([copy.subarray(0, at), Buffer.from([random.below(256)]), copy.subarray(at)])
    case 4:
      return Buffer.from(Array.from({ length: bytes.length }, () => random.below(256)))
    default:
      if (copy.length > 0) copy[at] = random.chance(0.5) ? copy[at] ^ (1 << random.below(8)) : random.below(256)
      return copy
  }
}

function mutatedList(random: Random, list: Sequence): Sequence {
  const items = [...list.items]
  const [a, b] = [random.below(Math.max(1, items.length)), random.below(Math.max(1, items.length))]
  switch (random.below(4)) {
    case 0:
      items.splice(a, 1)
      break
    case 1:
      if (items.length > 0) items.splice(b, 0, items[a])
      break
    case 2:
      if (items.length > 0) [items[a], items[b]] = [items[b], items[a]]
      break
    default:
      return { ...list, element: random.chance(0.2) ? random.below(13) : list.element, items: items.slice(0, a) }
  }
  return { ...list, items }
}
