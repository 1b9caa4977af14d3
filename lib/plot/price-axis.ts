/** Maps values to heights. */
export interface ValueAxis {
  low: number
  high: number
  top: number // px
  bottom: number // px
  ticks: number[]
  decimals: number // of the ticks' texts
}

/**
 * Builds an axis over low..high with ticks at multiples of 1, 2 or 5 of a power of ten, some 60 px apart, 36 in a
 * low panel. One value alone
 * gets a thousandth of itself around it.
 */
export function valueAxis(low: number, high: number, top: number, bottom: number, padding = 0.06): ValueAxis {
  const span = high - low || Math.abs(high) * 2e-3 || 2
  const from = high > low ? low - span * padding : low - span / 2
  const to = high > low ? high + span * padding : high + span / 2
  const step = easyStep((to - from) / Math.max(2, (bottom - top) / (bottom - top > 200 ? 60 : 36)))
  const first = Math.ceil(from / step)
  // A price of 10^17 has no neighbours a step away: counting on from it would never end.
  const count = Math.min(20, Math.floor(to / step) - first + 1)
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step || 0)
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
  return { low: from, high: to, top, bottom, ticks, decimals }
}

export function heightOf({ low, high, top, bottom }: ValueAxis, value: number): number {
  return bottom - ((value - low) / (high - low)) * (bottom - top)
}

function easyStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(factor => factor * power >= least * (1 - 1e-9)) ?? 10)
}

/** Writes a value with eight significant digits at most. */
export function valueText(value: number): string {
  return String(Number(value.toPrecision(8)))
}

/** Writes a quantity in thousands, millions or billions, with three significant digits. */
export function quantityText(value: number): string {
  const units: [number, string][] = [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  const [size, unit] = units.find(([size]) => Math.abs(value) >= size) ?? [1, '']
  return `${Number((value / size).toPrecision(3))}${unit}`
}
