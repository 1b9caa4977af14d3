import { stampText } from '../../lib/core/index.js'
import type { Cell, PassRows } from './run.js'
import { fieldsOf, fieldText, nanosOf, USUAL_DAY } from './typed-csv.js'

/** What a pass must give: some of its columns, every row. */
export interface Expectation {
  comments: string[] // above the header
  columns: string[]
  rows: (string | null)[][]
}

export function readExpectation(text: string): Expectation {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const at = lines.findIndex(line => !line.startsWith('#'))
  const [header, ...rows] = lines.slice(at).filter(line => !line.startsWith('#'))
  return { comments: lines.slice(0, at), columns: fieldsOf(header).map(String), rows: rows.map(fieldsOf) }
}

/** Expects every column and row of a pass exactly as they are. */
export const everything = ({ columns }: PassRows): Expectation => ({
  comments: [],
  columns: columns.map(({ name }) => name),
  rows: [],
})

/**
 * Writes the rows of a pass in the columns of an expectation. A value that meets what is expected of it is written as
 * it is expected, so the text equals the expected text where, and only where, the pass meets the expectation.
 */
export function shown({ columns, rows }: PassRows, expected: Expectation): string[] {
  const chosen = expected.columns.map(name => columns.findIndex(column => column.name === name))
  return rows.map((row, r) =>
    chosen
      .map((c, i) => {
        if (c < 0) return 'no such column'
        const wanted = expected.rows[r]?.[i] ?? null
        return fieldText(meets(row[c], columns[c].type, wanted) ? wanted : textOf(row[c], columns[c].type))
      })
      .join(','),
  )
}

export const expectedLines = ({ rows }: Expectation): string[] => rows.map(row => row.map(fieldText).join(','))

/** Tells whether a value is what is expected: `~1.23` to the digits shown, everything else exactly. */
function meets(value: Cell, type: string, wanted: string | null): boolean {
  if (value === null || wanted === null) return value === wanted
  if (type === 'ts') return value === stampText(nanosOf(wanted))
  if (type !== 'f64') return String(value) === wanted
  if (!wanted.startsWith('~')) return Object.is(value, Number(wanted))
  const digits = wanted.slice(1)
  const decimals = digits.split('.')[1]?.length ?? 0
  return Math.abs((value as number) - Number(digits)) <= 0.5000001 * 10 ** -decimals
}

function textOf(value: Cell, type: string): string | null {
  if (value === null) return null
  if (type === 'ts') return (value as string).replace(`${USUAL_DAY}T`, '').replace(/\.?0*Z$/, '')
  return Object.is(value, -0) ? '-0' : String(value)
}
