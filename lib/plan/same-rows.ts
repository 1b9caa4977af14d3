import type { PassPlan } from '../core/index.js'

/** Tells whether two passes over a table make the same rows, whatever they are called and wherever they were asked for. */
export function haveSameRows(a: PassPlan, b: PassPlan): boolean {
  return JSON.stringify(computation(a)) === JSON.stringify(computation(b))
}

/** Returns what the rows of a pass follow from. Such as stand at the times of events have no part in its buckets. */
function computation({ name, columns, aggregate: { rule, ...aggregate }, ...plan }: PassPlan) {
  return {
    ...plan,
    aggregate,
    rule: rule?.mode === 'sparse_original' ? rule.mode : rule,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }
}
