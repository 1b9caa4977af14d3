import type { LaterOffer, OutputColumn } from '../../lib/core/index.js'
import type { MeasureRequest, Method } from './measures.js'
import type { Aggregation, GenericConfig } from './settings.js'

/** Lists the aggregated columns that a config asks for. A list of methods names each by column and method. */
export function requestsOf({ aggregations }: GenericConfig): MeasureRequest[] {
  return Object.entries(aggregations).flatMap(([column, asked]) => {
    const field = `aggregations.${column}`
    if (!Array.isArray(asked)) return [requestOf(column, asked, column, field)]
    return asked.map((each, i) => requestOf(column, each, `${column}${methodName(each)}`, `${field}[${i}]`))
  })
}

function requestOf(column: string, asked: Aggregation, name: string, field: string): MeasureRequest {
  if (typeof asked === 'string') return { column, method: asked, name, field }
  const { method, weight, as } = asked
  return { column, method, name: as ?? name, field, ...(weight !== undefined && { weight }) }
}

/** Writes a method as part of a column's name: weighted_mean → WeightedMean. */
function methodName(asked: Aggregation): string {
  const method: Method = typeof asked === 'string' ? asked : asked.method
  return method.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
}

/** Reports output columns of one name, and names that are not PascalCase. */
export function checkNames(columns: readonly (OutputColumn & { field?: string })[], offer: LaterOffer): void {
  const seen = new Map<string, string>()
  for (const { name, from } of columns) {
    const twin = seen.get(name)
    if (twin === undefined) seen.set(name, from)
    else {
      const hint = 'give one of them a name of its own: as, or output_col'
      offer.refuse(from, `output column '${name}' is made twice, here and by ${twin}`, hint)
    }
  }
}
