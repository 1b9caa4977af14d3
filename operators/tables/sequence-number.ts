import { KEY_COLUMNS, type TableColumn } from '../../lib/core/index.js'

/** Returns the columns that every table knows; SequenceNo is the first of these columns that a file has (semantics 1.1). */
export function numberedBy(...names: string[]): TableColumn[] {
  return KEY_COLUMNS.map(column => (column.name === 'SequenceNo' ? { ...column, aliases: names } : column))
}
