import type { TableColumn } from '../../lib/core/index.js'

/** Levels a side that a snapshot of the book may have. */
export const DEPTH = 10

const SIDES = ['Bid', 'Ask'] as const

/** Columns of one level of one side, named `{Side}{Measure}{level}`. */
function levelColumns(side: (typeof SIDES)[number], level: number): TableColumn[] {
  const at = `level ${level} of the ${side.toLowerCase()} side`
  const custom = (measure: string, unit: string, doc: string): TableColumn => ({
    name: `${side}${measure}${level}`,
    kind: 'f64',
    unit,
    doc: `${doc}, ${at}`,
  })
  return [
    { name: `${side}Price${level}`, kind: 'f64', scale: 'price', doc: `price, ${at}; null where there is none` },
    {
      name: `${side}Quantity${level}`,
      kind: 'f64',
      scale: 'size',
      unit: 'shares',
      doc: `quantity, ${at}; null counts as 0`,
    },
    { name: `${side}NumOrders${level}`, kind: 'f64', unit: 'orders', doc: `number of orders, ${at}` },
    custom('InsertAge', 'ns', 'age of the oldest order'),
    custom('LastMod', 'ns', 'time since the last change'),
    custom('SizeAhead', 'shares', 'quantity ahead in the queue'),
  ]
}

/** Columns of a full snapshot of the book: both sides, level by level (semantics 1.3). */
export const BOOK_COLUMNS: TableColumn[] = Array.from({ length: DEPTH }, (_, i) =>
  SIDES.flatMap(side => levelColumns(side, i + 1)),
).flat()
