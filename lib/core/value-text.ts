import type { Column } from './batch.js'
import { dayText, stampText } from './time.js'

/** Writes a value for people: dates and stamps as such, `null` where there is none. */
export function valueText(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  switch (column.type) {
    case 'str':
      return column.dictionary.words[column.values[row]]
    case 'ts':
      return stampText(column.values[row])
    case 'date':
      return dayText(column.values[row])
    default:
      return String(column.values[row])
  }
}
