import * as z from 'zod'
import { type Expr, family, type Metric, metric, type Offer } from '../../lib/core/index.js'

/** The items of semantics 5.14, L3. A new one is one exported metric; the config's choices follow. */
export const orderItems = family({
  module: 'l3_characteristics',
  name: 'items',
  doc: 'which characteristics to compute; null: all that the columns at hand allow',
  axes: [{ field: 'items', parameter: 'item' }],
  pick: 'items',
  bare: true,
  fields: items => ({ items: z.array(z.enum(items)).min(1) }),
  example: { items: ['L3EventCount'] },
})

/** What all items have in common; their names are what a config writes. */
export const item = (name: string) =>
  ({ module: 'l3_characteristics', family: 'items', pick: name, name, priority: 'E' }) as const

/** Tells of a bucket that it has a row with some property: 1 or 0, so that its merge is the greater one. */
export const has = (name: string, doc: string, formula: string, rows: (offer: Offer) => Expr): Metric =>
  metric({
    ...item(name),
    unit: '0 or 1',
    doc: `whether there is a message ${doc}`,
    formula: `1 if a row has ${formula}, else 0`,
    merge: 'N',
    empty: 'zero',
    uses: (_, offer) => ({ has: { kernel: 'any', inputs: [], where: rows(offer) } }),
  })
