import { indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { movingSum } from './simple.js'

function operator(name: string, doc: string, of: (a: number, b: number) => number) {
  return indicator({
    name,
    group: 'Math Operators',
    doc,
    inputs: ['real', 'real1'],
    options: [],
    outputs: ['outReal'],
    lookback: () => 0,
    compute([a, b], _, [out]) {
      for (let i = 0; i < out.length; i++) out[i] = of(a[i], b[i])
    },
  })
}

export const ADD = operator('ADD', 'sum of two series', (a, b) => a + b)
export const SUB = operator('SUB', 'first series less the second', (a, b) => a - b)
export const MULT = operator('MULT', 'product of two series', (a, b) => a * b)
export const DIV = operator('DIV', 'first series over the second; no value where that is 0', (a, b) => a / b)

export const SUM = indicator({
  name: 'SUM',
  group: 'Math Operators',
  doc: 'sum of the last rows',
  inputs: ['real'],
  options: [timeperiod(30, 2)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute: ([x], [period], [out]) => movingSum(x, 0, period, out),
})

function transform(name: string, doc: string, of: (x: number) => number) {
  return indicator({
    name,
    group: 'Math Transform',
    doc,
    inputs: ['real'],
    options: [],
    outputs: ['outReal'],
    lookback: () => 0,
    compute([x], _, [out]) {
      for (let i = 0; i < out.length; i++) out[i] = of(x[i])
    },
  })
}

const DOMAIN = 'no value where it is not defined'

export const ACOS = transform('ACOS', `arc cosine in radians; ${DOMAIN}`, Math.acos)
export const ASIN = transform('ASIN', `arc sine in radians; ${DOMAIN}`, Math.asin)
export const ATAN = transform('ATAN', 'arc tangent in radians', Math.atan)
export const CEIL = transform('CEIL', 'next whole number at or above', Math.ceil)
export const COS = transform('COS', 'cosine of radians', Math.cos)
export const COSH = transform('COSH', 'hyperbolic cosine', Math.cosh)
export const EXP = transform('EXP', 'e to the power; no value where it is too large', Math.exp)
export const FLOOR = transform('FLOOR', 'next whole number at or below', Math.floor)
export const LN = transform('LN', `natural logarithm; ${DOMAIN}`, Math.log)
export const LOG10 = transform('LOG10', `logarithm to base 10; ${DOMAIN}`, Math.log10)
export const SIN = transform('SIN', 'sine of radians', Math.sin)
export const SINH = transform('SINH', 'hyperbolic sine', Math.sinh)
export const SQRT = transform('SQRT', `square root; ${DOMAIN}`, Math.sqrt)
export const TAN = transform('TAN', 'tangent of radians', Math.tan)
export const TANH = transform('TANH', 'hyperbolic tangent', Math.tanh)
