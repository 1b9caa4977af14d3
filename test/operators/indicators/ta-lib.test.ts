import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { INDICATORS, type Indicator, MA_TYPES } from '../../../operators/indicators/index.js'
import { Random } from '../../../operators/simulation/random.js'
import { firstDifference, largest } from './agreement.js'
import { drawOptions, drawSeries, KINDS, type Kind, shakeCandles } from './drawn.js'

// Random series and options, against TA-Lib itself.
const seed = Number(process.env.BASALT_SEED ?? 20_260_203)
const DRAWS = 15 // of each function
const CANDLE_DRAWS = 3 // of each candle pattern, some 2,000 rows long
const python = process.env.BASALT_PYTHON ?? 'python3'
const script = resolve(import.meta.dirname, '../../../../test/operators/indicators/oracle.py')

t.setTimeout(300_000)

/** Says how to get the wheel, unless it is there. */
function missing(): string | false {
  try {
    // Version 0.8 has other defaults, of BBANDS, APO and PPO.
    execFileSync(python, ['-c', 'import talib; assert talib.__version__.startswith("0.7.")'], { stdio: 'ignore' })
    return false
  } catch {
    return 'name a Python that has the wheel TA-Lib 0.7.1 of .ci/run in BASALT_PYTHON to enable this'
  }
}

const skip = missing()

function ask<T>(requests: readonly object[]): T[] {
  return JSON.parse(execFileSync(python, [script], { input: JSON.stringify(requests), maxBuffer: 2 ** 28 }).toString())
}

const named = ({ options }: Indicator, values: readonly number[]) =>
  Object.fromEntries(options.map(({ name }, i) => [name, values[i]]))

type Answer = (number | null)[][] | string

interface Call {
  indicator: Indicator
  given: Float64Array[]
  options: number[]
  kind: Kind
  what: string
}

function drawCall(indicator: Indicator, draw: number): Call {
  const random = new Random(seed, draw, ...Buffer.from(indicator.name))
  const kind = KINDS[draw % KINDS.length]
  const options = drawOptions(random, indicator)
  // A few rows, as many as the first value needs, or more.
  const rows = [1 + random.below(5), 1 + indicator.lookback(options) + random.below(2), 100 + random.below(150)][
    draw % 3
  ]
  const series = drawSeries(random, rows, kind)
  const given = indicator.inputs.map(input => series[input])
  const what = `draw ${draw}, ${rows} rows of ${kind}, ${JSON.stringify(named(indicator, options))}`
  return { indicator, given, options, kind, what }
}

// Where nothing moves for long the phase is made of what rounding leaves: of the last digit of the C library's sine.
const standsStill = ({ kind }: Call) => kind === 'wild'

/** Calls whose answer cannot be compared. Two are faults of TA-Lib 0.7.1; 0.8 answers them as we do. */
const INCOMPARABLE: Record<string, (call: Call) => boolean> = {
  HT_DCPHASE: standsStill,
  HT_SINE: standsStill,
  HT_TRENDMODE: standsStill,
  // A close of 0 sets the first value to 0 instead of its own.
  NATR: ({ given: [, , close] }) => close.includes(0),
  // An average of type MAMA begins before its window is full, and is paired with the deviation of another row.
  BBANDS: ({ options: [period, , , type] }) => MA_TYPES[type] === 'MAMA' && period > 33,
}

/** Draws calls of each function. */
const drawn = (): Call[][] =>
  [...INDICATORS.values()].map(indicator =>
    Array.from({ length: DRAWS }, (_, draw) => drawCall(indicator, draw)).filter(
      call => !INCOMPARABLE[indicator.name]?.(call),
    ),
  )

const request = ({ indicator, given, options }: Pick<Call, 'indicator' | 'given' | 'options'>) => ({
  name: indicator.name,
  inputs: Object.fromEntries(given.map((values, i) => [i, [...values]])),
  options: named(indicator, options),
})

/** Lists what differs from an answer; counts the values that were compared. */
function differences(
  { indicator, given, options, what }: Call,
  answer: Answer,
  compared: { values: number },
): string[] {
  if (typeof answer === 'string') return [`${what}: TA-Lib refuses: ${answer}`]
  const out = answer.map(() => new Float64Array(given[0].length))
  indicator.compute(given, options, out)
  return out.flatMap((series, o) => {
    compared.values += series.filter(value => !Number.isNaN(value)).length
    const row = firstDifference(series, answer[o], largest(given))
    return row < 0 ? [] : [`${what}, ${indicator.outputs[o]}, row ${row}: ${series[row]} is not ${answer[o][row]}`]
  })
}

t.test('values', { skip }, async t => {
  t.comment(`BASALT_SEED=${seed}`)
  const calls = drawn()
  const answers = ask<Answer>(calls.flat().map(request)).values()
  for (const own of calls) {
    const compared = { values: 0 }
    const wrong = own.flatMap(call => differences(call, answers.next().value!, compared))
    t.same(wrong, [], `${own[0].indicator.name}, ${compared.values} values`)
    t.ok(compared.values > 100, 'there are values to compare')
  }
})

t.test('candle patterns that barely hold or barely fail', { skip }, async t => {
  t.comment(`BASALT_SEED=${seed}`)
  const file = readFileSync(join(script, '../golden/candles.json'), 'utf8')
  const planted: Record<string, number[]> = Object.assign({}, ...JSON.parse(file))
  const patterns = [...INDICATORS.values()].filter(({ group }) => group === 'Pattern Recognition')
  const calls = patterns.map(indicator =>
    Array.from({ length: CANDLE_DRAWS }, (_, draw): Call => {
      const random = new Random(seed, draw, ...Buffer.from(indicator.name))
      const candles = shakeCandles(random, planted)
      const given = [candles.open, candles.high, candles.low, candles.close]
      const options = indicator.options.map(() => random.below(60) / 100)
      return { indicator, given, options, kind: 'coarse', what: `draw ${draw}, ${options}` }
    }),
  )
  const answers = ask<Answer>(calls.flat().map(request)).values()
  let seen = 0
  for (const own of calls) {
    const wrong: string[] = []
    let signals = 0
    for (const call of own) {
      const answer = answers.next().value!
      wrong.push(...differences(call, answer, { values: 0 }))
      signals += Array.isArray(answer) ? answer[0].filter(Boolean).length : 0
    }
    t.same(wrong, [], `${own[0].indicator.name}, ${signals} signals`)
    if (signals > 0) seen++
  }
  t.ok(seen > 50, `${seen} patterns had signals to compare`)
})

interface Described {
  group: string
  options: [string, number][]
  outputs: string[]
  lookback: number
}

t.test('groups, options, defaults, outputs and look-back', { skip }, async t => {
  const names = [...INDICATORS.keys()]
  const described = ask<Described>(names.map(name => ({ name })))
  for (const [i, indicator] of [...INDICATORS.values()].entries()) {
    const standard = indicator.options.map(option => option.default)
    const own: Described = {
      group: indicator.group,
      options: indicator.options.map(option => [option.name, option.default]),
      outputs: indicator.outputs.map(output => output.slice('out'.length).toLowerCase()),
      lookback: indicator.lookback(standard),
    }
    // The wheel takes the word Real off where there are several outputs.
    if (own.outputs.length > 1) own.outputs = own.outputs.map(output => output.replace(/^real/, ''))
    t.same(own, described[i], indicator.name)
  }
})

/** Lists calls with one option at each end of its range, and just beyond. */
function limitCalls(indicator: Indicator): { within: Call[]; beyond: Call[] } {
  const series = drawSeries(new Random(seed), 50, 'walk')
  const given = indicator.inputs.map(input => series[input])
  const standard = indicator.options.map(option => option.default)
  const callOf = (i: number, value: number): Call => ({
    indicator,
    given,
    options: standard.with(i, value),
    kind: 'walk',
    what: `${indicator.name} with ${indicator.options[i].name} ${value}`,
  })
  const within: Call[] = []
  const beyond: Call[] = []
  for (const [i, { name, type, min, max }] of indicator.options.entries()) {
    // Bounds in the wrong order are refused for another reason.
    if (name !== 'minperiod') within.push(callOf(i, max))
    if (name !== 'maxperiod') within.push(callOf(i, min))
    const step = type === 'real' ? 1e-3 : 1
    // Numbers without limits end near TA-Lib's mark of what is not given.
    const limits = [min - step, max + step].filter(limit => Math.abs(limit) < 1e37)
    beyond.push(...limits.map(limit => callOf(i, limit)))
  }
  return { within, beyond }
}

t.test('options have the ranges of TA-Lib', { skip }, async t => {
  const limits = [...INDICATORS.values()].map(limitCalls)
  const within = limits.flatMap(each => each.within)
  const beyond = limits.flatMap(each => each.beyond)
  const answers = ask<Answer>([...within, ...beyond].map(request))
  const compute = ({ indicator, given, options }: Call) =>
    indicator.compute(
      given,
      options,
      indicator.outputs.map(() => new Float64Array(given[0].length)),
    )
  for (const [k, call] of within.entries()) {
    t.type(answers[k], Array, `TA-Lib, ${call.what}`)
    t.doesNotThrow(() => compute(call), call.what)
  }
  for (const [k, call] of beyond.entries()) {
    t.type(answers[within.length + k], 'string', `TA-Lib, ${call.what}`)
    t.throws(() => compute(call), { message: /; give a/ }, call.what)
  }
})
