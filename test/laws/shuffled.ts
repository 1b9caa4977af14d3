import { join } from 'node:path'
import { batchOf, type Column, columnOf, concat, type RecordBatch, take } from '../../lib/core/index.js'
import { discover, openSink, readTable } from '../../lib/io/index.js'
import { bindingsOf } from '../io/shared.js'

/** Copies the trades of a market, or another table, to another root, the rows of each file in an order that the seed decides. */
export async function shuffleTrades(
  from: string,
  to: string,
  seed: number,
  rowGroupRows: number,
  table = 'trades',
): Promise<void> {
  const spec = { root: from, layout: 'hive', table, bmll: { folder: '', prefix: '' } }
  for (const file of (await discover(spec)).files) {
    const batch = shuffled(await readTable([file], bindingsOf(file)), seed)
    const sink = await openSink('parquet', { path: join(to, file.relative), schema: batch.schema, rowGroupRows })
    await sink.write(batch)
    await sink.commit()
  }
}

function shuffled(batches: RecordBatch[], seed: number): RecordBatch {
  const rows = batches.reduce((total, { numRows }) => total + numRows, 0)
  const order = permutation(rows, seed)
  const columns = batches[0].schema.fields.map(({ name }) => {
    const column = concat(batches.map(batch => columnOf(batch, name) as Column))
    return { spec: { name, type: column.type }, column: take(column, order, rows) }
  })
  return batchOf(
    columns.map(({ spec }) => spec),
    columns.map(({ column }) => column),
    rows,
  )
}

/** Fisher-Yates with a small congruential generator: the same seed gives the same order. */
function permutation(length: number, seed: number): Int32Array {
  const order = new Int32Array(length).map((_, i) => i)
  let state = (seed * 2654435761 + 1) >>> 0
  for (let i = length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = Math.floor((state / 2 ** 32) * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}
