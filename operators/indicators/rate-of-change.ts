import { emaChain } from './exponential.js'
import { indicator } from './indicator.js'
import { rows, timeperiod } from './option.js'

type Change = (now: number, before: number) => number

function change(name: string, doc: string, of: Change) {
  return indicator({
    name,
    group: 'Momentum Indicators',
    doc,
    inputs: ['real'],
    options: [timeperiod(10, 1, 'rows back to the earlier value')],
    outputs: ['outReal'],
    lookback: ([period]) => period,
    compute([x], [period], [out]) {
      for (let i = period; i < x.length; i++) out[i] = of(x[i], x[i - period])
    },
  })
}

const percent: Change = (now, before) => (before !== 0 ? (now / before - 1) * 100 : 0)

export const MOM = change('MOM', 'change since an earlier row', (now, before) => now - before)
export const ROC = change('ROC', 'change since an earlier row, in percent of it; 0 where it is 0', percent)
export const ROCP = change('ROCP', 'change since an earlier row as a fraction of it; 0 where it is 0', (now, before) =>
  before !== 0 ? (now - before) / before : 0,
)
export const ROCR = change('ROCR', 'ratio to an earlier row; 0 where it is 0', (now, before) =>
  before !== 0 ? now / before : 0,
)
export const ROCR100 = change('ROCR100', 'ratio to an earlier row times 100; 0 where it is 0', (now, before) =>
  before !== 0 ? (now / before) * 100 : 0,
)

export const TRIX = indicator({
  name: 'TRIX',
  group: 'Momentum Indicators',
  doc: 'change since the row before, in percent, of an EMA of an EMA of an EMA. Source: Hutson, Technical Analysis of Stocks & Commodities 1:5 (1983)',
  inputs: ['real'],
  options: [rows('timeperiod', 30, 1, 'period of each average')],
  outputs: ['outReal'],
  lookback: ([period]) => 3 * (period - 1) + 1,
  compute([x], [period], [out]) {
    const smooth = emaChain(x, 0, period, 3)[2]
    for (let i = 3 * (period - 1) + 1; i < x.length; i++) out[i] = percent(smooth[i], smooth[i - 1])
  },
})
