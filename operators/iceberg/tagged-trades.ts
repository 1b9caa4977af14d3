import {
  type Column,
  col,
  doublesOfInput,
  gt,
  instantsAt,
  rowNumbers,
  sequenceKernel,
  sequenceModule,
  timeBucket,
} from '../../lib/core/index.js'
import { numbersOf } from './number-column.js'
import { ICEBERG_TAG, TAGS, taggingOf } from './tagging.js'

const made = numbersOf('trade')

/** Gives trades as they come, and names their tags. */
export const taggedTradesKernel = sequenceKernel({
  name: 'tagged_trades',
  doc: 'trades that were tagged as those of icebergs, as they come',
  row: 'trade',
  inputs: ['price', 'size', 'direction', 'tag'],
  columns: [
    timeBucket('time of the trade'),
    made('Price', 'local currency', 'price of the trade', 'LocalPrice'),
    made('Size', 'shares', 'quantity of the trade', 'Size'),
    made('Direction', '±1', 'direction of the trade, 0 where it is not known', 'D'),
    {
      name: ICEBERG_TAG,
      type: 'str',
      unit: 'tag',
      doc: 'why the trade is one of an iceberg',
      formula: 'L3_REVEALED: near an execution of an iceberg; TRADE_MATCH: near executions of other sizes alone; BOTH',
      merge: 'O',
      nullRule: 'never null',
    },
  ],
  rows(day): Column[] {
    const numbers = day.columns.map(doublesOfInput)
    const codes = Int32Array.from(numbers[3])
    return [
      { type: 'ts', values: instantsAt(day, rowNumbers(day.length)), valid: null },
      ...numbers.slice(0, 3).map((values): Column => ({ type: 'f64', values, valid: null })),
      { type: 'str', values: codes, valid: null, dictionary: { words: [...TAGS] } },
    ]
  },
})

/** Makes the side output iceberg_trades: trades of icebergs, whatever their class. */
export const icebergTrades = sequenceModule({
  name: 'iceberg_trades',
  doc: 'trades of icebergs, a row each',
  internal: true,
  table: 'trades',
  block: 'iceberg_analytics',
  settings: {},
  reading: block => ({ icebergs: taggingOf(block) }),
  rows: () => gt(ICEBERG_TAG, 0),
  sequence: {
    kernel: 'tagged_trades',
    inputs: () => ['LocalPrice', 'Size', 'Direction', ICEBERG_TAG].map(name => col(name)),
    parameters: () => ({}),
  },
  excluded: () => [],
})
