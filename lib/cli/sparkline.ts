import { type Column, columnOf, type RecordBatch } from '../core/index.js'

const BLOCKS = '▁▂▃▄▅▆▇█'
const MOST_CELLS = 64 // even; a terminal of 100 columns has room for them beside a label
const MOST_LISTINGS = 10

/** Draws values as blocks of eight heights, from the least to the greatest; values that are all the same are in the middle. */
export function sparkline(values: readonly number[]): string {
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  return values.map(value => BLOCKS[span > 0 ? Math.round(((value - low) / span) * 7) : 3]).join('')
}

/**
 * Follows one price, or else the first metric, of each listing through the batches of a table, and draws it in the end.
 * What it keeps does not grow with the rows: where they are many, a block is the last of several.
 */
export class Sparklines {
  private readonly traces = new Map<string, Trace>()
  private readonly others = new Set<string>() // listings that have no line
  private name: string | undefined

  add(batch: RecordBatch): void {
    this.name ??= followed(batch)
    const values = this.name === undefined ? undefined : columnOf(batch, this.name)
    if (values?.type !== 'f64') return
    const [listing, ticker] = ['ListingId', 'Ticker'].map(name => columnOf(batch, name))
    let before: unknown // value of the row before: rows of a listing often follow each other
    let trace: Trace | undefined
    for (let row = 0; row < batch.numRows; row++) {
      const key = listing && (!listing.valid || listing.valid[row]) ? listing.values[row] : undefined
      if (row === 0 || key !== before) trace = this.traceOf(labelOf(listing, row), labelOf(ticker, row))
      before = key
      if (!values.valid || values.valid[row]) trace?.add(values.values[row])
    }
  }

  /** Returns lines to stand below the table, or nothing where no listing has two values. */
  text(): string {
    const lines = [...this.traces.values()].filter(({ count }) => count > 1)
    if (lines.length === 0) return ''
    const drawn = lines.map(({ label, first, last, cells }) => ({ label, first, last, blocks: sparkline(cells) }))
    const wide = Math.max(...drawn.map(({ label }) => label.length))
    const long = Math.max(...drawn.map(({ blocks }) => blocks.length))
    const rows = drawn.map(({ label, blocks, first, last }) =>
      `${label.padEnd(wide)}  ${blocks.padEnd(long)}  ${shortFloat(first)} → ${shortFloat(last)}`.trimStart(),
    )
    const { size } = this.others
    const more = size > 0 ? [`… and ${size.toLocaleString('en')} more listings`] : []
    return `\n${[`${this.name}, first to last`, ...rows, ...more].join('\n')}\n`
  }

  private traceOf(listing: string, ticker: string): Trace | undefined {
    const known = this.traces.get(listing)
    if (known) return known
    if (this.traces.size === MOST_LISTINGS) {
      this.others.add(listing)
      return undefined
    }
    const trace = new Trace([listing, ticker].filter(Boolean).join(' '))
    this.traces.set(listing, trace)
    return trace
  }
}

/** Values of one listing in a bounded number of cells. */
class Trace {
  cells: number[] = []
  count = 0
  first = NaN
  last = NaN
  private stride = 1 // values a cell

  constructor(readonly label: string) {}

  add(value: number): void {
    if (this.count === 0) this.first = value
    this.last = value
    const cell = Math.floor(this.count++ / this.stride)
    if (cell === MOST_CELLS) {
      this.cells = this.cells.filter((_, i) => i % 2 === 1)
      this.stride *= 2
      this.cells.push(value)
    } else this.cells[cell] = value
  }
}

/** Names the column to follow: Close, else the first that is no whole number, as keys and counts are. */
function followed({ schema }: RecordBatch): string | undefined {
  const names = schema.fields.filter(({ type }) => String(type) === 'Float64').map(({ name }) => name)
  return names.find(name => name === 'Close') ?? names[0]
}

function labelOf(column: Column | undefined, row: number): string {
  if (!column || (column.valid && !column.valid[row])) return ''
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}

/** Writes a number for eyes: eight significant digits. */
export function shortFloat(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(8)))
}
