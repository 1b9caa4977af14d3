import { type LaterOffer, nearest, type OutputColumn } from '../../lib/core/index.js'
import {
  INDICATORS,
  type Indicator,
  type IndicatorOption,
  type InputName,
  indicatorColumns,
} from '../indicators/index.js'
import type { PlannedKeys } from './grouping.js'
import type { GenericConfig, IndicatorEntry } from './settings.js'

/** An indicator of a plan: plain JSON. */
export interface PlannedIndicator {
  name: string
  options: number[]
  inputs: string[]
  /** Outputs that are kept, by number, and the columns they become. */
  outputs: { index: number; column: string }[]
}

/** Plans the indicators of a config over the columns `rows`. One may read what another before it made. */
export function planIndicators(
  config: GenericConfig,
  rows: readonly OutputColumn[],
  keys: PlannedKeys,
  offer: LaterOffer,
): { planned: PlannedIndicator[]; columns: OutputColumn[] } {
  const planned: PlannedIndicator[] = []
  const columns: OutputColumn[] = []
  if (config.talib_indicators.length > 0 && keys.rule === null)
    offer.refuse('talib_indicators', "indicators follow time, and group_by has no 'TimeBucket'")
  if (config.indicator_scope === 'date' && !rows.some(({ name }) => name === 'Date'))
    offer.refuse('indicator_scope', "rows have no Date to begin anew at; use 'run'")
  for (const [i, entry] of config.talib_indicators.entries()) {
    const made = planIndicator(entry, [...rows, ...columns], `talib_indicators[${i}]`, offer)
    if (!made) continue
    planned.push(made.planned)
    columns.push(...made.columns)
  }
  return { planned, columns }
}

function planIndicator(
  entry: IndicatorEntry,
  rows: readonly OutputColumn[],
  field: string,
  offer: LaterOffer,
): { planned: PlannedIndicator; columns: OutputColumn[] } | undefined {
  const indicator = INDICATORS.get(entry.name)
  if (!indicator) {
    const near = nearest(entry.name, INDICATORS.keys())
    const hint = near ? `did you mean '${near}'?` : `offered: ${[...INDICATORS.keys()].join(', ')}`
    offer.refuse(`${field}.name`, `'${entry.name}' unknown`, hint)
    return undefined
  }
  const options = optionsOf(entry, indicator, field, offer)
  const inputs = inputsOf(entry, indicator, rows, field, offer)
  const outputs = outputsOf(entry, indicator, options, field, offer)
  if (!options || !inputs || !outputs) return undefined
  const shown = indicator.options.map(({ name }, o) => `${name} ${options[o]}`).join(', ')
  const columns = outputs.map(
    ({ index, column }): OutputColumn => ({
      name: column,
      type: 'f64',
      unit: rows.find(({ name }) => name === inputs[0])?.unit ?? '1',
      doc: `${indicator.name}${shown ? ` (${shown})` : ''}: ${indicator.doc}`,
      formula: `TA-Lib ${indicator.name}(${[...inputs, ...options].join(', ')})${indicator.outputs.length > 1 ? `, ${indicator.outputs[index]}` : ''}`,
      merge: '–',
      nullRule: 'null in the look-back and where an input is null',
      hindsight: false,
      inputs,
      from: field,
    }),
  )
  return { planned: { name: indicator.name, options, inputs, outputs }, columns }
}

/** Settles the options of a function, in its order; undefined after a problem. */
function optionsOf(
  { timeperiod, parameters }: IndicatorEntry,
  indicator: Indicator,
  field: string,
  offer: LaterOffer,
): number[] | undefined {
  const known = new Map(indicator.options.map(option => [option.name, option]))
  let right = true
  const refuse = (at: string, problem: string, hint?: string) => {
    offer.refuse(`${field}.${at}`, problem, hint)
    right = false
  }
  if (timeperiod !== null && timeperiod !== 14 && !known.has('timeperiod')) {
    const others = [...known.keys()].join(', ')
    refuse(
      'timeperiod',
      `${indicator.name} has no timeperiod`,
      others ? `parameters may set ${others}` : 'leave it out',
    )
  }
  for (const name of Object.keys(parameters)) {
    if (known.has(name)) continue
    const near = nearest(name, known.keys())
    refuse(
      `parameters.${name}`,
      `${indicator.name} has no option '${name}'`,
      near ? `did you mean '${near}'?` : `it has ${[...known.keys()].join(', ') || 'none'}`,
    )
  }
  const values = indicator.options.map(option => {
    const asked = parameters[option.name] ?? (option.name === 'timeperiod' ? (timeperiod ?? 14) : option.default)
    const value = numberOf(asked, option)
    const at = Object.hasOwn(parameters, option.name) ? `parameters.${option.name}` : 'timeperiod'
    if (typeof value === 'string') refuse(at, `${option.name} ${value}`)
    return Number(value)
  })
  return right ? values : undefined
}

/** Averages by name, in TA-Lib's numbering. */
const AVERAGES = ['SMA', 'EMA', 'WMA', 'DEMA', 'TEMA', 'TRIMA', 'KAMA', 'MAMA', 'T3']

/** Returns the value of an option, or what is wrong with it. */
function numberOf(asked: number | string, { type, min, max }: IndicatorOption): number | string {
  const value = typeof asked === 'string' && type === 'ma' ? AVERAGES.indexOf(asked.toUpperCase()) : Number(asked)
  if (type === 'ma' && (typeof asked === 'string' ? value < 0 : !AVERAGES[value]))
    return `is '${asked}'; averages are ${AVERAGES.map((name, i) => `${name} (${i})`).join(', ')}`
  if (!Number.isFinite(value)) return `is '${asked}', which is no number`
  if (type === 'integer' && !Number.isInteger(value)) return `is ${asked}, which is no whole number`
  if (value < min || value > max) return `is ${asked}; it must lie in ${min}..${max}`
  return value
}

/** Settles the columns that a function reads; undefined after a problem. */
function inputsOf(
  entry: IndicatorEntry,
  indicator: Indicator,
  rows: readonly OutputColumn[],
  field: string,
  offer: LaterOffer,
): string[] | undefined {
  const names = indicator.inputs.map(input => columnFor(input, entry, indicator))
  const inputs = names.map(({ at, name }) => {
    if (name === null) {
      offer.refuse(`${field}.${at}`, `${indicator.name} reads a column; name it`, 'input_col: Close')
      return undefined
    }
    const found = rows.find(column => column.name === name)
    if (!found) {
      const near = nearest(
        name,
        rows.map(column => column.name),
      )
      offer.refuse(
        `${field}.${at}`,
        `the pass has no column '${name}'`,
        near ? `did you mean '${near}'?` : 'aggregate it',
      )
      return undefined
    }
    if (['f64', 'i64', 'i32'].includes(found.type)) return name
    offer.refuse(`${field}.${at}`, `${name} is ${found.type}; ${indicator.name} needs numbers`)
    return undefined
  })
  return inputs.includes(undefined) ? undefined : (inputs as string[])
}

function columnFor(
  input: InputName,
  { input_col, input_cols }: IndicatorEntry,
  indicator: Indicator,
): { at: string; name: string | null } {
  switch (input) {
    case 'real':
      return { at: 'input_col', name: input_col ?? otherwise(indicator.inputs, input_cols) }
    case 'real1':
      return input_col === null
        ? { at: 'input_cols.low', name: input_cols.low }
        : { at: 'input_cols.close', name: input_cols.close }
    case 'periods':
      return { at: 'input_cols.volume', name: input_cols.volume }
    default:
      return { at: `input_cols.${input}`, name: input_cols[input] }
  }
}

/** Functions of two series take the high and the low where no column is named; one of a series and its volume the close. */
function otherwise(inputs: readonly InputName[], { high, close }: IndicatorEntry['input_cols']): string | null {
  if (inputs.includes('real1')) return high
  return inputs.includes('volume') ? close : null
}

/** Settles which outputs are kept and what they are called; undefined after a problem. */
function outputsOf(
  { output_index, output_col }: IndicatorEntry,
  indicator: Indicator,
  options: number[] | undefined,
  field: string,
  offer: LaterOffer,
): PlannedIndicator['outputs'] | undefined {
  const count = indicator.outputs.length
  if (output_index !== 'all' && output_index >= count) {
    const listed = indicator.outputs.map((name, i) => `${i} ${name}`).join(', ')
    offer.refuse(`${field}.output_index`, `${indicator.name} has no output ${output_index}`, `it has ${listed}`)
    return undefined
  }
  if (output_col !== null && !/^[A-Z][A-Za-z0-9]*$/.test(output_col))
    offer.warn(`${field}.output_col`, `'${output_col}' is not PascalCase`)
  if (!options) return undefined
  const names = indicatorColumns(indicator, options)
  const wanted = output_index === 'all' ? names.map((_, i) => i) : [output_index]
  // One name for several outputs: the part that tells them apart is put behind it.
  return wanted.map(index => ({
    index,
    column: output_col === null ? names[index] : wanted.length === 1 ? output_col : `${output_col}${index}`,
  }))
}
