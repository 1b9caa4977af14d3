import {
  BasaltError,
  batchOfFrame,
  columnOf,
  columnsOfBatch,
  frameOf,
  joined,
  operator,
  type RecordBatch,
  rankRows,
  rowsOf,
} from '../../lib/core/index.js'

/** Orders all rows that come in by key columns, ascending, null last; equal rows keep their order. Yields one batch. */
export const sort = operator<{ by: string[] }>({
  name: 'sort',
  doc: 'orders rows by key columns, ascending, null last',
  async *run(input, { by }) {
    const batches: RecordBatch[] = []
    for await (const batch of input) if (batch.numRows > 0) batches.push(batch)
    if (batches.length === 0) return
    const whole = batches.length === 1 ? batches[0] : joinedBatch(batches)
    const keys = by.map(name => {
      const key = columnOf(whole, name)
      if (!key) throw new BasaltError('config', `sort: the rows have no column '${name}'`)
      return key
    })
    const index = rankRows(keys, whole.numRows)
    yield rowsOf(whole, index, index.length)
  },
})

function joinedBatch(batches: RecordBatch[]): RecordBatch {
  return batchOfFrame(joined(batches.map(frameOf)), columnsOfBatch(batches[0]).specs)
}
