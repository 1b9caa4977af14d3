import { BasaltError, nearest } from '../core/index.js'
import type { ResultColumn } from '../io/results/index.js'
import type { BarColumns } from './plot-bars.js'

export interface ColumnFlags {
  open?: string
  high?: string
  low?: string
  close?: string
  volume?: string
  columns?: string
}

const PRICE_LIKE = /close|vwap|twap|price|mid|last/i

/**
 * Chooses what is drawn of a table: the columns that flags name, else those of the usual names. Without all of open, high,
 * low and close it is a line of the close, or of the first column whose name is that of a price.
 */
export function chooseColumns(all: readonly ResultColumn[], flags: ColumnFlags, where: string): BarColumns {
  const numeric = all.filter(({ type }) => type === 'f64' || type === 'i64' || type === 'i32').map(({ name }) => name)
  const metrics = numeric.filter(name => !/Id$/.test(name))
  const named = (name: string, flag: string): string => {
    if (metrics.includes(name)) return name
    const near = nearest(name, metrics)
    const what = all.some(column => column.name === name) ? `column '${name}' holds no numbers` : `no column '${name}'`
    throw new BasaltError(
      'config',
      `${flag}: ${what} in ${where}; ${near ? `did you mean '${near}'?` : listOf(metrics)}`,
    )
  }
  const chosen = (flag: 'open' | 'high' | 'low' | 'close' | 'volume', ...usual: string[]): string | undefined => {
    const name = flags[flag]
    return name !== undefined ? named(name, `--${flag}`) : found(usual, metrics)
  }
  const [open, high, low] = [chosen('open', 'Open'), chosen('high', 'High'), chosen('low', 'Low')]
  const close = chosen('close', 'Close') ?? metrics.find(name => PRICE_LIKE.test(name))
  if (close === undefined) {
    const ways = 'name one with --close'
    throw new BasaltError(
      'config',
      `${where} has no Open, High, Low and Close, and no price; ${ways}: ${listOf(metrics)}`,
    )
  }
  const candles = open !== undefined && high !== undefined && low !== undefined ? { open, high, low } : null
  const vwap = candles && found(['TradeTotalVWAP'], metrics)
  const lines = flags.columns?.split(',').flatMap(name => (name.trim() === '' ? [] : named(name.trim(), '--columns')))
  return {
    time: all.some(({ name }) => name === 'TimeBucket') ? 'TimeBucket' : null,
    candles,
    close,
    volume: chosen('volume', 'TradeTotalVolume', 'Volume') ?? null,
    lines: [...new Set(lines ?? (vwap ? [vwap] : []))],
  }
}

/** Finds the first of some names, whatever the case and underscores of a table's names. */
function found(usual: readonly string[], names: readonly string[]): string | undefined {
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase()
  for (const name of usual) {
    const match = names.find(each => plain(each) === plain(name))
    if (match) return match
  }
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'there are no columns of numbers'
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ''
  return `columns of numbers are ${names.slice(0, 20).join(', ')}${more}`
}
