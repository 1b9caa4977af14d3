import {
  BasaltError,
  type BucketRule,
  byParameters,
  type ColumnType,
  type Module,
  type Offer,
  type OutputColumn,
  type Registry,
  type SequenceFold,
} from '../core/index.js'
import type { FoldSet } from './fold-set.js'

/** The rows that a module makes of each listing's day, as they are planned. */
export interface PlannedSequence {
  fold: SequenceFold
  /** Keys and times, which stand before the identity columns. */
  leading: OutputColumn[]
  columns: OutputColumn[]
  /** How its rows are labelled: by events, one row an event time, or by the buckets of the pass. */
  rule: BucketRule
  /** Its rows can be made of pieces of a day. */
  piecewise: boolean
}

/** Plans the rows of the module that makes its own, which is alone in its pass; `path` is that of the pass. */
export function plannedSequence(
  modules: readonly { module: Module; offer: Offer }[],
  registry: Registry,
  folds: FoldSet,
  rule: BucketRule,
  path: string,
): PlannedSequence | null {
  const owner = modules.find(({ module }) => module.sequence)
  const sequence = owner?.module.sequence
  if (!owner || !sequence) return null
  const { module, offer } = owner
  const kernel = registry.get('kernels', sequence.kernel)
  if (kernel.kind !== 'sequence') throw new BasaltError('internal', `kernel '${kernel.name}' makes no rows`)
  const at = `${path}.${module.block}`
  const parameters = sequence.parameters(offer)
  const request = { kernel: kernel.name, inputs: sequence.inputs(offer), parameters }
  const fold = folds.addSequence(request, module.rows(offer, []), `module ${module.name}`, at)
  const prefix = offer.config.metric_prefix ?? ''
  const kept = folds.folds[fold].inputs.map(input => keptAs(folds.typeOf(input)))
  const [names, made] = [byParameters(kernel.inputs, parameters), byParameters(kernel.columns, parameters)]
  const types = made.map(({ type }) => (typeof type === 'string' ? type : kept[names.indexOf(type.of)]))
  const inputs = folds.columns(fold)
  const described = made.map((column, c): OutputColumn & { leads: boolean } => ({
    name: column.leads ? column.name : `${prefix}${column.name}`,
    type: types[c],
    unit: column.unit,
    doc: column.doc,
    formula: column.formula,
    merge: column.merge,
    nullRule: column.nullRule,
    hindsight: column.hindsight === true,
    inputs,
    from: at,
    leads: column.leads === true,
  }))
  const shown = (leads: boolean) =>
    described.filter(column => column.leads === leads).map(({ leads: _, ...column }) => column)
  return {
    fold: {
      fold,
      inputs: kept,
      columns: described.map(({ name, type }) => ({ name, type })),
      ...(kernel.counts && { counts: kernel.counts }),
    },
    leading: shown(true),
    columns: shown(false),
    rule: sequence.inBuckets?.(offer.config) ? rule : { ...rule, mode: 'sparse_original' },
    piecewise: kernel.pieces !== undefined,
  }
}

/** Returns how an input is kept: what doubles would round as it is. */
function keptAs(type: ColumnType | undefined): ColumnType {
  return type === 'i64' || type === 'ts' || type === 'str' ? type : 'f64'
}
