import { type Bars, extentOf } from './bars.js'
import { type Placement, placed } from './panels.js'
import { type ValueAxis, valueAxis } from './price-axis.js'

/** Where things are, in px from the upper left corner. */
export interface Layout {
  width: number
  height: number
  left: number
  right: number // of the panels; what is beyond holds the values of the axes
  lines: Placement
  price: ValueAxis
  volume: ValueAxis | null
  /** One for each panel of lines below, in their order. */
  below: ValueAxis[]
  /** Top of the first panel and bottom of the last. */
  top: number
  bottom: number
}

export const WIDTH = 1200
export const LEFT = 20
export const RIGHT = WIDTH - 92

const HEADER = 92
const PRICE_HEIGHT = 380
const VOLUME_HEIGHT = 90
const LINES_HEIGHT = 110
const GAP = 22 // holds the name of the panel below it
const FOOTER = 48

/** Stacks the panels of a chart: price, volume where there is any, and one for each family of lines that is no price. */
export function layoutOf(bars: Bars): Layout {
  const lines = placed(bars)
  const { candles, close, volume } = bars
  const prices = extentOf(
    ...(candles ? [candles.high, candles.low, candles.open] : []),
    close,
    ...lines.onPrice.map(({ values }) => values),
  ) ?? { low: 0, high: 1 }
  const price = valueAxis(prices.low, prices.high, HEADER, HEADER + PRICE_HEIGHT)
  let bottom = price.bottom
  const next = (height: number) => {
    const top = bottom + GAP
    bottom = top + height
    return [top, bottom] as const
  }
  const most = volume && cappedVolume(volume)
  const volumes = most ? valueAxis(0, most, ...next(VOLUME_HEIGHT), 0) : null
  const below = lines.below.map(panel => {
    const { low, high } = extentOf(...panel.lines.map(({ values }) => values)) as { low: number; high: number }
    return valueAxis(low, high, ...next(LINES_HEIGHT))
  })
  return {
    width: WIDTH,
    height: bottom + FOOTER,
    left: LEFT,
    right: RIGHT,
    lines,
    price,
    volume: volumes,
    below,
    top: HEADER,
    bottom,
  }
}

/**
 * Returns the greatest volume that is drawn to scale: beside one block trade the volumes of a day are flat, so what exceeds
 * three times the 97th percentile is cut at twice that. Null when no bar has a volume.
 */
function cappedVolume(volume: Float64Array): number | null {
  const sorted = volume.filter(value => value >= 0).sort()
  if (sorted.length === 0) return null
  const greatest = sorted[sorted.length - 1]
  const usual = sorted[Math.floor(0.97 * (sorted.length - 1))]
  return (usual > 0 && greatest > 3 * usual ? 2 * usual : greatest) || 1
}

/** Counts the volumes that are cut at the top of their panel. */
export function cutVolumes({ volume }: Bars, axis: ValueAxis): number {
  let count = 0
  for (const value of volume ?? []) if (value > axis.high) count++
  return count
}
