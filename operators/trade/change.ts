import * as z from 'zod'
import { BasaltError, type EntryParameters, family, mean, metric } from '../../lib/core/index.js'

/** Books that a measure may refer to, by the suffix of its column and of its name. */
export const SCOPES = { Local: '', Primary: 'AtPrimary', Venue: 'AtVenue' } as const

type Scope = keyof typeof SCOPES

const scopes = Object.keys(SCOPES) as [Scope, ...Scope[]]

export const changeMetrics = family({
  module: 'trade',
  name: 'change_metrics',
  doc: 'how long quotes stood around a trade, and where in the spread it took place',
  axes: [
    { field: 'measures', parameter: 'measure' },
    { field: 'scopes', parameter: 'scope' },
  ],
  pick: 'measures',
  fields: measures => ({
    measures: z.array(z.enum(measures)).min(1).describe('what to compute'),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .default(['Local'])
      .describe('book: consolidated, at the primary market, at the venue (PricePoint only)'),
  }),
  example: { measures: ['PricePoint'] },
})

const CHANGE = {
  module: 'trade',
  family: 'change_metrics',
  name: ({ measure, scope }: EntryParameters) => columnIn(measure, scope),
  merge: 'R',
  empty: 'null',
} as const

const columnIn = (measure: string, scope: Scope): string => measure + SCOPES[scope]

/** Elapsed times are known for the consolidated book and the primary market only. */
function elapsed({ measure, scope }: EntryParameters) {
  if (scope === 'Venue') {
    throw new BasaltError('config', `${measure} has no scope Venue; allowed: Local, Primary`)
  }
  return { elapsed: mean(columnIn(measure, scope)) }
}

export const preTradeElapsed = metric({
  ...CHANGE,
  pick: 'PreTradeElapsedTimeChg',
  unit: 'ns',
  doc: 'mean time from the last change of the quote to the trade',
  formula: 'mean PreTradeElapsedTimeChg',
  filter: 'volume',
  uses: elapsed,
})

export const postTradeElapsed = metric({
  ...CHANGE,
  pick: 'PostTradeElapsedTimeChg',
  unit: 'ns',
  doc: 'mean time from the trade to the next change of the quote',
  formula: 'mean PostTradeElapsedTimeChg',
  filter: 'volume',
  hindsight: true,
  uses: elapsed,
})

export const pricePoint = metric({
  ...CHANGE,
  pick: 'PricePoint',
  unit: '1',
  doc: 'mean place of trades in the spread, every trade alike: 0 at the bid, 1 at the ask',
  formula: 'mean PricePoint',
  filter: 'price',
  uses: ({ measure, scope }) => ({ place: mean(columnIn(measure, scope)) }),
})
