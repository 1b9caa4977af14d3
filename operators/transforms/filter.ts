import { type Expr, operator, Program } from '../../lib/core/index.js'
import { rowsOf, selected } from './columns.js'

/** Keeps the rows in which a condition holds. Batches that lose every row are not passed on. */
export const filter = operator<{ where: Expr }>({
  name: 'filter',
  doc: 'keeps the rows in which a condition holds',
  async *run(input, { where }) {
    const program = new Program()
    for await (const batch of input) {
      program.load(batch)
      const { index, count } = selected(program.mask(where), batch.numRows)
      if (count === batch.numRows) yield batch
      else if (count > 0) yield rowsOf(batch, index, count)
    }
  },
})
