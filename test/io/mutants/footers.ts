import type { Random } from '../../../operators/simulation/random.js'
import { CHUNK, FILE, GROUP, META } from './anatomy.js'
import { mutatedInteger, mutateField, type Place, placesIn } from './fields.js'
import { dropFields, fieldOf, intOf, setField, structOf, structsOf } from './struct.js'
import { BYTE, I32, I64, STRUCT, type Struct, TRUE } from './thrift.js'

const ELEMENT = { type: 1, length: 2, repetition: 3, converted: 6, scale: 7, precision: 8, logical: 10 } as const
const STATISTICS = 12

/** Changes one thing in a footer, each of its parts about as often as the others however many fields it has. */
export function mutateFooter(random: Random, footer: Struct): void {
  const elements = structsOf(footer, FILE.schema)
  const groups = structsOf(footer, FILE.rowGroups)
  const metas = groups.flatMap(group =>
    structsOf(group, GROUP.columns).flatMap(chunk => structOf(chunk, CHUNK.meta) ?? []),
  )
  if (elements.length < 2 || metas.length === 0) return mutateField(random, placesIn(footer))
  const meta = random.pick(metas)
  const element = 1 + random.below(elements.length - 1)
  const statistics = structOf(meta, STATISTICS)
  const dice = random.uniform()
  if (dice < 0.12) mutateField(random, placesIn(elements[element]))
  else if (dice < 0.2) annotate(random, elements[element])
  else if (dice < 0.26) retype(random, elements[element], groups, element - 1)
  else if (dice < 0.3) setField(elements[element], ELEMENT.repetition, I32, BigInt(random.below(4)))
  else if (dice < 0.45 && statistics) mutateField(random, placesIn(statistics))
  else if (dice < 0.72)
    mutateField(
      random,
      placesIn(meta).filter(place => !within(statistics, place)),
    )
  else if (dice < 0.8) mutateField(random, direct(random.pick(groups)))
  else if (dice < 0.86) mutateField(random, direct(footer))
  else if (dice < 0.92) exchange(random, metas)
  else mutateField(random, placesIn(footer))
}

const direct = (struct: Struct): Place[] => struct.fields.map(field => ({ owner: struct, field }))
const within = (part: Struct | undefined, place: Place) =>
  part !== undefined && placesIn(part).some(each => each.field === place.field)

const struct = (...fields: Struct['fields']): Struct => ({ kind: 'struct', fields })
const number = (id: number, value: number) => ({ id, type: I32, value: BigInt(value) })
const flag = (id: number, value: boolean) => ({ id, type: TRUE, value })
const member = (id: number, value: Struct) => ({ id, type: STRUCT, value })

/** Gives a column another annotation, old, new or both, that may or may not fit its physical type. */
function annotate(random: Random, element: Struct): void {
  const unit = member(2, struct(member(1 + random.below(3), struct())))
  const logical = random.pick([
    member(1, struct()), // STRING
    member(4, struct()), // ENUM
    member(5, struct(number(1, random.below(12)), number(2, 1 + random.below(38)))), // DECIMAL
    member(6, struct()), // DATE
    member(7, struct(flag(1, random.chance(0.5)), unit)), // TIME
    member(8, struct(flag(1, random.chance(0.5)), unit)), // TIMESTAMP
    member(8, struct(flag(1, random.chance(0.5)), unit)),
    member(10, struct({ id: 1, type: BYTE, value: BigInt(random.pick([8, 16, 32, 64])) }, flag(2, random.chance(0.5)))),
    member(11 + random.below(6), struct()), // UNKNOWN, JSON, BSON, UUID, FLOAT16, VARIANT
  ])
  if (random.chance(0.5)) dropFields(element, ELEMENT.converted, ELEMENT.logical)
  if (random.chance(0.6)) setField(element, ELEMENT.logical, STRUCT, struct(logical))
  if (random.chance(0.5)) setField(element, ELEMENT.converted, I32, BigInt(random.below(22)))
  if (random.chance(0.3)) setField(element, ELEMENT.scale, I32, mutatedInteger(random, 2n, I32))
  if (random.chance(0.3)) setField(element, ELEMENT.precision, I32, mutatedInteger(random, 9n, I32))
}

/** Gives a column another physical type, in the schema and in its chunks: the pages then hold bytes of the old one. */
function retype(random: Random, element: Struct, groups: Struct[], column: number): void {
  const type = BigInt(random.below(8))
  setField(element, ELEMENT.type, I32, type)
  if (type === 7n || random.chance(0.1))
    setField(element, ELEMENT.length, I32, BigInt(random.pick([0, 1, 2, 4, 8, 12, 16, 40])))
  if (random.chance(0.7)) dropFields(element, ELEMENT.converted, ELEMENT.logical)
  for (const group of groups) {
    const chunk = structsOf(group, GROUP.columns)[column]
    const meta = chunk && structOf(chunk, CHUNK.meta)
    if (meta) setField(meta, META.type, I32, type)
  }
}

/** Lets two chunks change places, or one take a size, count or codec of the other. */
function exchange(random: Random, metas: Struct[]): void {
  const [a, b] = [random.pick(metas), random.pick(metas)]
  const ids = random.pick([
    [META.data, META.dictionary, META.compressed],
    [META.codec],
    [META.numValues],
    [META.compressed],
    [META.data],
  ])
  for (const id of ids) {
    const [left, right] = [intOf(a, id), fieldOf(b, id)]
    if (right !== undefined) setField(a, id, id === META.codec ? I32 : I64, right)
    if (left !== undefined && random.chance(0.5)) setField(b, id, id === META.codec ? I32 : I64, BigInt(left))
  }
}
