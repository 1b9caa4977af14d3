import { stampText } from '../../../lib/core/index.js'
import type { DuckRow } from '../../support/duck.js'
import type { PassRows } from '../../support/run.js'
import type { Check } from './checks.js'

const KEYS = ['Date', 'ListingId', 'TimeBucket']
const SUM = 1e-12
const MOMENT = 1e-9

/** Lists how the rows of Basalt differ from those of SQL: columns, rows and their order, then values; at most 10. */
export function differences(found: PassRows, wanted: DuckRow[], checks: Check[]): string[] {
  const at = new Map(found.columns.map(({ name }, i) => [name, i]))
  const identity = { MIC: 'mic', Ticker: 'ticker', CurrencyCode: 'currency', MarketState: 'state' }
  const known = Object.entries(identity).filter(([name]) => at.has(name))
  const names = found.columns.map(({ name }) => name)
  const expected = [...KEYS, ...known.map(([name]) => name), ...checks.map(({ name }) => name)]
  const columns = [...missing(expected, names, 'no column'), ...missing(names, expected, 'unexpected column')]
  if (columns.length > 0) return columns.slice(0, 10)

  const keys = found.rows.map(row => KEYS.map(name => row[at.get(name)!]).join(' '))
  const wantedKeys = wanted.map(({ day, l, label }) => `${day} ${l} ${stampText(label as bigint)}`)
  const rows = [...missing(wantedKeys, keys, 'no row'), ...missing(keys, wantedKeys, 'unexpected row')]
  if (rows.length > 0 || keys.length !== wantedKeys.length)
    return [`${keys.length} rows, expected ${wantedKeys.length}`, ...rows.slice(0, 9)]
  const misplaced = keys.findIndex((key, i) => key !== wantedKeys[i])
  if (misplaced >= 0) return [`row ${misplaced} is ${keys[misplaced]}, expected ${wantedKeys[misplaced]}`]

  const lines: string[] = []
  for (const [r, row] of found.rows.entries()) {
    if (lines.length >= 10) break
    const report = (name: string, value: unknown, want: unknown, more = '') =>
      lines.push(`${keys[r]} ${name}: ${value}, expected ${want}${more}`)
    for (const [name, column] of known) {
      const value = row[at.get(name)!]
      if (value !== wanted[r][column]) report(name, value, wanted[r][column])
    }
    for (const [i, check] of checks.entries()) {
      const { name, kind } = check
      const value = row[at.get(name)!]
      const [want, scale] = [wanted[r][`v${i}`], wanted[r][`s${i}`] ?? 0]
      if (!agree(value, want, check, Number(scale)))
        report(name, value, want, kind === 'exact' ? '' : ` (scale ${scale})`)
    }
  }
  return lines.slice(0, 10)
}

function missing(wanted: readonly string[], found: readonly string[], what: string): string[] {
  const present = new Set(found)
  return wanted.filter(each => !present.has(each)).map(each => `${what} ${each}`)
}

/** Tells whether two values agree. Values of one type never equal those of another: counts are bigint here and there. */
function agree(a: unknown, b: unknown, { kind, noise }: Check, scale: number): boolean {
  if (a === b) return true
  if (noise && Math.max(Math.abs(Number(a)), Math.abs(Number(b))) <= MOMENT * scale) return true
  if (kind === 'exact' || typeof a !== 'number' || typeof b !== 'number') return false
  return (
    Math.abs(a - b) <= (kind === 'sum' ? SUM * scale : MOMENT * (noise ? Math.abs(b) : Math.max(Math.abs(b), scale)))
  )
}
