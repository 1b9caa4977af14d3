import {
  type Column,
  chunkOf,
  columnsOf,
  type Frame,
  frameColumn,
  frameOf,
  Program,
  type RecordBatch,
  rowNumbers,
  takeRows,
} from '../core/index.js'
import { tableBatches } from '../io/index.js'
import type { DeclaredTable } from '../plan/index.js'

/** Reads some columns of a declared table: the rows that its filter lets through, in file order. */
export async function* declaredRows(
  table: Pick<DeclaredTable, 'files' | 'bindings' | 'flags' | 'where'>,
  columns: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Frame> {
  const { files, flags, where } = table
  const read = new Set([...columns, ...columnsOf(where)])
  const bindings = table.bindings.filter(({ name }) => read.has(name))
  const program = new Program()
  for await (const batch of tableBatches(files, bindings, signal)) {
    const { rows, columns: found } = filtered(batch, where, program)
    const kept = columns.map(name => {
      const column = frameColumn({ rows, columns: found }, name)
      return [name, flags.includes(name) ? truths(column) : column] as const
    })
    yield { rows, columns: new Map(kept) }
  }
}

function filtered(batch: RecordBatch, where: DeclaredTable['where'], program: Program): Frame {
  const frame = frameOf(batch)
  if (where.op === 'true') return frame
  program.load(chunkOf(batch))
  const mask = program.mask(where)
  return takeRows(
    frame,
    rowNumbers(batch.numRows).filter(row => mask[row] === 1),
  )
}

/** Turns TRUE and FALSE, as booleans are read, into 1 and 0. */
function truths(column: Column): Column {
  if (column.type !== 'str') return column
  const isTrue = Uint8Array.from(column.dictionary.words, word => Number(word.toUpperCase() === 'TRUE'))
  return { type: 'bool', values: Uint8Array.from(column.values, code => isTrue[code]), valid: column.valid }
}
