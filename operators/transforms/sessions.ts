import {
  type Batches,
  batchOf,
  type Column,
  columnOf,
  columnsOfBatch,
  operator,
  type RecordBatch,
  SESSION,
} from '../../lib/core/index.js'

export interface SessionsParameters {
  /** Which end of its interval names a bucket. */
  anchor: 'end' | 'start'
}

/** Adds where auctions end, which is what bars are labelled by, and labels them by their start where that is asked for. */
export const sessions = operator<SessionsParameters>({
  name: 'sessions',
  doc: 'adds the end of auctions to their bars, and labels them by the anchor',
  async *run(input: Batches, { anchor }) {
    for await (const batch of input) yield withEnds(batch, anchor)
  },
})

function withEnds(batch: RecordBatch, anchor: 'end' | 'start'): RecordBatch {
  const { specs, columns } = columnsOfBatch(batch)
  const starts = columnOf(batch, SESSION.start) as Column & { type: 'ts' }
  const labels = columnOf(batch, 'TimeBucket') as Column & { type: 'ts' }
  const own = anchor === 'end' ? labels : { ...labels, values: byStart(starts, labels.values) }
  const ends: Column = { type: 'ts', values: labels.values, valid: starts.valid }
  return batchOf(
    [...specs, { name: SESSION.end, type: 'ts', nullable: true }],
    [...columns.map((column, c) => (specs[c].name === 'TimeBucket' ? own : column)), ends],
    batch.numRows,
  )
}

function byStart({ values, valid }: Column & { type: 'ts' }, labels: BigInt64Array): BigInt64Array<ArrayBuffer> {
  const own = BigInt64Array.from(labels)
  for (let row = 0; row < own.length; row++) if (!valid || valid[row]) own[row] = values[row]
  return own
}
