import { BasaltError, type Column, rowOperator, type TakenColumn } from '../../lib/core/index.js'

export interface RowValuesParameters {
  /** Which of the values that the context has, by their place in the plan. */
  from: number
  columns: TakenColumn[]
}

/**
 * Adds columns of values that an internal pass made for single rows of the same table; null for rows that it made none for.
 * Needs `taken` in its context. Values lie in order of row number: a chunk finds its first one and walks on.
 */
export const rowValues = rowOperator<RowValuesParameters>({
  name: 'row_values',
  doc: 'adds values that an internal pass made for single rows of the same table',
  rows: ({ from, columns }, { taken }) => {
    const given = taken?.[from]
    if (!given || !('rows' in given)) throw new BasaltError('internal', 'no values of rows are given')
    const { rows: numbers, values } = given
    return chunk => {
      const end = chunk.first + chunk.rows
      const outs = columns.map(() => new Float64Array(chunk.rows))
      const valid = new Uint8Array(chunk.rows)
      for (let at = firstFrom(numbers, chunk.first); at < numbers.length && numbers[at] < end; at++) {
        const row = numbers[at] - chunk.first
        valid[row] = 1
        for (let c = 0; c < columns.length; c++) outs[c][row] = values[columns[c].value][at]
      }
      for (const [c, { name }] of columns.entries())
        chunk.set(name, { type: 'f64', values: outs[c], valid } satisfies Column)
      return columns.map(({ name }) => ({ name, type: 'f64' as const }))
    }
  },
})

/** Returns the first place whose number is at least `least`. */
function firstFrom(numbers: Float64Array, least: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle] < least) low = middle + 1
    else high = middle
  }
  return low
}
