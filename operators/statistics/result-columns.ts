import type { Column, OutputColumn } from '../../lib/core/index.js'

/** Describes a key that is a column of the source. */
export const sourceKey = (column: OutputColumn, from: string): OutputColumn => ({ ...column, merge: 'key', from })

/** Describes a key that a module makes. */
export const textKey = (name: string, doc: string, from: string): OutputColumn => ({
  name,
  type: 'str',
  unit: 'name',
  doc,
  formula: name,
  merge: 'key',
  nullRule: 'never null',
  hindsight: false,
  inputs: [],
  from,
})

type Described = Pick<OutputColumn, 'name' | 'unit' | 'doc' | 'formula' | 'nullRule' | 'inputs' | 'from'>

/** Describes a computed column; it cannot be merged. */
export const statistic = (column: Described & Partial<OutputColumn>): OutputColumn => ({
  type: 'f64',
  merge: '–',
  hindsight: false,
  ...column,
})

/** Makes a column of text: row i holds `words[codes[i]]`. */
export const textColumn = (codes: Int32Array, words: readonly string[]): Column => ({
  type: 'str',
  values: codes,
  valid: null,
  dictionary: { words },
})
