import type { ColumnBinding } from '../../core/dataset.js'
import { type Expr, isIn } from '../../core/expr.js'
import { mayMeet } from '../../core/may-meet.js'
import { describeFile } from '../dataset.js'
import { knownInRowGroup } from '../parquet/known.js'
import { scan } from '../parquet/scan.js'
import type { ResultFile } from './index.js'

const BATCH_ROWS = 65_536

/** Opens a Parquet file. Row groups and pages that cannot have a row of the listing asked for are not read. */
export async function openParquet(path: string): Promise<ResultFile> {
  const file = await describeFile(path)
  const bindings = file.columns.flatMap(({ name, type }): ColumnBinding[] =>
    type === null || type === 'bool' ? [] : [{ name, type, source: name }],
  )
  return {
    columns: file.columns.map(({ name, type }) => ({ name, type })),
    async *chunks(names, listing) {
      const columns = bindings.filter(({ name }) => names.includes(name))
      const where = listing === undefined ? undefined : ofListing(listing, columns)
      const wanted = where && { where, columns }
      const known = (name: string, rowGroup: number) => {
        const binding = columns.find(each => each.name === name)
        return binding && knownInRowGroup(binding, file, rowGroup)
      }
      for (let rowGroup = 0; rowGroup < file.rowGroups.length; rowGroup++)
        if (!where || mayMeet(where, name => known(name, rowGroup)))
          yield* scan({ file, rowGroup, columns, batchRows: BATCH_ROWS, ...(wanted && { wanted }) })
    },
  }
}

function ofListing(listing: string, columns: readonly ColumnBinding[]): Expr | undefined {
  const type = columns.find(({ name }) => name === 'ListingId')?.type
  if (type === 'str' || (type === 'i64' && /^-?\d{1,18}$/.test(listing))) return isIn('ListingId', [listing])
}
