import { crc32 } from 'node:zlib'
import { Random } from '../../../operators/simulation/random.js'
import { assembled, copyOf, laidOut, metaOf, PAGE, type Parts, resealed } from './anatomy.js'
import { mutateBody } from './bodies.js'
import { mutateField, placesIn } from './fields.js'
import { mutateFooter } from './footers.js'
import { OWN_SEEDS, type Seed } from './seeds.js'
import { splice } from './splices.js'
import { setField } from './struct.js'
import { I32 } from './thrift.js'

type Kind = 'body' | 'header' | 'footer' | 'splice'
const KINDS: Kind[] = [
  'body',
  'body',
  'body',
  'body',
  'header',
  'header',
  'header',
  'footer',
  'footer',
  'footer',
  'splice',
]

/**
 * Makes one mutant: the same bytes for the same seed file and mutation number, whatever was made before. One to four
 * changes; sizes, offsets and checksums behind a change are repaired in seven mutants out of eight, so that readers
 * get as far as the change.
 */
export function mutantOf(seed: Seed, seeds: readonly Seed[], mutation: number): Buffer {
  const random = new Random(0x3071a7e, seed.number, mutation)
  if (!seed.parts || seed.parts.chunks.length === 0 || random.chance(0.05)) return roughly(random, seed.bytes)
  const parts = copyOf(seed.parts)
  const kinds = Array.from({ length: Math.min(4, 1 + random.geometric(0.65)) }, () => random.pick(KINDS))
  const count = (kind: Kind) => kinds.filter(each => each === kind).length
  const repairs = random.chance(0.875)

  for (let i = 0; i < count('splice'); i++) splice(random, parts, donorOf(random, seeds, parts))
  const checked = random.chance(0.08)
  const pages = parts.chunks.flatMap(chunk => chunk.pages.map(page => ({ page, chunk })))
  if (checked) for (const { page } of pages) setField(page.header, PAGE.crc, I32, BigInt(crc32(page.body) | 0))
  for (let i = 0; i < count('body') && pages.length > 0; i++) {
    const { page, chunk } = random.pick(pages)
    mutateBody(random, page, metaOf(parts.footer, chunk))
    if (repairs) resealed(page)
  }
  for (let i = 0; i < count('header') && pages.length > 0; i++)
    mutateField(random, placesIn(random.pick(pages).page.header))
  const before = repairs ? undefined : copyOf(parts).footer
  const blocks = laidOut(parts)
  const footer = before ?? parts.footer
  for (let i = 0; i < count('footer'); i++) mutateFooter(random, footer)
  const bytes = assembled(blocks, footer)
  return random.chance(0.02) ? roughly(random, bytes) : bytes
}

/** Donors are seeds that are always there, so that a mutant does not depend on shared data. */
function donorOf(random: Random, seeds: readonly Seed[], own: Parts): Parts {
  return seeds[random.below(OWN_SEEDS)].parts ?? own
}

/** Changes the bytes of a file without regard to what they are. */
function roughly(random: Random, file: Uint8Array): Buffer {
  const bytes = Buffer.from(file)
  const at = random.below(bytes.length)
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1: // cut in front of the footer's tail: the length then points elsewhere
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.below(64)))])
    case 2:
      bytes[bytes.length - 8 + random.below(8)] = random.below(256)
      return bytes
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length))])
    default:
      for (let i = 0; i <= random.below(4); i++) bytes[random.below(bytes.length)] = random.below(256)
      return bytes
  }
}
