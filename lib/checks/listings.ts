import { type Column, type Frame, frameColumn, KeyTable } from '../core/index.js'

/** How the listings of a result differ from those of its source. Null, where rows have no listing, counts as one. */
export interface ListingChange {
  before: number
  after: number
  /** Listings that the result lacks, and those that only it has, in the order in which they were met. */
  lost: string[]
  added: string[]
}

/** Compares the distinct listings of a source with those of a result, both frame by frame. */
export async function listingChange(source: AsyncIterable<Frame>, result: Iterable<Frame>): Promise<ListingChange> {
  let table: KeyTable | undefined
  const numbersOf = (frame: Frame) => {
    const listings = frameColumn(frame, 'ListingId')
    table ??= new KeyTable([{ name: 'ListingId', type: listings.type }])
    return table.resolve([listings], frame.rows)
  }
  for await (const frame of source) numbersOf(frame)
  const before = table?.count ?? 0
  let kept = new Uint8Array(before)
  for (const frame of result) {
    const numbers = numbersOf(frame)
    kept = grown(kept, table?.count ?? 0)
    for (let i = 0; i < numbers.length; i++) kept[numbers[i]] = 1
  }
  if (!table) return { before: 0, after: 0, lost: [], added: [] }
  const names = table.keys[0].view()
  const lost: string[] = []
  const added: string[] = []
  for (let listing = 0; listing < table.count; listing++) {
    if (listing >= before) added.push(nameOf(names, listing))
    else if (!kept[listing]) lost.push(nameOf(names, listing))
  }
  return { before, after: before - lost.length + added.length, lost, added }
}

function grown(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}

function nameOf(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}
