import { dayOf, wallTime } from '../../lib/core/time.js'
import type { InputType } from './parquet.js'

/** A table as people write it. Null is an empty field, the empty string is `""`. */
export interface TypedTable {
  columns: { name: string; type: InputType }[]
  /** Rows by row group. */
  groups: (string | null)[][][]
}

/** Day of times that name none: that of the worked examples. */
export const USUAL_DAY = '2026-02-03'

const ROW_GROUP = /^#\s*row group/

/**
 * Reads `name:type` columns and one row a line; fields are trimmed, so that tables can be aligned. A line
 * `# row group` begins a new row group, any other line that begins with # is a comment.
 */
export function readTypedCsv(text: string): TypedTable {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const at = lines.findIndex(line => !line.startsWith('#'))
  const columns = fieldsOf(lines[at]).map(field => {
    const [name, type] = (field ?? '').split(':')
    return { name, type: type as InputType }
  })
  const groups: (string | null)[][][] = [[]]
  for (const line of lines.slice(at + 1)) {
    if (ROW_GROUP.test(line)) groups.push([])
    else if (!line.startsWith('#')) groups[groups.length - 1].push(fieldsOf(line))
  }
  return { columns, groups: groups.filter(rows => rows.length > 0) }
}

/** Splits a line into fields: quoted ones as they are, others trimmed. */
export function fieldsOf(line: string): (string | null)[] {
  const pieces = line.match(/(?:"(?:[^"]|"")*"|[^,])+|(?<=,|^)(?=,|$)/g) ?? []
  return pieces.map(piece => {
    const [, quoted] = /^\s*"((?:[^"]|"")*)"\s*$/.exec(piece) ?? []
    return quoted === undefined ? piece.trim() || null : quoted.replaceAll('""', '"')
  })
}

/** Writes a field so that `fieldsOf` reads it back. */
export function fieldText(value: string | null): string {
  if (value === null) return ''
  return value === '' || /["#,]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** Reads `2026-02-03T09:00:00.5Z`, or a time of day on the usual day, as ns since the epoch. */
export function nanosOf(text: string): bigint {
  const [, day = USUAL_DAY, time] = /^(?:(\d{4}-\d{2}-\d{2})[T ])?([\d:.]+)Z?$/.exec(text) ?? []
  const [days, ns] = [dayOf(day), wallTime(time ?? '')]
  if (days === undefined || ns === undefined) throw new Error(`'${text}' is no time; write 09:00:00.5 or a whole stamp`)
  return BigInt(days) * 86_400_000_000_000n + BigInt(ns)
}
