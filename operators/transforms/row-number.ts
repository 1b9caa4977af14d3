import { ROW_NUMBER, rowOperator } from '../../lib/core/index.js'

/** Adds RowNumber: the number of a row in the files of its table and date, in file order; a double, exact below 2^53. */
export const rowNumber = rowOperator<Record<string, never>>({
  name: 'row_number',
  doc: 'adds RowNumber, the number of a row in the files of its table and date',
  rows: () => chunk => {
    const values = new Float64Array(chunk.rows)
    for (let row = 0; row < values.length; row++) values[row] = chunk.first + row
    chunk.set(ROW_NUMBER, { type: 'f64', values, valid: null })
    return [{ name: ROW_NUMBER, type: 'f64' }]
  },
})
