import * as z from 'zod'
import {
  cutsByKeys,
  gathered,
  type LaterOffer,
  laterModule,
  type Outline,
  type OutputColumn,
} from '../../lib/core/index.js'
import { sourceKey, statistic, textKey } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import { type EventParameters, eventsOf } from './events.js'

const BLOCK = 'observed_events_analytics'

/** Local minima and maxima of a moving average: one row for each, by listing and label. */
export const observedEvents = laterModule({
  name: 'observed_events',
  doc: 'local minima and maxima of a moving average of a column, with the label at which they are known',
  block: BLOCK,
  settings: {
    source_pass: z.string().nullable().default(null).describe('earlier pass to read; default the one before'),
    input_col: z.string().min(1).default('Close').describe('column that is averaged'),
    indicator: z.enum(['sma', 'ewma']).default('sma').describe('simple or exponentially weighted moving average'),
    window: z.int().min(2).default(5).describe('rows of the average; α = 2/(window + 1) of ewma'),
    event_types: z
      .array(z.enum(['local_min', 'local_max']))
      .min(1)
      .default(['local_min', 'local_max'])
      .describe('events to report'),
    label: z
      .enum(['extremum', 'confirmation'])
      .default('extremum')
      .describe('TimeBucket of an event: that of the extremum, or the next one, at which it is known'),
  },
  sources: config => [{ field: 'source_pass', name: config.source_pass }],
  outline,
  async run([input], parameters: EventParameters) {
    return eventsOf(await gathered(input), parameters)
  },
})

function outline(offer: LaterOffer): Outline | null {
  const { input_col: input, indicator, window, event_types, label } = offer.config
  const columns = new SourceColumns(offer)
  const bars = columns.bars('source_pass')
  columns.number('input_col', input)
  if (columns.refused > 0 || !bars) return null
  const { listing, time } = bars
  const parameters: EventParameters = {
    listing: { name: listing.name, type: listing.type },
    input,
    indicator,
    window,
    minima: event_types.includes('local_min'),
    maxima: event_types.includes('local_max'),
    label,
  }
  return {
    keys: ['ListingId', 'TimeBucket', 'EventType'],
    columns: [
      sourceKey(listing, 'by itself: key'),
      { ...sourceKey(time, `${BLOCK}.label`), doc: `${time.doc}; that of the ${label}` },
      textKey('EventType', 'local_min or local_max', `${BLOCK}.event_types`),
      ...described(offer),
    ],
    reads: [[...new Set(['ListingId', 'TimeBucket', input])]],
    rule: columns.source.rule,
    cuts: cutsByKeys(['ListingId']),
    holdsRows: true,
    parameters,
  }
}

function described({ config, sources: [source] }: LaterOffer): OutputColumn[] {
  const { input_col: input, indicator, window, label } = config
  const column = source.columns.find(({ name }) => name === input) as OutputColumn
  const average =
    indicator === 'sma' ? `mean of the last ${window} values` : `Σ(1-α)^i x_(t-i) / Σ(1-α)^i, α = 2/(${window} + 1)`
  // An event is known with the row after it; labelled by that row, it uses nothing that comes later.
  const shared = { hindsight: label === 'extremum', nullRule: 'never null', inputs: [input], from: BLOCK }
  return [
    statistic({
      ...shared,
      name: 'Indicator',
      type: 'str',
      unit: 'name',
      doc: 'moving average that has the extremum: sma or ewma',
      formula: indicator,
    }),
    statistic({
      ...shared,
      name: 'IndicatorValue',
      unit: column.unit,
      doc: `${indicator} of ${input} at the extremum`,
      formula: `${average}; below or above both neighbours, strictly`,
    }),
    statistic({
      ...shared,
      name: 'ConfirmedAt',
      type: 'ts',
      unit: 'ns UTC',
      doc: "TimeBucket of the listing's row after the extremum, which is the first at which it is known",
      formula: 'next TimeBucket of the listing',
      inputs: ['TimeBucket'],
    }),
  ]
}
