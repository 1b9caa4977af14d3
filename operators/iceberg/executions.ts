import {
  and,
  type Column,
  coalesce,
  col,
  doublesOfInput,
  type Expr,
  instantsAt,
  isNull,
  type ModuleSequence,
  notNull,
  type Offer,
  rowNumbers,
  sequenceKernel,
  sequenceModule,
  timeBucket,
  when,
} from '../../lib/core/index.js'
import { execution, removal } from '../l3/rows.js'
import { numbersOf } from './number-column.js'
import { icebergs, revealed } from './rows.js'

const made = numbersOf('message')

/** Gives rows as they come. */
export const executionsKernel = sequenceKernel({
  name: 'l3_executions',
  doc: 'executions of resting orders as they come, and what each reveals',
  row: 'execution',
  inputs: ['price', 'size', 'revealed', 'side'],
  columns: [
    timeBucket('time of the execution'),
    made('Price', 'local currency', 'price of the execution', 'ExecutionPrice, else OldPrice'),
    made('Size', 'shares', 'executed quantity', 'ExecutionSize'),
    made(
      'RevealedQty',
      'shares',
      'what it took beyond the shown quantity',
      'max(ExecutionSize - OldSize, 0) of removals',
    ),
    made('Side', '1 bid, 2 ask', 'side of the resting order', 'Side'),
  ],
  rows(day): Column[] {
    const instants = instantsAt(day, rowNumbers(day.length))
    const numbers = day.columns.map((column): Column => ({ type: 'f64', values: doublesOfInput(column), valid: null }))
    return [{ type: 'ts', values: instants, valid: null }, ...numbers]
  },
})

/** Price at which a resting order was executed. */
const executedAt = ({ has }: Offer): Expr =>
  has('ExecutionPrice') ? coalesce('ExecutionPrice', 'OldPrice') : col('OldPrice')

const sequence: ModuleSequence = {
  kernel: 'l3_executions',
  inputs: offer => [executedAt(offer), col('ExecutionSize'), when(removal(), revealed(), 0), col('Side')],
  parameters: () => ({}),
}

/** Makes the executions among which trades find theirs. */
export const executionsOfL3 = sequenceModule({
  name: 'l3_executions',
  doc: 'executions of resting orders, for trades near them in time',
  internal: true,
  table: 'l3',
  block: 'l3_executions',
  settings: {},
  rows: offer => and(execution(), notNull(executedAt(offer))),
  sequence,
  excluded: offer => [
    { name: 'executions without a price, which are no trade’s', where: and(execution(), isNull(executedAt(offer))) },
  ],
})

/** Makes the side output iceberg_events: executions of icebergs. */
export const icebergEvents = sequenceModule({
  name: 'iceberg_events',
  doc: 'executions of icebergs, a row each',
  internal: true,
  table: 'l3',
  block: 'iceberg_analytics',
  settings: {},
  rows: icebergs,
  sequence,
  excluded: () => [],
})
