import { type Metric, module, TRUE } from '../../lib/core/index.js'
import { leftOut, missingColumns } from '../trade-characteristics/left-out.js'
import * as book from './book.js'
import * as messages from './messages.js'
import * as numbering from './numbering.js'

const METRICS = [messages, book, numbering].flatMap(part =>
  Object.values<Metric>(part).sort((a, b) => a.declared - b.declared),
)

export const l3Characteristics = module({
  name: 'l3_characteristics',
  doc: 'counts of order messages, what kinds of them there are, and whether their numbers and books are sound',
  table: 'l3',
  block: 'l3_characteristics_analytics',
  settings: {},
  defaults: offer =>
    METRICS.filter(metric => missingColumns(metric, offer).length === 0).map(({ pick }) => ({
      family: 'items',
      entry: { items: [pick] },
    })),
  rows: () => TRUE,
  where: () => TRUE,
  excluded: () => [],
  notes: offer => leftOut('l3_characteristics', METRICS, offer),
})
