import { type Column, type Frame, frameColumn, KeyTable } from '../core/index.js'

/** How the listings of a result differ from those of its source. Null, where rows have no listing, counts as one. */
export interface ListingChange {
  before: number
  after: number
  /** Listings that the result lacks, and those that only it has, in the order in which they were met. */
  lost: string[]
  added: string[]
}

/** Compares the distinct listings of a source, frame by frame, with those of a result. */
export async function listingChange(source: AsyncIterable<Frame>, result: Frame): Promise<ListingChange> {
  const after = frameColumn(result, 'ListingId')
  const table = new KeyTable([{ name: 'ListingId', type: after.type }])
  for await (const frame of source) table.resolve([frameColumn(frame, 'ListingId')], frame.rows)
  const before = table.count
  const numbers = table.resolve([after], result.rows)
  const kept = new Uint8Array(table.count)
  for (let i = 0; i < numbers.length; i++) kept[numbers[i]] = 1
  const names = table.keys[0].view()
  const lost: string[] = []
  const added: string[] = []
  for (let listing = 0; listing < table.count; listing++) {
    if (listing >= before) added.push(nameOf(names, listing))
    else if (!kept[listing]) lost.push(nameOf(names, listing))
  }
  return { before, after: before - lost.length + added.length, lost, added }
}

function nameOf(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}
