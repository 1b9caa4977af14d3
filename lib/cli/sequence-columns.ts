import { byParameters, type Module, type OutputColumn, type Registry } from '../core/index.js'

/** Returns the columns of a module that makes rows of its own, as they are before a config is known; else none. */
export function sequenceColumns(registry: Registry, { block, sequence }: Module): OutputColumn[] {
  const kernel = sequence && registry.get('kernels', sequence.kernel)
  if (kernel?.kind !== 'sequence') return []
  return byParameters(kernel.columns).map(({ name, type, unit, doc, formula, merge, nullRule, hindsight = false }) => ({
    name,
    type: typeof type === 'string' ? type : 'f64', // or i64, as the input is
    unit,
    doc,
    formula,
    merge,
    nullRule,
    hindsight,
    inputs: [],
    from: block,
  }))
}
