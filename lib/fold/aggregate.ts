import { type AggregateParameters, batchOfFrame, chunkOf, operator } from '../core/index.js'
import { memory } from '../wasm/index.js'
import { Folder } from './fold.js'
import { Merger } from './merge.js'

/**
 * Folds all rows that come in and yields one batch of groups, ordered by entity and label; fold i is column `f{i}`.
 * Labels follow `rule` from the event time; without a rule they are those of the column `bucket`. The engine runs the
 * two halves apart, Folder once a row group and Merger over their partials.
 */
export const aggregate = operator<AggregateParameters>({
  name: 'aggregate',
  doc: 'folds rows into one row a group: entity keys, bucket label, attributes, folds f0, f1, …',
  async *run(input, parameters, { registry }) {
    const folder = new Folder(parameters, registry, memory())
    try {
      for await (const batch of input) folder.consume(chunkOf(batch))
      const merger = new Merger(parameters, registry)
      merger.add(folder.finish())
      for (const groups of merger.finish()) yield batchOfFrame(groups)
    } finally {
      folder.free()
    }
  },
})
