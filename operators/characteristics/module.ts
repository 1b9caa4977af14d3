import { type Metric, type Module, module, TRUE } from '../../lib/core/index.js'
import { leftOut, missingColumns } from './left-out.js'

/** Declares a module of characteristics: by default all items for which there are columns, over every row of its table. */
export function characteristics(
  { name, ...definition }: Pick<Module, 'name' | 'doc' | 'table' | 'block'>,
  items: readonly Metric[],
): Module {
  return module({
    ...definition,
    name,
    settings: {},
    defaults: offer =>
      items
        .filter(item => missingColumns(item, offer).length === 0)
        .map(({ pick }) => ({ family: 'items', entry: { items: [pick] } })),
    rows: () => TRUE,
    where: () => TRUE,
    excluded: () => [],
    notes: offer => leftOut(name, items, offer),
  })
}
