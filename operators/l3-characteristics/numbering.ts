import { type ExprLike, metric, series, sub } from '../../lib/core/index.js'
import { item } from './item.js'

/** Tells whether a column rises with the total order inside the bucket: never falls, and never stands still. */
function rises(column: string, value: ExprLike = column, from_time = false) {
  const numbered = (suffix: string, strictly: boolean) =>
    metric({
      ...item(`L3${column}${suffix}`),
      unit: '0 or 1',
      doc: `whether ${column} ${strictly ? 'rises' : 'never falls'} from row to row of the bucket, in total order, nulls left out`,
      formula: `1 if ${column} of each row ${strictly ? '>' : '≥'} that of the row before, else 0; integers beyond 2^53 are rounded`,
      merge: '–',
      empty: 'null',
      uses: () => ({ rises: series('rises', [value], { strictly, from_time }) }),
    })
  return [numbered('NonDecreasing', false), numbered('StrictlyIncreasing', true)]
}

// The distance to the event time is exact, which the number of ns since 1970 is not as a double.
export const [l3EventTimestampNonDecreasing, l3EventTimestampStrictlyIncreasing] = rises(
  'EventTimestamp',
  sub('EventTimestamp', 'EventTime'),
  true,
)
export const [l3EventNoNonDecreasing, l3EventNoStrictlyIncreasing] = rises('EventNo')
export const [l3ExchangeSequenceNoNonDecreasing, l3ExchangeSequenceNoStrictlyIncreasing] = rises('ExchangeSequenceNo')
export const [l3BMLLSequenceNoNonDecreasing, l3BMLLSequenceNoStrictlyIncreasing] = rises('BMLLSequenceNo')
