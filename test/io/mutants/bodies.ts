import type { Random } from '../../../operators/simulation/random.js'
import { META, PAGE, type PagePart } from './anatomy.js'
import { mutatedBytes } from './fields.js'
import { packed, unpacked } from './packing.js'
import { intOf, setField, structOf } from './struct.js'
import { I32, putVarint, type Struct } from './thrift.js'

const HOT_BYTES = 12 // level lengths, run headers, bit widths and delta headers all lie this near to a section's start
const SECOND = { defined: 5, repeated: 6, compressed: 7 } as const

/**
 * Changes bytes of a page: mostly within its unpacked sections and near their starts, packed again so that a reader gets
 * as far as the change; else in the packed bytes. The header then states the new unpacked size, with exceptions.
 */
export function mutateBody(random: Random, page: PagePart, meta: Struct | undefined): void {
  const codec = (meta && intOf(meta, META.codec)) ?? 0
  const levels = levelsOf(page)
  const front = Buffer.from(page.body.subarray(0, levels))
  const stored = page.body.subarray(levels)
  const compressed = secondOf(page)?.fields.find(field => field.id === SECOND.compressed)?.value !== false
  const own = compressed ? codec : 0
  const size = (intOf(page.header, PAGE.uncompressed) ?? 0) - levels
  const plain = random.chance(0.12) ? undefined : unpacked(own, stored, Math.max(0, size))
  if (!plain) {
    page.body = mutatedBytes(random, page.body)
    return
  }
  if (front.length > 0 && random.chance(0.4)) {
    page.body = Buffer.concat([edited(random, front, 0), stored])
    if (random.chance(0.9)) noteLevels(page, page.body.length - stored.length)
    return
  }
  const values = sectionStart(page, plain)
  const changed = edited(random, Buffer.from(plain), random.chance(0.6) ? values : 0)
  page.body = Buffer.concat([front, packed(own, changed)])
  if (random.chance(0.95)) setField(page.header, PAGE.uncompressed, I32, BigInt(levels + changed.length))
}

const secondOf = ({ header }: PagePart) => structOf(header, PAGE.second)

/** Returns how many bytes of levels, never packed, stand in front of a page of the second version. */
function levelsOf(page: PagePart): number {
  const facts = secondOf(page)
  const length = facts ? (intOf(facts, SECOND.defined) ?? 0) + (intOf(facts, SECOND.repeated) ?? 0) : 0
  return Math.min(Math.max(0, length), page.body.length)
}

function noteLevels(page: PagePart, length: number): void {
  const facts = secondOf(page)
  if (facts) setField(facts, SECOND.defined, I32, BigInt(length - (intOf(facts, SECOND.repeated) ?? 0)))
}

/** Returns where values start, if the first bytes are the length of levels. */
function sectionStart(page: PagePart, plain: Uint8Array): number {
  if (page.dictionary || secondOf(page) || plain.length < 4) return 0
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0, true)
  return 4 + length <= plain.length ? 4 + length : 0
}

/** Returns bytes with one change, near the start of a section two times out of three. */
function edited(random: Random, bytes: Buffer, start: number): Buffer {
  const near = start + random.below(HOT_BYTES)
  const at = random.chance(0.66) && near < bytes.length ? near : random.below(Math.max(1, bytes.length))
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (random.below(10)) {
    case 0: // a run header, a size or a count that is another
      return Buffer.concat([head, varint(random), tail.subarray(1)])
    case 1:
      return Buffer.concat([head, tail.subarray(1 + random.below(4))])
    case 2:
      return Buffer.concat([head, Buffer.from([random.below(256)]), tail])
    case 3:
      return head
    case 4:
      return Buffer.concat([bytes, Buffer.alloc(1 + random.below(16), random.below(256))])
    case 5: // a whole number of a section, as string lengths and plain values are
      for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = random.pick([0, 0, 255, random.below(256)])
      return bytes
    default:
      if (at < bytes.length) bytes[at] = byte(random, bytes[at])
      return bytes
  }
}

function byte(random: Random, old: number): number {
  const choices = [
    0,
    1,
    2,
    3,
    8,
    31,
    32,
    33,
    64,
    127,
    128,
    255,
    old + 1,
    old - 1,
    old ^ (1 << random.below(8)),
    random.below(256),
  ]
  return random.pick(choices) & 255
}

function varint(random: Random): Buffer {
  const out: number[] = []
  const bits = random.pick([4, 8, 12, 20, 31, 35, 63])
  putVarint(out, BigInt.asUintN(bits, (BigInt(random.bits()) << 32n) | BigInt(random.bits())))
  return Buffer.from(out)
}
