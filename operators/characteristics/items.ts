import * as z from 'zod'
import { type Expr, type Family, family, type Metric, metric, type Offer } from '../../lib/core/index.js'

/** What the items of one module are declared with (semantics 5.14). */
export interface Items {
  family: Family
  /** What all items have in common; their names are what a config writes. */
  item(name: string): { module: string; family: 'items'; pick: string; name: string; priority: 'E' }
  /** Declares what tells of a bucket that it has a row with some property: 1 or 0, so that its merge is the greater one. */
  has(name: string, doc: string, formula: string, rows: (offer: Offer) => Expr): Metric
}

/** Declares the items of a module; `row` is what a row of its table is, `example` one of its items. */
export function itemsOf(module: string, row: string, example: string): Items {
  const item: Items['item'] = name => ({ module, family: 'items', pick: name, name, priority: 'E' })
  return {
    family: family({
      module,
      name: 'items',
      doc: 'which characteristics to compute; null: all that the columns at hand allow',
      axes: [{ field: 'items', parameter: 'item' }],
      pick: 'items',
      bare: true,
      fields: items => ({ items: z.array(z.enum(items)).min(1) }),
      example: { items: [example] },
    }),
    item,
    has: (name, doc, formula, rows) =>
      metric({
        ...item(name),
        unit: '0 or 1',
        doc: `whether there is a ${row} ${doc}`,
        formula: `1 if a row has ${formula}, else 0`,
        merge: 'N',
        empty: 'zero',
        uses: (_, offer) => ({ has: { kernel: 'any', inputs: [], where: rows(offer) } }),
      }),
  }
}
