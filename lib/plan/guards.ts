import { type AggregateParameters, type Attribute, and, keyOf, type Module, type Offer, textOf } from '../core/index.js'
import type { Catalog } from './catalog.js'
import { flagUnknown } from './flags.js'
import type { FoldSet } from './fold-set.js'
import type { Needs } from './needs.js'

interface OfferedModule {
  module: Module
  offer: Offer
}

/** Lists the conditions that no row may meet: those of modules whose columns are used, and flags of unknown value. */
export function refusedRows(
  modules: readonly OfferedModule[],
  catalog: Catalog,
  folds: FoldSet,
  needs: Needs,
  path: string,
): AggregateParameters['refused'] {
  const read = folds.read()
  const refused = modules.flatMap(({ module, offer }) =>
    (module.refused?.(offer) ?? [])
      .filter(each => each.needs.every(name => needs.covers(read, name)))
      .map(({ needs: used, where, problem, fields }) => {
        for (const field of fields) needs.add(field, problem, path)
        return { where: and(needs.resolve(where, problem, path), folds.rowsUsing(used)), problem, fields }
      }),
  )
  for (const column of catalog.table.columns) {
    const where = column.kind === 'flag' && read.has(column.name) ? flagUnknown(catalog, column.name) : undefined
    if (!where) continue
    const problem = `value of ${column.name} is neither set nor unset under flag_encoding ${catalog.flagEncoding}; list it under flags`
    refused.push({ where, problem, fields: [column.name] })
  }
  const unique = new Map(refused.map(each => [keyOf(each.where), each]))
  return [...unique.values()].filter(({ where }) => textOf(where) !== 'not every row')
}

/** Lists attributes that must hold one value for a listing and date, where the columns they guard are used. */
export function singleValues(
  modules: readonly OfferedModule[],
  folds: FoldSet,
  needs: Needs,
  path: string,
): Attribute[] {
  const read = folds.read()
  return modules.flatMap(({ module, offer }) =>
    (module.single?.(offer) ?? [])
      .filter(each => each.needs.every(name => needs.covers(read, name)))
      .map(({ column, needs: used, where, problem }): Attribute => {
        needs.add(column, problem, path)
        return {
          name: column,
          type: 'str',
          where: and(needs.resolve(where, problem, path), folds.rowsUsing(used)),
          once: problem,
        }
      }),
  )
}
