import { columnOf, dayText, type RecordBatch, stampText } from '../../lib/core/index.js'

export type Row = Record<string, string | number | bigint | boolean | null>

/** Returns the rows of a stream as plain values: dates and stamps as text. */
export async function rowsOf(batches: AsyncIterable<RecordBatch>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of batches) {
    const columns = batch.schema.fields.map(({ name }) => ({ name, column: columnOf(batch, name) }))
    for (let i = 0; i < batch.numRows; i++) {
      const row: Row = {}
      for (const { name, column } of columns) {
        if (!column || (column.valid && !column.valid[i])) row[name] = null
        else if (column.type === 'str') row[name] = column.dictionary.words[column.values[i]]
        else if (column.type === 'ts') row[name] = stampText(column.values[i])
        else if (column.type === 'date') row[name] = dayText(column.values[i])
        else row[name] = column.values[i]
      }
      rows.push(row)
    }
  }
  return rows
}
