import type { ColumnBinding, DataFile, Hint, Wanted } from '../../core/dataset.js'
import { mayMeet } from '../../core/may-meet.js'
import { knownInRowGroup, knownOf } from './known.js'
import type { OpenFile } from './open.js'
import { type PagePlace, pageHintsOf, pagePlacesOf } from './page-index.js'

/** Rows of a row group, from one up to another that is not among them. */
export interface RowRange {
  from: number
  to: number
}

const LEAST_GAP = 1024 // rows: fewer are read, for a chunk of rows ends at each gap

interface PagedColumn {
  binding: ColumnBinding
  pages: readonly PagePlace[]
  hints: readonly Hint[]
}

/** Returns the rows of a row group that may be wanted, as far as the file tells of its pages; null where that is all. */
export async function rowRangesOf(
  entry: OpenFile,
  file: DataFile,
  rowGroup: number,
  rows: number,
  wanted: Wanted,
): Promise<RowRange[] | null> {
  const found = await Promise.all(wanted.columns.map(binding => pagedColumn(entry, binding, rowGroup, rows)))
  const paged = found.filter(each => each !== undefined)
  if (!paged.some(({ pages }) => pages.length > 1)) return null
  const ranges = joined(wantedRanges(paged, wholeColumns(file, rowGroup, wanted), rows, wanted), rows)
  return ranges.length === 1 && ranges[0].from === 0 && ranges[0].to === rows ? null : ranges
}

async function pagedColumn(
  { source, footer }: OpenFile,
  binding: ColumnBinding,
  rowGroup: number,
  rows: number,
): Promise<PagedColumn | undefined> {
  const leaf = binding.source === null ? undefined : footer.leaves.get(binding.source)
  const chunk = leaf && footer.rowGroups[rowGroup].chunk(leaf.index)
  if (!chunk?.meta_data || chunk.column_index_length === undefined) return undefined
  const pages = await pagePlacesOf(source, chunk, rows)
  const hints = pages && (await pageHintsOf(source, chunk, leaf as NonNullable<typeof leaf>, pages))
  return hints && { binding, pages: pages as PagePlace[], hints }
}

/** Returns what is known of columns in the row group as a whole. */
function wholeColumns(file: DataFile, rowGroup: number, { columns }: Wanted) {
  return { file, known: new Map(columns.map(each => [each.name, knownInRowGroup(each, file, rowGroup)])) }
}

/** Lists the stretches between two page ends, of any of the columns, in which a row may be wanted. */
function wantedRanges(
  paged: readonly PagedColumn[],
  { file, known }: ReturnType<typeof wholeColumns>,
  rows: number,
  { where }: Wanted,
): RowRange[] {
  const ranges: RowRange[] = []
  const current = paged.map(() => -1)
  for (let from = 0; from < rows; ) {
    let to = rows
    for (const [i, { binding, pages, hints }] of paged.entries()) {
      const next = pages[current[i] + 1]
      if (next?.firstRow === from) {
        current[i]++
        const hint = hints[current[i]]
        known.set(binding.name, knownOf(binding, file, next.rows, hint))
      }
      to = Math.min(to, pages[current[i] + 1]?.firstRow ?? rows)
    }
    if (mayMeet(where, name => known.get(name))) ranges.push({ from, to })
    from = to
  }
  return ranges
}

/** Joins ranges that follow one another, or that hardly anything lies between. */
function joined(ranges: readonly RowRange[], rows: number): RowRange[] {
  const all: RowRange[] = []
  for (const { from, to } of ranges) {
    const last = all.at(-1)
    if (last && from - last.to < LEAST_GAP) last.to = to
    else all.push({ from: from < LEAST_GAP ? 0 : from, to })
  }
  const last = all.at(-1)
  if (last && rows - last.to < LEAST_GAP) last.to = rows
  return all
}
