import { type AggregateParameters, type Aggregation, operator } from '../../lib/core/index.js'
import { Folder } from './fold.js'
import { Merger } from './merge.js'

/**
 * Folds all rows that come in and yields one batch of groups, ordered by entity and label; fold i is column `f{i}`.
 * The engine runs its two halves apart, Folder once a row group and Merger over their partials.
 */
export const aggregate = operator<AggregateParameters>({
  name: 'aggregate',
  doc: 'folds rows into one row a group: entity keys, bucket label, attributes, folds f0, f1, …',
  async *run(input, parameters, { registry }) {
    const folder = new Folder(parameters, registry)
    for await (const batch of input) folder.consume(batch)
    const merger = new Merger(parameters, registry)
    merger.add(folder.finish())
    yield merger.finish().batch
  },
})

/** The two halves, for the engine: row groups are folded apart, on any thread, and merged in file order. */
export const groupBy: Aggregation = {
  kind: 'aggregation',
  name: 'group_by',
  fold: (parameters, registry) => new Folder(parameters, registry),
  merge: (parameters, registry) => new Merger(parameters, registry),
}
