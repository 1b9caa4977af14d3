import './plain-threads.js'
import { basalt, type Config } from '../../lib/basalt.js'
import { type Column, type ColumnType, columnOf, dayText, stampText } from '../../lib/core/index.js'
import type { RunEvent } from '../../lib/exec/events.js'

/** A value of an output row. Stamps and dates are text. */
export type Cell = null | number | bigint | string | boolean

export interface PassRows {
  name: string
  columns: { name: string; type: ColumnType }[]
  rows: Cell[][]
}

export interface RunRows {
  passes: PassRows[]
  /** Warnings of the plan and of the run, its notes, and its counts of rows left out as `name: count`. */
  said: string[]
}

/** Plans a config and streams every pass of it, in order. */
export async function runConfig(
  config: Config | Config[],
  env: Record<string, string | undefined> = {},
  order: 'listing' | 'time' = 'listing',
): Promise<RunRows> {
  const pipeline = basalt(config, { env })
  const { passes, notes } = await pipeline.prepare()
  const events: RunEvent[] = []
  const results: PassRows[] = []
  for (const { plan } of passes) {
    const columns = plan.columns.map(({ name, type }) => ({ name, type }))
    const rows: Cell[][] = []
    for await (const batch of pipeline.stream({ pass: plan.name, order, onEvent: event => events.push(event) })) {
      const views = columns.map(({ name }) => columnOf(batch, name) as Column)
      for (let row = 0; row < batch.numRows; row++) rows.push(views.map(view => cellOf(view, row)))
    }
    results.push({ name: plan.name, columns, rows })
  }
  return { passes: results, said: [...new Set([...notes, ...events.flatMap(textsOf)])] }
}

/** Returns rows as objects, for tests that name what they compare. */
export function objectsOf({ columns, rows }: PassRows): Record<string, Cell>[] {
  return rows.map(row => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])))
}

function textsOf(event: RunEvent): string[] {
  if (event.kind === 'warning') return [event.text]
  if (event.kind !== 'end') return []
  return [
    ...Object.entries(event.report.excluded).map(([name, count]) => `${name}: ${count}`),
    ...Object.entries(event.report.shares).map(([name, { rows, of }]) => `${name}: ${rows} of ${of}`),
  ]
}

function cellOf(column: Column, row: number): Cell {
  if (column.valid && !column.valid[row]) return null
  switch (column.type) {
    case 'str':
      return column.dictionary.words[column.values[row]]
    case 'ts':
      return stampText(column.values[row])
    case 'date':
      return dayText(column.values[row])
    case 'bool':
      return column.values[row] === 1
    default:
      return column.values[row]
  }
}
