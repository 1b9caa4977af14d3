import type { Indicator } from './indicator.js'

/** Writes a TA-Lib name as one word: PLUS_DI is PlusDi. */
const word = (name: string): string =>
  name
    .split('_')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join('')

/** Returns what an output adds to the name of its function: outMACDSignal of MACD is Signal, outMACD is nothing. */
function outputWord(output: string, name: string): string {
  const rest = output.replace(/^out/, '').replaceAll(/Real|Band/g, '')
  const bare = name.replaceAll('_', '')
  // MACDEXT and MACDFIX repeat the name that they extend.
  const capitals = /^[A-Z]+(?=[A-Z][a-z]|$)/.exec(rest)?.[0] ?? ''
  const repeated = rest.toLowerCase().startsWith(bare.toLowerCase())
    ? bare
    : capitals.length > 1 && bare.startsWith(capitals)
      ? capitals
      : ''
  const left = rest.slice(repeated.length)
  return left === capitals ? word(left) : left
}

/**
 * Returns the default names of an indicator's output columns, in the order of its outputs: function, output where there
 * are several, then the timeperiod. A function with other periods has them all, joined by `x`, unless they are default.
 */
export function indicatorColumns(indicator: Indicator, options: readonly number[]): string[] {
  const { name, outputs } = indicator
  const periods = indicator.options
    .map((option, i) => ({ ...option, value: options[i] }))
    .filter(({ type }) => type === 'integer')
  const own = periods.find(option => option.name === 'timeperiod')
  const changed = periods.some(option => option.value !== option.default)
  const suffix = own ? String(own.value) : changed ? periods.map(({ value }) => value).join('x') : ''
  return outputs.map(output => `${word(name)}${outputs.length > 1 ? outputWord(output, name) : ''}${suffix}`)
}
