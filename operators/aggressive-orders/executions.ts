import {
  type Column,
  doublesOfInput,
  instantsAt,
  longsOf,
  type Parameters,
  type SequenceColumn,
  sequenceKernel,
  sequenceModule,
  take,
  timeBucket,
} from '../../lib/core/index.js'
import { longColumn } from '../bars/spans.js'
import { ORDER_COLUMNS } from './columns.js'
import { executionsAmong, ordersOf } from './grouping.js'
import { namesAsParameter } from './kernel.js'
import { aggressivePreprocess, endsOf, executionInputs } from './module.js'

const OPTIONAL = ['Unfinished', 'EventNo']

const inputsOf = ({ columns }: Parameters): string[] => {
  const named = typeof columns === 'string' ? columns.split(',') : OPTIONAL
  return ['Price', 'Size', 'AggressorSide', ...OPTIONAL.filter(name => named.includes(name))]
}

const made = (column: Pick<SequenceColumn, 'name' | 'type' | 'unit' | 'doc' | 'formula'>): SequenceColumn => ({
  ...column,
  merge: 'O',
  nullRule: 'never null',
})

/** Tells of each execution which aggressive order it is of (semantics 5.10). Parameters as those of aggressive orders. */
export const aggressiveExecutionsKernel = sequenceKernel({
  name: 'aggressive_executions',
  doc: 'executions, each with the number of the aggressive order that it is of',
  row: 'execution',
  inputs: inputsOf,
  columns: [
    ORDER_COLUMNS[0],
    timeBucket('time of the execution'),
    made({ name: 'Price', type: 'f64', unit: 'local currency', doc: 'price of the execution', formula: 'p' }),
    made({ name: 'Size', type: { of: 'Size' }, unit: 'shares', doc: 'executed quantity', formula: 'q' }),
    made({
      name: 'AggressorSide',
      type: 'i32',
      unit: 'code',
      doc: 'side of the order as in trades: 1 buyer, 2 seller, 0 unknown',
      formula: 'AggressorSide; of L3 the side that was not resting',
    }),
  ],
  rows(day, parameters): Column[] {
    const inputs = inputsOf(parameters)
    const doubles = (name: string) => {
      const column = day.columns[inputs.indexOf(name)]
      return column ? doublesOfInput(column) : null
    }
    const { index, goesOn } = executionsAmong({
      size: doubles('Size') as Float64Array,
      unfinished: doubles('Unfinished'),
      event: doubles('EventNo'),
    })
    const { length } = index
    const time = Float64Array.from(index, row => day.time[row])
    const [price, size, sides] = day.columns.slice(0, 3).map(column => take(column, index, length))
    const side = doublesOfInput(sides)
    const { first, last } = ordersOf({ length, time, side, goesOn }, Number(parameters.deltat))
    const order = new Int32Array(length)
    for (let o = 0; o < first.length; o++) order.fill(o, first[o], last[o] + 1)
    return [
      longColumn(longsOf(order)),
      { type: 'ts', values: instantsAt(day, index), valid: null },
      price,
      size,
      { type: 'i32', values: Int32Array.from(side), valid: null },
    ]
  },
})

/** Makes the side output aggressive_executions. */
export const aggressiveExecutions = sequenceModule({
  name: 'aggressive_executions',
  doc: 'executions, each with the aggressive order that it is of',
  internal: true,
  table: 'trades',
  tableOf: aggressivePreprocess.tableOf,
  block: 'aggressive_preprocess',
  settings: {},
  rows: aggressivePreprocess.rows,
  sequence: {
    kernel: 'aggressive_executions',
    inputs: offer => [...executionInputs(offer), ...endsOf(offer).map(({ input }) => input)],
    parameters: offer => ({
      deltat: Math.round(offer.config.deltat * 1e9),
      columns: namesAsParameter(endsOf(offer).map(({ name }) => name)),
    }),
  },
  excluded: () => [],
  refused: aggressivePreprocess.refused,
  single: aggressivePreprocess.single,
})
