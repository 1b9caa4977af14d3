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
  t.equal(columns('PLUS_DI'), 'PlusDi14')
  t.equal(columns('OBV'), 'Obv')
  t.equal(columns('LINEARREG_SLOPE', { timeperiod: 20 }), 'LinearregSlope20')
  t.equal(columns('STOCHRSI'), 'StochrsiFastK14 StochrsiFastD14')
  t.equal(columns('AROON'), 'AroonDown14 AroonUp14')
  t.equal(columns('MINMAX'), 'MinmaxMin30 MinmaxMax30')
  t.equal(columns('MINMAXINDEX'), 'MinmaxindexMinIdx30 MinmaxindexMaxIdx30')
  t.equal(columns('BBANDS', { timeperiod: 20 }), 'BbandsUpper20 BbandsMiddle20 BbandsLower20')
  t.equal(columns('BBANDS', { timeperiod: 20, nbdevup: 3 }), 'BbandsUpper20 BbandsMiddle20 BbandsLower20')
})

t.test('other periods are named when they are not the default ones', async t => {
  t.equal(columns('MACD'), 'Macd MacdSignal MacdHist')
  t.equal(
    columns('MACD', { fastperiod: 5, slowperiod: 35, signalperiod: 5 }),
    'Macd5x35x5 MacdSignal5x35x5 MacdHist5x35x5',
  )
  t.equal(columns('STOCH'), 'StochSlowK StochSlowD')
  t.equal(columns('STOCH', { slowk_period: 4 }), 'StochSlowK5x4x3 StochSlowD5x4x3')
  t.equal(columns('ULTOSC', { timeperiod3: 30 }), 'Ultosc7x14x30')
  t.equal(columns('MACDFIX', { signalperiod: 5 }), 'Macdfix5 MacdfixSignal5 MacdfixHist5')
  t.equal(columns('MACDEXT', { fastmatype: 1 }), 'Macdext MacdextSignal MacdextHist', 'a type is no period')
})

t.test('an output that repeats the function, in capitals or not', async t => {
  t.equal(columns('MAMA', { fastlimit: 0.4 }), 'Mama MamaFama')
  t.equal(columns('HT_PHASOR'), 'HtPhasorInPhase HtPhasorQuadrature')
  t.equal(columns('HT_SINE'), 'HtSineSine HtSineLeadSine')
})

t.test('no two outputs have one name, and all are in PascalCase', async t => {
  const all = [...INDICATORS.keys()].flatMap(name => columns(name).split(' '))
  t.equal(new Set(all).size, all.length)
  t.same(
    all.filter(name => !/^[A-Z][A-Za-z0-9]*$/.test(name)),
    [],
  )
})
