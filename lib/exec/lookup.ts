import { BasaltError, type Column, dayText, frameOf, joined, type Lookup, type RecordBatch } from '../core/index.js'

interface Version {
  from: number // day, inclusive
  to: number // day, exclusive
  row: number
}

/**
 * Indexes a reference table by listing and date: the row with the greatest Date at or before the day asked for, or the
 * one whose ValidFrom ≤ day < ValidTo. A table without dates holds always. Two rows of one listing and date are a fault.
 */
export class ReferenceTable implements Lookup {
  readonly unmapped = new Set<string>()
  readonly listings: string[] = []
  private readonly versions = new Map<string, Version[]>()
  private readonly columns: Map<string, Column>
  private readonly rows: number

  /** What it was made of, to make it again in another thread. */
  readonly source: { batches: readonly RecordBatch[]; hasDate: boolean }

  constructor(batches: readonly RecordBatch[], hasDate: boolean) {
    this.source = { batches, hasDate }
    const names = batches[0]?.schema.fields.map(field => field.name) ?? []
    const { columns, rows } = joined(batches.map(frameOf))
    this.columns = columns
    this.rows = rows
    const valid = names.includes('ValidFrom')
    for (let row = 0; row < this.rows; row++) {
      const listing = this.text('ListingId', row)
      if (listing === null) continue
      const from = valid
        ? this.day('ValidFrom', row, -Infinity)
        : hasDate
          ? this.day('Date', row, -Infinity)
          : -Infinity
      const to = valid ? this.day('ValidTo', row, Infinity) : Infinity
      const known = this.versions.get(listing)
      if (!known) {
        this.listings.push(listing)
        this.versions.set(listing, [{ from, to, row }])
      } else known.push({ from, to, row })
    }
    for (const [listing, versions] of this.versions) {
      versions.sort((a, b) => a.from - b.from)
      for (let i = 1; i < versions.length; i++) {
        if (versions[i].from !== versions[i - 1].from) continue
        const on = Number.isFinite(versions[i].from) ? ` on ${dayText(versions[i].from)}` : ''
        throw new BasaltError('data', `the reference table has two rows for listing ${listing}${on}`, {
          field: 'ListingId',
        })
      }
    }
  }

  find(listing: string, day: number): number {
    const versions = this.versions.get(listing) ?? []
    for (let i = versions.length - 1; i >= 0; i--) {
      if (versions[i].from <= day) return day < versions[i].to ? versions[i].row : -1
    }
    return -1
  }

  /** Lists the days on which some listing's row changes, ascending. */
  changes(): number[] {
    const days = [...this.versions.values()].flat().flatMap(({ from, to }) => [from, to])
    return [...new Set(days.filter(Number.isFinite))].sort((a, b) => a - b)
  }

  column(name: string): Column {
    const column = this.columns.get(name)
    if (!column) throw new BasaltError('internal', `the reference table has no column '${name}'`)
    return column
  }

  has(name: string): boolean {
    return this.columns.has(name)
  }

  names(): string[] {
    return [...this.columns.keys()]
  }

  /** Returns a value as text, or null. */
  text(name: string, row: number): string | null {
    const column = this.column(name)
    if (column.valid && !column.valid[row]) return null
    return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
  }

  private day(name: string, row: number, missing: number): number {
    const column = this.columns.get(name)
    if (!column || (column.valid && !column.valid[row])) return missing
    if (column.type === 'ts') return Number(column.values[row] / 86_400_000_000_000n)
    return Number(column.values[row])
  }
}
