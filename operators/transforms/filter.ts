import { type Expr, Program, rowOperator } from '../../lib/core/index.js'

/** Keeps the rows in which a condition holds. Batches that lose every row are not passed on. */
export const filter = rowOperator<{ where: Expr }>({
  name: 'filter',
  doc: 'keeps the rows in which a condition holds',
  rows: ({ where }, { loops }) => {
    const program = new Program(loops)
    return chunk => {
      program.load(chunk)
      if (program.every(where) !== true) chunk.keep(program.mask(where))
      return []
    }
  },
})
