import * as z from 'zod'
import { family } from '../../lib/core/index.js'
import { ofValid, spreadAbs, spreadBps } from './quote.js'
import { AGGREGATION_AXIS, aggregations, madeBy, rowMetric } from './row-metric.js'

const DEFINITION = {
  name: 'spreads',
  doc: 'the quoted spread of valid quotes',
  axes: [{ field: 'variant', parameter: 'variant' }, AGGREGATION_AXIS],
  pick: 'variant',
  fields: (variants: string[]) => ({
    variant: z.array(z.enum(variants)).min(1).default(['BPS']).describe('Abs: local currency; BPS: of the mid'),
    aggregations,
  }),
  example: { variant: ['BPS'] },
}

export const spreads = family({ ...DEFINITION, module: 'l2', makes: madeBy('l2') })
export const spreadsTwa = family({ ...DEFINITION, module: 'l2tw', makes: madeBy('l2tw') })

const BPS = {
  family: 'spreads',
  unit: 'bps',
  formula: '20000(a-b)/(a+b)',
} as const

export const [absoluteSpread, absoluteSpreadTwa] = rowMetric({
  family: 'spreads',
  pick: 'Abs',
  name: () => 'SpreadAbs',
  unit: 'local currency',
  doc: 'best ask less best bid; 0 when locked, null unless the quote is valid',
  formula: 'a-b',
  of: (_, offer) => ofValid(spreadAbs(), offer),
})

export const [bpsSpread, bpsSpreadTwa] = rowMetric({
  ...BPS,
  pick: 'BPS',
  name: () => 'SpreadBps',
  doc: 'spread over the mid; 0 when locked, null unless the quote is valid',
  of: (_, offer) => ofValid(spreadBps(), offer),
})

export const [, relativeSpreadTwa] = rowMetric({
  ...BPS,
  pick: 'Rel',
  name: () => 'SpreadRel',
  doc: 'spread over the mid, another name of SpreadBpsTWA',
  of: (_, offer) => ofValid(spreadBps(), offer),
})
