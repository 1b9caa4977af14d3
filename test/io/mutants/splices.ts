import type { Random } from '../../../operators/simulation/random.js'
import { type ChunkPart, FILE, GROUP, META, metaOf, PAGE, type PagePart, type Parts } from './anatomy.js'
import { copied, fieldOf, intOf, setField, structOf, structsOf } from './struct.js'
import { I32, I64 } from './thrift.js'

/** Moves whole pages: doubles, drops, exchanges them, or takes them from another file. */
export function splice(random: Random, parts: Parts, donor: Parts): void {
  const chunk = random.pick(parts.chunks)
  const other = random.pick(random.chance(0.5) ? parts.chunks : donor.chunks)
  if (!chunk || !other || chunk.pages.length === 0 || other.pages.length === 0) return
  const { pages } = chunk
  const at = random.below(pages.length)
  switch (random.below(7)) {
    case 0:
      pages.splice(at, 0, pageOf(pages[at]))
      break
    case 1:
      pages.splice(at, 1)
      break
    case 2:
      pages.reverse()
      break
    case 3:
      pages[at] = pageOf(random.pick(other.pages))
      break
    case 4: // the other chunk's dictionary or rows, in the place of its own
      chunk.pages = pages.map((page, i) => (other.pages[i] && random.chance(0.5) ? pageOf(other.pages[i]) : page))
      break
    case 5:
      chunk.pages = other.pages.map(pageOf)
      takeMeta(parts, chunk, donor.chunks.includes(other) ? donor : parts, other)
      break
    default:
      pages.push(pageOf(random.pick(other.pages)))
  }
  if (random.chance(0.5)) recount(parts, chunk)
}

const pageOf = (page: PagePart): PagePart => ({ ...page, header: copied(page.header) })

/** Takes over what is needed to read another chunk's pages: codec, type, in the chunk and in the schema. */
function takeMeta(parts: Parts, chunk: ChunkPart, from: Parts, other: ChunkPart): void {
  const [to, source] = [metaOf(parts.footer, chunk), metaOf(from.footer, other)]
  const element = structsOf(parts.footer, FILE.schema)[1 + chunk.column]
  if (!to || !source || !element) return
  for (const id of [META.codec, META.type]) setField(to, id, I32, fieldOf(source, id)!)
  setField(element, 1, I32, fieldOf(source, META.type)!)
}

/** Makes the footer state as many values as the pages of a chunk do, and the row group as many rows. */
function recount({ footer }: Parts, chunk: ChunkPart): void {
  const group = structsOf(footer, FILE.rowGroups)[chunk.group]
  const meta = metaOf(footer, chunk)
  if (!meta) return
  const rows = chunk.pages.reduce((sum, page) => sum + valuesOf(page), 0)
  setField(meta, META.numValues, I64, BigInt(rows))
  if (structsOf(group, GROUP.columns).length === 1) setField(group, GROUP.numRows, I64, BigInt(rows))
}

function valuesOf({ header }: PagePart): number {
  const facts = structOf(header, PAGE.data) ?? structOf(header, PAGE.second)
  return (facts && intOf(facts, 1)) ?? 0
}
