import { type Column, columnOf, dayText, type RecordBatch, stampText } from '../core/index.js'
import { Sparklines, shortFloat } from './sparkline.js'

/** Writes batches as an aligned table. Widths are those of the first batch: rows stream, so later ones may overflow. */
export class TableText {
  private widths: number[] | undefined
  private names: string[] = []
  private numeric: boolean[] = []
  private readonly sparklines = new Sparklines()

  batch(batch: RecordBatch): string {
    const columns = batch.schema.fields.map(({ name }) => columnOf(batch, name))
    const rows = Array.from({ length: batch.numRows }, (_, row) =>
      columns.map(column => (column ? cell(column, row) : '?')),
    )
    let text = ''
    if (!this.widths) {
      this.names = batch.schema.fields.map(({ name }) => name)
      this.numeric = columns.map(column => column?.type === 'f64' || column?.type === 'i64' || column?.type === 'i32')
      this.widths = this.names.map((name, i) => Math.max(width(name), ...rows.slice(0, 1000).map(row => width(row[i]))))
      text += `${this.line(this.names)}\n${this.widths.map(each => '─'.repeat(each)).join('  ')}\n`
    }
    for (const row of rows) text += `${this.line(row)}\n`
    this.sparklines.add(batch)
    return text
  }

  /** Returns what stands below the rows: a line of blocks for each listing. */
  end(): string {
    return this.sparklines.text()
  }

  private line(cells: string[]): string {
    const { widths = [], numeric } = this
    return cells
      .map((text, i) => {
        const pad = ' '.repeat(Math.max(0, widths[i] - width(text)))
        return numeric[i] ? pad + text : text + pad
      })
      .join('  ')
      .trimEnd()
  }
}

/** Formats rows that are already text. */
export function textTable(names: string[], rows: string[][], rightAligned: number[] = []): string {
  const widths = names.map((name, i) => Math.max(width(name), ...rows.map(row => width(row[i]))))
  const line = (cells: string[]) =>
    cells
      .map((text, i) => {
        const pad = ' '.repeat(Math.max(0, widths[i] - width(text)))
        return rightAligned.includes(i) ? pad + text : text + pad
      })
      .join('  ')
      .trimEnd()
  return [line(names), widths.map(each => '─'.repeat(each)).join('  '), ...rows.map(line)].join('\n')
}

const segmenter = new Intl.Segmenter()

/** Counts what a reader sees as characters. */
function width(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...segmenter.segment(text)].length
}

function cell(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return '·'
  switch (column.type) {
    case 'str':
      return column.dictionary.words[column.values[row]]
    case 'ts':
      return shortStamp(stampText(column.values[row]))
    case 'date':
      return dayText(column.values[row])
    case 'bool':
      return column.values[row] ? 'true' : 'false'
    case 'f64': // exact values are what the other formats have
      return shortFloat(column.values[row])
    default:
      return String(column.values[row])
  }
}

/** Drops a fraction of zeros, and the marks that only machines need. */
function shortStamp(text: string): string {
  return text.replace('T', ' ').replace(/\.?0*Z$/, '')
}
