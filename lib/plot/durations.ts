export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Widths, in ms, that people read easily: what bars are drawn as, and what lies between two ticks. */
export const EASY_WIDTHS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map(n => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map(n => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map(n => n * DAY),
]

/** Names a width in its largest whole unit, as `2-minute`. */
export function widthName(ms: number): string {
  const units: [number, string][] = [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
    [SECOND, 'second'],
    [1, 'millisecond'],
  ]
  const [size, unit] = units.find(([size]) => ms % size === 0) ?? [1e-3, 'microsecond']
  return `${Math.round(ms / size)}-${unit}`
}
