import type { Metric } from '../../lib/core/index.js'
import { characteristics } from '../characteristics/module.js'
import * as book from './book.js'
import * as messages from './messages.js'
import * as numbering from './numbering.js'

const METRICS = [messages, book, numbering].flatMap(part =>
  Object.values<Metric>(part).sort((a, b) => a.declared - b.declared),
)

export const l3Characteristics = characteristics(
  {
    name: 'l3_characteristics',
    doc: 'counts of order messages, what kinds of them there are, and whether their numbers and books are sound',
    table: 'l3',
    block: 'l3_characteristics_analytics',
  },
  METRICS,
)
