import { type Expr, isIn, notIn } from '../core/index.js'
import type { Catalog } from './catalog.js'

/** Values a flag column holds when it is not set (semantics 1.6). */
const UNSET = { mmt: ['', '-', 'FALSE'], yes_no: ['', '-', 'N', 'NO', 'F', 'FALSE', '0'] }
const SET = { yes_no: ['Y', 'YES', 'T', 'TRUE', '1'] }

/** Returns the condition that a flag column is set, under the table's encoding or the config's own values. */
export function flagSet({ config, flagEncoding, table }: Catalog, column: string): Expr {
  const own = config.flags?.[column]
  if (own?.set.length) return isIn(column, own.set, 'upper')
  if (own?.unset.length) return notIn(column, own.unset, 'upper')
  if (flagEncoding === 'yes_no') return isIn(column, SET.yes_no, 'upper')
  const values = table.columns.find(({ name }) => name === column)?.mmt
  return values ? isIn(column, values, 'upper') : notIn(column, UNSET.mmt, 'upper')
}

/** Returns the condition that a flag holds a value which the encoding does not know; undefined when it knows all. */
export function flagUnknown({ config, flagEncoding }: Catalog, column: string): Expr | undefined {
  const own = config.flags?.[column]
  if (own?.set.length && own.unset.length) return notIn(column, [...own.set, ...own.unset], 'upper')
  if (own || flagEncoding === 'mmt') return undefined
  return notIn(column, [...SET.yes_no, ...UNSET.yes_no], 'upper')
}
