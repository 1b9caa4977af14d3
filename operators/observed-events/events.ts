import { columnOfDoubles, doublesOf, type Frame, frameColumn, take } from '../../lib/core/index.js'
import { gather, groupRows, type Key } from '../statistics/groups.js'
import { onePerLabel } from '../statistics/one-per-label.js'
import { textColumn } from '../statistics/result-columns.js'
import { emptyFrame } from '../statistics/result-frame.js'
import { type Indicator, movingAverage } from './indicator.js'

/** What a run of observed_events needs to know. */
export interface EventParameters {
  listing: Key
  input: string
  indicator: Indicator
  window: number
  minima: boolean
  maxima: boolean
  label: 'extremum' | 'confirmation'
}

const TYPES = ['local_max', 'local_min']

/** Finds the events of every listing, in ascending order of ListingId and TimeBucket. */
export function eventsOf(frame: Frame, parameters: EventParameters): Frame {
  const { listing, input, indicator, window, minima, maxima, label } = parameters
  if (frame.rows === 0) return emptyFrame(outputOf(listing))
  const groups = groupRows(frame, [listing], 'TimeBucket')
  onePerLabel(frame, groups, [listing], 'TimeBucket', 'observed_events')
  const { rows, starts } = groups
  const x = doublesOf(frameColumn(frame, input))
  const at = new Int32Array(frame.rows)
  const next = new Int32Array(frame.rows)
  const type = new Int32Array(frame.rows)
  const value = new Float64Array(frame.rows)
  let count = 0
  for (let g = 0; g < groups.count; g++) {
    const own = rows.subarray(starts[g], starts[g + 1])
    const average = movingAverage(gather(x, own), indicator, window)
    for (let i = 1; i < own.length - 1; i++) {
      const turn = turnAt(average, i)
      if (!(turn > 0 ? maxima : turn < 0 && minima)) continue
      at[count] = own[i]
      next[count] = own[i + 1]
      type[count] = turn > 0 ? 0 : 1
      value[count++] = average[i]
    }
  }
  const labels = frameColumn(frame, 'TimeBucket')
  return {
    rows: count,
    columns: new Map([
      ['ListingId', take(frameColumn(frame, 'ListingId'), at, count)],
      ['TimeBucket', take(labels, label === 'extremum' ? at : next, count)],
      ['EventType', textColumn(type.slice(0, count), TYPES)],
      ['Indicator', textColumn(new Int32Array(count), [indicator])],
      ['IndicatorValue', columnOfDoubles(value.slice(0, count))],
      ['ConfirmedAt', take(labels, next, count)],
    ]),
  }
}

/** Returns 1 at a maximum above both neighbours, -1 at a minimum below both, else 0: on a plateau, and beside a null. */
function turnAt(series: Float64Array, i: number): number {
  const [before, here, after] = [series[i - 1], series[i], series[i + 1]]
  if (here > before && here > after) return 1
  return here < before && here < after ? -1 : 0
}

const outputOf = (listing: Key): Key[] => [
  listing,
  { name: 'TimeBucket', type: 'ts' },
  { name: 'EventType', type: 'str' },
  { name: 'Indicator', type: 'str' },
  { name: 'IndicatorValue', type: 'f64' },
  { name: 'ConfirmedAt', type: 'ts' },
]
