import { type Bars, extentOf, type Line } from './bars.js'

/** Which lines lie on the price, and which have panels of their own below. */
export interface Placement {
  onPrice: Line[]
  below: { name: string; lines: Line[] }[]
}

/**
 * Places lines by their range: those that let the price keep half of its height lie on it, as averages do; others, as
 * oscillators, have a panel, which they share with lines of the same name but for digits (Rsi7 and Rsi14). Lines without
 * a value are placed on the price, where the legend alone shows them.
 */
export function placed({ candles, close, lines }: Bars): Placement {
  const price = extentOf(...(candles ? [candles.high, candles.low] : []), close)
  const onPrice: Line[] = []
  const panels = new Map<string, Line[]>()
  for (const line of lines) {
    const range = extentOf(line.values)
    if (!range || !price || isNear(range, price)) onPrice.push(line)
    else {
      const family = line.name.replace(/\d+/g, '')
      panels.set(family, [...(panels.get(family) ?? []), line])
    }
  }
  return {
    onPrice,
    below: [...panels.values()].map(of => ({ name: of.map(({ name }) => name).join(', '), lines: of })),
  }
}

type Range = { low: number; high: number }

function isNear(line: Range, price: Range): boolean {
  const span = price.high - price.low
  const both = Math.max(price.high, line.high) - Math.min(price.low, line.low)
  // A price that hardly moves has no span to compare with: a hundredth of it stands in.
  return both <= Math.max(2 * span, 0.01 * Math.max(Math.abs(price.high), Math.abs(price.low)))
}
