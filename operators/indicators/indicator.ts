import { BasaltError } from '../../lib/core/index.js'

/** What a series of an input means; `real` is any series, `real1` the second of two. */
export type InputName = 'real' | 'real1' | 'periods' | 'open' | 'high' | 'low' | 'close' | 'volume'

/** A number that a config may set: a whole number, any number, or the number of a type of moving average. */
export interface IndicatorOption {
  /** TA-Lib's name without its prefix, in lower case. */
  name: string
  type: 'integer' | 'real' | 'ma'
  default: number
  min: number
  max: number
  doc: string
}

/** A function of the TA-Lib set over whole series. */
export interface Indicator {
  name: string
  /** The group in which TA-Lib lists the function. */
  group: string
  /** What it measures, with the source of its formula. */
  doc: string
  inputs: readonly InputName[]
  options: readonly IndicatorOption[]
  /** TA-Lib's names, as `outRealUpperBand`. */
  outputs: readonly string[]
  /** Returns how many first rows have no value. */
  lookback(options: readonly number[]): number
  /**
   * Writes every row of every output: NaN in the look-back and where the formula has no finite value.
   * Inputs hold finite numbers, are as long as the outputs and stay as they are; no output may be an input.
   * Throws a BasaltError for another number of series or options, other lengths, or an option out of its range.
   */
  compute(inputs: readonly Float64Array[], options: readonly number[], out: readonly Float64Array[]): void
}

/** Declares an indicator. `compute` is called with more rows than the look-back and need not write those of it. */
export function indicator(spec: Indicator): Indicator {
  return {
    ...spec,
    compute(inputs, options, out) {
      check(spec, inputs, options, out)
      const rows = out[0].length
      const start = Math.min(spec.lookback(options), rows)
      if (start < rows) spec.compute(inputs, options, out)
      for (const series of out) {
        series.fill(Number.NaN, 0, start)
        for (let i = start; i < rows; i++) if (!Number.isFinite(series[i])) series[i] = Number.NaN
      }
    },
  }
}

function check(
  { name, inputs, options, outputs }: Indicator,
  series: readonly Float64Array[],
  values: readonly number[],
  out: readonly Float64Array[],
): void {
  const fail = (problem: string): never => {
    throw new BasaltError('config', `${name}: ${problem}`)
  }
  if (series.length !== inputs.length)
    fail(`got ${series.length} input series; give ${inputs.length}: ${inputs.join(', ')}`)
  if (out.length !== outputs.length)
    fail(`got ${out.length} output series; give ${outputs.length}: ${outputs.join(', ')}`)
  if (values.length !== options.length)
    fail(`got ${values.length} options; give ${options.length}: ${options.map(option => option.name).join(', ')}`)
  const rows = out[0].length
  if ([...series, ...out].some(({ length }) => length !== rows)) fail('series differ in length; give equal ones')
  for (const [i, option] of options.entries()) {
    const value = values[i]
    const whole = option.type === 'real' || Number.isInteger(value)
    if (!whole || !(value >= option.min && value <= option.max)) {
      const kind = option.type === 'real' ? 'number' : 'whole number'
      fail(`${option.name} is ${value}; give a ${kind} from ${option.min} to ${option.max}`)
    }
  }
}
