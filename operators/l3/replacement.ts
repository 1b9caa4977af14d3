import { col, series } from '../../lib/core/index.js'
import { advanced } from './advanced.js'
import { insertion } from './rows.js'

const replacements = (measure: 'latency' | 'replaced') =>
  series('replacement', [col('Side'), insertion(), col('ExecutionSize')], { measure })

export const avgReplacementLatency = advanced({
  pick: 'AvgReplacementLatency',
  priority: 'C',
  unit: 'ns',
  doc: 'mean time from an execution to the insert that follows it on the same side, where no execution comes between',
  formula: 'mean over executions of t_next - t, where the next insert or execution of the side is an insert',
  merge: 'R',
  hindsight: true,
  uses: () => ({ latency: replacements('latency'), replaced: replacements('replaced') }),
  value: ({ latency, replaced }) => latency / replaced,
})
