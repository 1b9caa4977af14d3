import t from 'tap'
import { INDICATORS, indicatorColumns } from '../../../operators/indicators/index.js'

/** Returns default column names of a function with some options set. */
function columns(name: string, set: Record<string, number> = {}): string {
  const indicator = INDICATORS.get(name)!
  return indicatorColumns(
    indicator,
    indicator.options.map(option => set[option.name] ?? option.default),
  ).join(' ')
}

t.test('function, output of several, timeperiod', async t => {
  t.equal(columns('SMA', { timeperiod: 14 }), 'Sma14')
  t.equal(columns('RSI'), 'Rsi14')
  t.equal(columns('BBANDS', { timeperiod: 20 }), 'BbandsUpper20 BbandsMiddle20 BbandsLower20')
  t.equal(columns('BBANDS', { timeperiod: 20, nbdevup: 3 }), 'BbandsUpper20 BbandsMiddle20 BbandsLower20')
})

t.test('other periods are named when they are not the default ones', async t => {
  t.equal(columns('MACD'), 'Macd MacdSignal MacdHist')
  t.equal(
    columns('MACD', { fastperiod: 5, slowperiod: 35, signalperiod: 5 }),
    'Macd5x35x5 MacdSignal5x35x5 MacdHist5x35x5',
  )
  t.equal(columns('MACDFIX', { signalperiod: 5 }), 'Macdfix5 MacdfixSignal5 MacdfixHist5')
  t.equal(columns('MACDEXT', { fastmatype: 1 }), 'Macdext MacdextSignal MacdextHist', 'a type is no period')
})

t.test('an output that repeats the function, in capitals or not', async t => {
  t.equal(columns('MAMA', { fastlimit: 0.4 }), 'Mama MamaFama')
})
